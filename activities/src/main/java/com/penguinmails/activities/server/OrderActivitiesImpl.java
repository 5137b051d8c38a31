package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.reputation.Blacklists;
import com.penguinmails.ports.reputation.Blacklists.Severity;
import com.penguinmails.ports.reputation.Blacklists.Verdict;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.vps.Vps;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.VpsProvider.Image;
import com.penguinmails.store.server.Claim;
import com.penguinmails.store.server.Order;
import com.penguinmails.store.server.OrderStore.Reservation;
import com.penguinmails.store.server.PaidCall.Kind;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// See [OrderActivities]. Whatever speaks with a seller beats meanwhile: a dead worker is missed
/// soon.
public final class OrderActivitiesImpl implements OrderActivities {
  private static final Duration CLOCKS_DIFFER = Duration.ofDays(1); // a provider's zone is unknown

  private final Stores stores;
  private final SecretStore secrets;
  private final VpsProviders providers;
  private final Blacklists blacklists;

  public OrderActivitiesImpl(
      Stores stores, SecretStore secrets, VpsProviders providers, Blacklists blacklists) {
    this.blacklists = blacklists;
    this.stores = stores;
    this.secrets = secrets;
    this.providers = providers;
  }

  @Override
  public OrderReserved reserve(ReserveOrder wanted) {
    return Heartbeats.during(() -> setAside(wanted));
  }

  private OrderReserved setAside(ReserveOrder wanted) {
    var tenant = wanted.tenant();
    var provider = seller(tenant, wanted.server()).provider();
    var order = order(tenant, wanted.order());
    if (!providers.isOurs(order.label())) {
      return against(
          Cause.PURCHASES_STOPPED,
          "%s is an order of another installation: is this database a copy?"
              .formatted(order.label()));
    }
    var plans = provider.plans();
    var plan = plans.stream().filter(one -> one.id().equals(order.plan())).findFirst();
    if (plan.isEmpty()) {
      return against(Cause.PROVIDER_PLAN_UNKNOWN, "For sale are " + inWords(plans));
    }
    var places = provider.places();
    if (places.stream().noneMatch(place -> place.id().equals(order.place()))) {
      return against(
          Cause.PROVIDER_PLAN_UNKNOWN,
          "Servers stand in "
              + places.stream()
                  .map(place -> "%s (%s)".formatted(place.id(), place.name()))
                  .collect(Collectors.joining(", ")));
    }
    return answered(
        stores
            .tenancy()
            .as(tenant, () -> stores.orders().reserve(order.id(), plan.get().monthly())));
  }

  private static OrderReserved answered(Reservation reservation) {
    return switch (reservation) {
      case Reservation.Reserved reserved ->
          new OrderReserved(
              Optional.empty(), "%s a month are set aside.".formatted(reserved.price()));
      case Reservation.Stopped stopped ->
          against(Cause.PURCHASES_STOPPED, "Purchases are stopped: " + stopped.reason());
      case Reservation.AboveBudget above ->
          against(
              Cause.PRICE_ABOVE_BUDGET,
              "It costs %s a month; %s %s"
                  .formatted(
                      above.price(),
                      above.ofPlan() ? "the plan said" : "allowed are",
                      above.budget()));
      case Reservation.CapReached cap ->
          against(
              cap.ofTenant() ? Cause.TENANT_CAP_REACHED : Cause.INSTALLATION_CAP_REACHED,
              "All servers together may cost %s a month".formatted(cap.cap()));
    };
  }

  private static OrderReserved against(Cause cause, String evidence) {
    return new OrderReserved(Optional.of(cause), evidence);
  }

  private static String inWords(List<VpsPlan> plans) {
    return plans.stream()
        .map(plan -> "%s (%s, %s a month)".formatted(plan.id(), plan.size(), plan.monthly()))
        .collect(Collectors.joining(", "));
  }

  @Override
  public ServersListed lookUp(LookUpOrder wanted) {
    return Heartbeats.during(() -> listed(wanted.tenant(), wanted.server(), wanted.order()));
  }

  private ServersListed listed(TenantId tenant, ServerId server, OrderId id) {
    var provider = seller(tenant, server).provider();
    var order = order(tenant, id);
    var found =
        provider.findByLabel(order.label()).stream()
            .filter(vps -> vps.state() != Vps.State.LEAVING) // given up by a person, at the seller
            .toList();
    if (found.isEmpty()) {
      return new ServersListed(List.of());
    }
    var size =
        provider.plans().stream()
            .filter(plan -> plan.id().equals(order.plan()))
            .map(VpsPlan::size)
            .findFirst();
    return new ServersListed(
        found.stream()
            .map(vps -> new Listed(vps.id(), vps.createdAt(), isAsOrdered(order, vps, size)))
            .toList());
  }

  private static boolean isAsOrdered(Order order, Vps vps, Optional<VpsPlan.Size> size) {
    return vps.place().equals(order.place())
        && size.stream().allMatch(vps.size()::equals) // a plan may be sold no more
        && order.reservedAt().stream()
            .noneMatch(at -> vps.createdAt().isBefore(at.minus(CLOCKS_DIFFER)));
  }

  @Override
  public Purchase buy(BuyServer wanted) {
    return Heartbeats.during(() -> tryOnce(wanted));
  }

  private Purchase tryOnce(BuyServer wanted) {
    var tenant = wanted.tenant();
    var seller = seller(tenant, wanted.server());
    var order = order(tenant, wanted.order());
    var price =
        order
            .price()
            .orElseThrow(
                () -> new IllegalStateException("order " + order.id() + " is not reserved"));
    if (!providers.isOurs(order.label())) {
      throw new Refused(order.label() + " is an order of another installation");
    }
    var image = image(seller);
    var claim =
        stores
            .tenancy()
            .as(tenant, () -> stores.orders().claimPurchase(order.id(), wanted.attempt(), price));
    return switch (claim) {
      case Claim.Claimed _ ->
          pay(
              wanted,
              seller.provider(),
              new VpsProvider.Purchase(order.label(), order.plan(), order.place(), image.id()));
      case Claim.Begun _ ->
          new Purchase.Unclear(
              "Try %d was begun before; nobody was called again.".formatted(wanted.attempt()));
      case Claim.Stopped stopped ->
          new Purchase.Refused(
              Cause.PURCHASES_STOPPED, "Purchases are stopped: " + stopped.reason());
      case Claim.Found found ->
          new Purchase.NotTried("The order is server %s already.".formatted(found.server()));
      case Claim.Leaving _ -> new Purchase.NotTried("The server is wanted away.");
      case Claim.Ended _ -> new Purchase.NotTried("The order has ended.");
    };
  }

  /// The claim is committed: this is the one call of its try.
  private Purchase pay(BuyServer wanted, VpsProvider provider, VpsProvider.Purchase order) {
    try {
      provider.buy(order);
      return new Purchase.Bought("The provider says that %s is bought.".formatted(order.label()));
    } catch (Refused no) {
      return refused(wanted, Failures.causeIn(Failures.of(no, Area.VPS)), no);
    } catch (RateLimited later) {
      return refused(wanted, Cause.PROVIDER_UNREACHABLE, later);
    } catch (Unavailable doubt) {
      return new Purchase.Unclear(String.valueOf(doubt.getMessage()));
    }
  }

  private Purchase refused(BuyServer wanted, Cause cause, RuntimeException no) {
    var said = String.valueOf(no.getMessage());
    stores
        .tenancy()
        .run(
            wanted.tenant(),
            () ->
                stores
                    .orders()
                    .settle(
                        wanted.order(),
                        Kind.PURCHASE,
                        wanted.attempt(),
                        Outcome.REFUSED,
                        said,
                        Optional.empty()));
    return new Purchase.Refused(cause, said);
  }

  private static Image image(Seller seller) {
    var images = seller.provider().images();
    return images.stream()
        .filter(image -> image.name().startsWith(seller.image()))
        .findFirst()
        .orElseThrow(() ->
            new Refused(
                "the provider has no image \"%s…\"; it has %s"
                    .formatted(seller.image(), images.stream().map(Image::name).toList())));
  }

  @Override
  public ServersListed awaitListed(AwaitListed wanted) {
    var listed = lookUp(new LookUpOrder(wanted.tenant(), wanted.server(), wanted.order()));
    if (listed.servers().isEmpty()) {
      throw Failures.notYet(Cause.SERVER_ADDRESS_AWAITED, listed.evidence(), wanted.poll());
    }
    return listed;
  }

  @Override
  public ServerFound found(RecordFound fact) {
    fact.person().ifPresent(_ -> requireLabel(fact));
    return new ServerFound(
        stores
            .tenancy()
            .as(
                fact.tenant(),
                actor(fact.person()),
                () -> stores.orders().recordFound(fact.order(), fact.found(), fact.person())));
  }

  /// A person may mistype: what has another name is another order's, another tenant's, or none of
  /// ours.
  private void requireLabel(RecordFound fact) {
    var label =
        stores.tenancy().reading(fact.tenant(), () -> stores.orders().get(fact.order())).label();
    var provider = seller(fact.tenant(), fact.server()).provider();
    boolean isAnothers =
        stores
            .tenancy()
            .reading(
                fact.tenant(),
                () -> stores.orders().isAnothers(fact.order(), provider.name(), fact.found()));
    if (isAnothers) {
      throw Failures.refused(
          Cause.PURCHASE_UNCLEAR,
          "Server %s is in use for another order, whatever it is called at its provider"
              .formatted(fact.found()));
    }
    var named = Heartbeats.during(() -> provider.get(fact.found()).label());
    if (!named.equals(label.value())) {
      throw Failures.refused(
          Cause.PURCHASE_UNCLEAR,
          "Server %s is not called %s at its provider, so it is not this order's"
              .formatted(fact.found(), label));
    }
  }

  private static String actor(Optional<String> person) {
    return person.map(name -> "staff:" + name).orElse(Tenancy.ORCHESTRATOR);
  }

  @Override
  public ServerActive awaitActive(AwaitActive wanted) {
    return Heartbeats.during(() -> active(wanted));
  }

  private ServerActive active(AwaitActive wanted) {
    var provider = seller(wanted.tenant(), wanted.server()).provider();
    var vps = provider.get(wanted.found());
    switch (vps.state()) {
      case FAILED, SUSPENDED, LEAVING ->
          throw Failures.refused(
              Cause.PROVIDER_SERVER_FAILED,
              "The provider says of server %s: %s".formatted(vps.id(), vps.state()));
      case STOPPED -> provider.power(vps.id(), VpsProvider.Power.ON);
      case ACTIVE -> {
        if (vps.address().isPresent()) {
          return new ServerActive(vps.address().get());
        }
      }
      case PENDING, RESIZED -> {}
    }
    throw Failures.notYet(
        Cause.SERVER_ADDRESS_AWAITED,
        "The provider says of server %s: %s%s"
            .formatted(
                vps.id(),
                vps.state(),
                vps.address().map(at -> ", at " + at).orElse(", no address")),
        wanted.poll());
  }

  @Override
  public AddressJudged judge(JudgeAddress wanted) {
    var answers = blacklists.ask(wanted.address());
    var unbelieved =
        answers.stream()
            .filter(one -> one.verdict() == Verdict.UNKNOWN)
            .map(one -> "%s (%s)".formatted(one.list(), one.evidence()))
            .toList();
    return new AddressJudged(
        answers.size(),
        unbelieved.size(),
        answers.stream()
            .filter(one -> one.verdict() == Verdict.LISTED)
            .filter(one -> one.severity() != Severity.INFORMATIONAL)
            .map(one ->
                new Listing(
                    one.list(), one.severity().compareTo(Severity.MAJOR) <= 0, one.evidence()))
            .toList(),
        Optional.of(unbelieved).filter(lists -> !lists.isEmpty()));
  }

  @Override
  public AddressNamed nameAddress(NameAddress wanted) {
    return Heartbeats.during(() -> named(wanted));
  }

  private AddressNamed named(NameAddress wanted) {
    var server = server(wanted.tenant(), wanted.server());
    var provider = seller(server).provider();
    if (!provider.capabilities().reverseNames()) {
      return new AddressNamed("The provider lets nobody set reverse names by program.");
    }
    provider.setReverseName(wanted.found(), wanted.address(), server.hostname());
    return new AddressNamed(
        "Ordered: %s points back to %s.".formatted(wanted.address(), server.hostname()));
  }

  @Override
  public ServerAccepted accept(AcceptServer wanted) {
    return Heartbeats.during(() -> accepted(wanted));
  }

  private ServerAccepted accepted(AcceptServer wanted) {
    var tenant = wanted.tenant();
    var order = order(tenant, wanted.order());
    if (order.acceptedAt().isEmpty()) {
      var password = seller(tenant, wanted.server()).provider().rootPassword(wanted.found());
      var login =
          secrets.putIfAbsent(
              tenant,
              "server/%s/first-login".formatted(wanted.server()),
              Map.of("password", password.value()));
      stores
          .tenancy()
          .run(tenant, () -> stores.orders().accept(order.id(), wanted.address(), login));
    }
    return new ServerAccepted(
        "Server %s at %s is ours; its first login is kept."
            .formatted(wanted.found(), wanted.address()));
  }

  @Override
  public ServerParked park(ParkServer wanted) {
    return Heartbeats.during(() -> parked(wanted));
  }

  private ServerParked parked(ParkServer wanted) {
    var tenant = wanted.tenant();
    var order = order(tenant, wanted.order());
    var how =
        wanted
            .found()
            .map(found -> SwitchingOff.tell(seller(tenant, wanted.server()).provider(), found));
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              if (wanted.found().isPresent()) {
                stores.orders().park(order.id());
              } else {
                stores.orders().close(order.id());
              }
              stores.servers().retire(wanted.server());
            });
    return wanted
        .found()
        .map(found ->
            new ServerParked(
                true,
                "Server %s %s; it costs %s a month until it is given up.%s"
                    .formatted(
                        found,
                        how.orElseThrow(),
                        order.price().map(Object::toString).orElse("money"),
                        replacedBy(tenant, order))))
        .orElseGet(() -> new ServerParked(false, "Nothing was bought."));
  }

  /// One incident tells of everything that is paid for in vain.
  private String replacedBy(TenantId tenant, Order order) {
    return stores.tenancy().reading(tenant, () -> stores.orders().allOf(order.server())).stream()
        .filter(other -> !other.id().equals(order.id()))
        .filter(other -> other.parkedAt().isPresent() && other.closedAt().isEmpty())
        .flatMap(other -> other.found().stream())
        .map(" Server %s, which it replaced, is paid for as well."::formatted)
        .collect(Collectors.joining());
  }

  @Override
  public void confirmNotBought(NotBought said) {
    stores
        .tenancy()
        .as(
            said.tenant(),
            actor(Optional.of(said.person())),
            () -> stores.orders().recordNotBought(said.order(), said.attempt(), said.person()));
  }

  private Seller seller(TenantId tenant, ServerId server) {
    return seller(server(tenant, server));
  }

  private Seller seller(Server server) {
    return providers.get(server.provider());
  }

  private Server server(TenantId tenant, ServerId id) {
    return stores.tenancy().reading(tenant, () -> stores.servers().get(id));
  }

  private Order order(TenantId tenant, OrderId id) {
    return stores.tenancy().reading(tenant, () -> stores.orders().get(id));
  }
}
