package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.Decided;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.host.OutgoingMail;
import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.Claim;
import com.penguinmails.store.server.OrderStore.Reservation;
import com.penguinmails.store.server.PaidCall;
import com.penguinmails.store.server.PaidCall.Kind;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.server.Server;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.ServerActive;
import com.penguinmails.workflows.server.TriageActivities;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// See [TriageActivities]. Whatever speaks with a seller or a host beats meanwhile.
public final class TriageActivitiesImpl implements TriageActivities {
  private static final Duration CONNECT = Duration.ofSeconds(20);
  private static final int MAX_ORDERS = 2; // a server is replaced once

  private final Stores stores;
  private final VpsProviders providers;
  private final RemoteHosts hosts;
  private final OutgoingMail outgoing;
  private final Templates templates;

  public TriageActivitiesImpl(
      Stores stores,
      VpsProviders providers,
      RemoteHosts hosts,
      OutgoingMail outgoing,
      Templates templates) {
    this.stores = stores;
    this.providers = providers;
    this.hosts = hosts;
    this.outgoing = outgoing;
    this.templates = templates;
  }

  @Override
  public OutgoingProbed probeOutgoing(ProbeOutgoing wanted) {
    return Heartbeats.during(() -> probed(wanted));
  }

  private OutgoingProbed probed(ProbeOutgoing wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var password = providers.get(server.provider()).provider().rootPassword(wanted.found());
    try (var host = connect(wanted, server, new Login.Password(password.value()))) {
      var isOpen = outgoing.isOpen(host, templates.text("host/outgoing"));
      var seen =
          isOpen
              ? "%s reaches port 25 of other hosts.".formatted(wanted.address())
              : "%s does not reach port 25 of %s, which is up"
                  .formatted(wanted.address(), outgoing.probe());
      decided(
          wanted.tenant(),
          wanted.server(),
          "outgoing",
          Map.of("order", wanted.order().toString(), "address", wanted.address().value()),
          (isOpen ? Answer.MAY_SEND : Answer.MAY_NOT_SEND).about(seen));
      return new OutgoingProbed(isOpen, seen);
    }
  }

  /// A server that was just built, or has just got another address, is silent, or does not know its
  /// password yet.
  private RemoteHost connect(ProbeOutgoing wanted, Server server, Login login) {
    var known =
        server
            .pinnedFingerprint()
            .<HostKey>map(HostKey.Pinned::new)
            .orElseGet(HostKey.FirstContact::new);
    var target = new Target(wanted.address(), server.sshPort(), server.firstUser());
    try {
      var host = hosts.connect(target, known, login, CONNECT);
      var isPinned =
          stores
              .tenancy()
              .as(
                  wanted.tenant(),
                  () -> stores.servers().pinSeenHostKey(server.id(), host.hostKeyFingerprint()));
      if (!isPinned) {
        host.close();
        throw new Refused(
            FailureType.HOST_KEY_CHANGED, wanted.address() + " showed two host keys in a minute");
      }
      return host;
    } catch (Unavailable silent) {
      throw silent(wanted, silent);
    } catch (Refused refused) {
      if (refused.type() == FailureType.LOGIN_REFUSED) {
        throw silent(wanted, refused);
      }
      throw refused;
    }
  }

  private static RuntimeException silent(ProbeOutgoing wanted, RuntimeException said) {
    return Failures.notYet(
        Cause.SERVER_SILENT,
        "Server %s at %s: %s".formatted(wanted.found(), wanted.address(), said.getMessage()),
        wanted.poll());
  }

  @Override
  public AddressChange changeAddress(ChangeAddress wanted) {
    var change = Heartbeats.during(() -> changed(wanted));
    answered(change)
        .ifPresent(given ->
            decided(
                wanted.tenant(),
                wanted.server(),
                "address-change",
                Map.of(
                    "order",
                    wanted.order().toString(),
                    "try",
                    Integer.toString(wanted.attempt()),
                    "address",
                    wanted.from().value()),
                given));
    return change;
  }

  /// Empty when something else was decided meanwhile, which has its own row.
  private static Optional<Answer.Given> answered(AddressChange change) {
    return switch (change) {
      case AddressChange.Ordered ordered ->
          Optional.of(Answer.ADDRESS_ORDERED.about(ordered.evidence()));
      case AddressChange.Unclear unclear ->
          Optional.of(Answer.ADDRESS_UNCLEAR.about(unclear.evidence()));
      case AddressChange.Later later -> Optional.of(Answer.ADDRESS_LATER.about(later.evidence()));
      case AddressChange.NotMade not -> Optional.of(Answer.ADDRESS_KEPT.about(not.evidence()));
      case AddressChange.Outdated _ -> Optional.empty();
    };
  }

  private AddressChange changed(ChangeAddress wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var seller = providers.get(server.provider());
    if (!seller.provider().capabilities().addressChange()) {
      return new AddressChange.NotMade("The seller changes no addresses.");
    }
    var cost = seller.addressChange();
    return stores
        .tenancy()
        .as(
            wanted.tenant(),
            () -> {
              var orders = stores.orders();
              var order = orders.get(wanted.order());
              if (!providers.isOurs(order.label())) {
                throw new Refused(order.label() + " is an order of another installation");
              }
              var all = orders.spentOn(order.id()).plus(cost);
              if (all.isMoreThan(order.budget())
                  && orders.paidCalls(order.id()).stream().noneMatch(call -> isTry(call, wanted))) {
                return Optional.<AddressChange>of(
                    new AddressChange.NotMade(
                        "Another address costs %s, %s in all; allowed are %s."
                            .formatted(cost, all, order.budget())));
              }
              return against(
                  orders.claimAddressChange(order.id(), wanted.attempt(), cost, wanted.from()));
            })
        .orElseGet(() -> pay(wanted, seller.provider()));
  }

  private static boolean isTry(PaidCall call, ChangeAddress wanted) {
    return call.kind() == Kind.ADDRESS_CHANGE && call.attempt() == wanted.attempt();
  }

  /// Empty when the try is ours.
  private static Optional<AddressChange> against(Claim claim) {
    return switch (claim) {
      case Claim.Claimed _ -> Optional.empty();
      case Claim.Begun _ ->
          Optional.of(
              new AddressChange.Unclear("The try was begun before; nobody was called again."));
      case Claim.Stopped stopped ->
          Optional.of(
              new AddressChange.NotMade("Purchases are stopped: %s.".formatted(stopped.reason())));
      case Claim.Leaving _ -> Optional.of(new AddressChange.Outdated("The server is wanted away."));
      case Claim.Ended _ -> Optional.of(new AddressChange.Outdated("The order has ended."));
      case Claim.Found _ ->
          throw new IllegalStateException("a server that is there may get another address");
    };
  }

  /// The claim is committed: this is the one call of its try.
  private AddressChange pay(ChangeAddress wanted, VpsProvider provider) {
    try {
      provider.changeMainAddress(wanted.found());
      return new AddressChange.Ordered("The seller says that the address is changed.");
    } catch (Refused no) {
      return new AddressChange.NotMade(
          "The seller refused another address: %s.".formatted(refused(wanted, no)));
    } catch (RateLimited later) {
      return new AddressChange.Later(
          later.retryAfter(),
          "%s; tried again in %d s."
              .formatted(refused(wanted, later), later.retryAfter().toSeconds()));
    } catch (Unavailable doubt) {
      return new AddressChange.Unclear(String.valueOf(doubt.getMessage()));
    }
  }

  private String refused(ChangeAddress wanted, OutsideException no) {
    var said = String.valueOf(no.getMessage());
    settle(wanted.tenant(), wanted.order(), wanted.attempt(), Outcome.REFUSED, said);
    return said;
  }

  private void settle(TenantId tenant, OrderId order, int attempt, Outcome outcome, String said) {
    stores
        .tenancy()
        .run(
            tenant,
            () ->
                stores
                    .orders()
                    .settle(order, Kind.ADDRESS_CHANGE, attempt, outcome, said, Optional.empty()));
  }

  @Override
  public ServerActive awaitMoved(AwaitMoved wanted) {
    return Heartbeats.during(() -> moved(wanted));
  }

  private ServerActive moved(AwaitMoved wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var vps = providers.get(server.provider()).provider().get(wanted.found());
    var address = vps.address().filter(seen -> !seen.equals(wanted.from()));
    if (address.isEmpty()) {
      throw Failures.notYet(
          Cause.SERVER_ADDRESS_AWAITED,
          "Another address was ordered for server %s; it still has %s"
              .formatted(wanted.found(), wanted.from()),
          wanted.poll());
    }
    settle(
        wanted.tenant(),
        wanted.order(),
        wanted.attempt(),
        Outcome.DONE,
        "moved to " + address.get());
    decided(
        wanted.tenant(),
        wanted.server(),
        "address-change",
        Map.of("order", wanted.order().toString(), "address", wanted.from().value()),
        Answer.ADDRESS_CHANGED.about(address.get().value()));
    return new ServerActive(address.get());
  }

  /// The order is replaced before the server is off: whoever dies in between leaves one that runs
  /// and is paid for, which staff know of; the other way round it might be switched off in use.
  @Override
  public ServerReplaced replaceServer(ReplaceServer wanted) {
    return stores
        .tenancy()
        .as(
            wanted.tenant(),
            () -> {
              var replaced = replacedInside(wanted);
              if (replaced.isReplaced() == replaced.isParked()) { // else somebody else has decided
                Decided.record(
                    stores,
                    EntityKind.SERVER,
                    wanted.server().value(),
                    "replacement",
                    Map.of("order", wanted.order().toString(), "found", wanted.found().value()),
                    (replaced.isReplaced() ? Answer.SERVER_REPLACED : Answer.SERVER_KEPT)
                        .about(replaced.evidence()));
              }
              return replaced;
            });
  }

  private ServerReplaced replacedInside(ReplaceServer wanted) {
    var orders = stores.orders();
    var order = orders.get(wanted.order());
    if (order.parkedAt().isPresent()) {
      return parked(wanted);
    }
    if (orders.allOf(wanted.server()).size() >= MAX_ORDERS) {
      return kept("It has replaced another server already.");
    }
    return switch (orders.foreseeReplacement(order)) {
      case Reservation.Stopped stopped ->
          kept("Purchases are stopped: %s.".formatted(stopped.reason()));
      case Reservation.AboveBudget above ->
          kept(
              "With another server it would cost %s; allowed are %s."
                  .formatted(above.price(), above.budget()));
      case Reservation.CapReached cap ->
          kept("With another server more than %s would be spent.".formatted(cap.cap()));
      case Reservation.Reserved _ ->
          orders.replace(order.id(), wanted.setup())
              ? parked(wanted)
              : new ServerReplaced(true, false, "The order has changed meanwhile.");
    };
  }

  private static ServerReplaced kept(String evidence) {
    return new ServerReplaced(false, false, evidence);
  }

  private static ServerReplaced parked(ReplaceServer wanted) {
    return new ServerReplaced(true, true, "Server %s is replaced.".formatted(wanted.found()));
  }

  @Override
  public ReplacedSwitchedOff switchOff(SwitchOff wanted) {
    return Heartbeats.during(() -> switchedOff(wanted));
  }

  private ReplacedSwitchedOff switchedOff(SwitchOff wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var told = SwitchingOff.tell(providers.get(server.provider()).provider(), wanted.found());
    stores
        .tenancy()
        .run(
            wanted.tenant(),
            () -> stores.orders().recordSwitchedOff(wanted.order(), wanted.setup(), told));
    return new ReplacedSwitchedOff("Server %s %s.".formatted(wanted.found(), told));
  }

  private void decided(
      TenantId tenant,
      ServerId server,
      String step,
      Map<String, String> inputs,
      Answer.Given given) {
    stores
        .tenancy()
        .run(
            tenant,
            () -> Decided.record(stores, EntityKind.SERVER, server.value(), step, inputs, given));
  }

  private Server server(TenantId tenant, ServerId id) {
    return stores.tenancy().reading(tenant, () -> stores.servers().get(id));
  }
}
