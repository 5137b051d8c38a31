package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.AcceptServer;
import com.penguinmails.workflows.server.OrderActivities.AwaitActive;
import com.penguinmails.workflows.server.OrderActivities.AwaitListed;
import com.penguinmails.workflows.server.OrderActivities.BuyServer;
import com.penguinmails.workflows.server.OrderActivities.JudgeAddress;
import com.penguinmails.workflows.server.OrderActivities.Listed;
import com.penguinmails.workflows.server.OrderActivities.LookUpOrder;
import com.penguinmails.workflows.server.OrderActivities.NameAddress;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.server.OrderActivities.ParkServer;
import com.penguinmails.workflows.server.OrderActivities.Purchase;
import com.penguinmails.workflows.server.OrderActivities.RecordFound;
import com.penguinmails.workflows.server.OrderActivities.ReserveOrder;
import com.penguinmails.workflows.server.PurchaseDecision.Next;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.IncidentActivities.RecordDecision;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Stopped;
import com.penguinmails.workflows.temporal.Trouble;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Buying exactly one server, read top-down: reserve, adopt, buy, reconcile, take over. Part of the
/// server's workflow. Every turn begins with the rows: what an earlier run did is not done again.
final class ServerPurchase {
  private final TenantId tenant;
  private final ServerId server;
  private final String self;
  private final Pace pace;
  private final EntityLoop loop;
  private final Supplier<SetupId> setup;
  private final Supplier<Optional<OrderFacts>> rows;
  private final ServerTriage triage;
  private boolean isTrying;

  /// @param self workflow id of the server, for decisions and incidents
  /// @param loop waiting is given up when a newer version is wanted, or staff said something
  /// @param setup on whose page the work appears
  /// @param rows the order as it is now
  ServerPurchase(
      TenantId tenant,
      ServerId server,
      String self,
      Pace pace,
      EntityLoop loop,
      Supplier<SetupId> setup,
      Supplier<Optional<OrderFacts>> rows) {
    this.tenant = tenant;
    this.server = server;
    this.self = self;
    this.pace = pace;
    this.loop = loop;
    this.setup = setup;
    this.rows = rows;
    this.triage = new ServerTriage(tenant, server, pace, loop, setup, rows);
  }

  /// Ends when the server is there, runs, has its name, and its first login is known; or earlier,
  /// when the rows say by now that something else is to be done. Read them again either way.
  void obtain(OrderFacts order) {
    if (order.isAccepted()) {
      return;
    }
    triage.switchEarlierOff(order);
    reserve(order);
    order.found().or(() -> purchase(order)).ifPresent(found -> takeOver(order, found));
  }

  /// Ends when the server is switched off, or when it is known that none was bought.
  void giveBack(OrderFacts order) {
    triage.switchEarlierOff(order);
    var found = bought(order);
    var parked =
        activities(ActivityProfiles.vps("Giving the server back", order.provider(), pace))
            .park(new ParkServer(tenant, server, order.order(), setup.get(), found));
    if (parked.isPaid()) {
      tell(new Trouble(Cause.SERVER_PARKED, parked.evidence()));
    }
  }

  /// What may have been bought must be known before the order ends. A no, or staff's word that
  /// nothing was bought, may have been wrong: even then the label is looked up once.
  private Optional<ProviderServerId> bought(OrderFacts order) {
    if (order.found().isPresent() || order.tries() == 0) {
      return order.found();
    }
    if (order.unclearSince().isPresent()) {
      return reconcile(order);
    }
    var listed = lookUp(order);
    return listed.isEmpty()
        ? Optional.empty()
        : settle(order, PurchaseDecision.next(order, listed, now()));
  }

  /// Whether a purchase is being made at this moment, so that nobody can know yet what becomes of
  /// it.
  boolean isTrying() {
    return isTrying;
  }

  private void reserve(OrderFacts order) {
    if (order.isReserved()) {
      return;
    }
    var reserved =
        activities(ActivityProfiles.vps("Setting the money aside", order.provider(), pace))
            .reserve(new ReserveOrder(tenant, server, order.order(), setup.get()));
    decide(
        "reserve",
        Map.of("order", order.order().toString(), "seen", reserved.evidence()),
        reserved
            .against()
            .map(cause -> Answer.NOT_RESERVED.about(cause.name()))
            .orElseGet(Answer.RESERVED::given));
    reserved
        .against()
        .ifPresent(cause -> {
          throw new Stopped(new Trouble(cause, reserved.evidence()));
        });
  }

  /// Adopts, buys and looks until one server is known to be ours. Only a readable no leads to
  /// another try.
  private Optional<ProviderServerId> purchase(OrderFacts order) {
    var next = PurchaseDecision.next(order, lookUp(order), now());
    decide("purchase", inputs(order), PurchaseDecision.inWords(next));
    return next instanceof Next.Buy buy ? buy(order, buy.attempt()) : settle(order, next);
  }

  private Optional<ProviderServerId> buy(OrderFacts order, int attempt) {
    var purchase = tryOnce(order, attempt);
    decide("buy-" + attempt, inputs(order), PurchaseDecision.inWords(purchase));
    return switch (purchase) {
      case Purchase.Refused refused ->
          throw new Stopped(new Trouble(refused.cause(), refused.evidence()));
      case Purchase.NotTried _ -> Optional.empty();
      // A run of the try before this one may have been told no, or staff may have spoken.
      case Purchase.Bought _, Purchase.Unclear _ -> reconcile(rows.get().orElse(order));
    };
  }

  /// One attempt for ever: an activity that died may have bought, once its try is in the ledger.
  private Purchase tryOnce(OrderFacts order, int attempt) {
    Workflow.await(Workflow::isEveryHandlerFinished); // staff's word is about the tries before
    isTrying = true;
    try {
      return activities(ActivityProfiles.vpsOnce("Buying " + order.label(), order.provider(), pace))
          .buy(new BuyServer(tenant, server, order.order(), setup.get(), attempt));
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      var trouble = Trouble.of(failure);
      if (rows.get().orElse(order).unclearSince().isEmpty()) {
        throw new Stopped(trouble); // nobody was asked to sell anything
      }
      return new Purchase.Unclear("The try was cut off: " + trouble.evidence());
    } finally {
      isTrying = false;
    }
  }

  /// Looks until the server is there. Empty when nothing is unclear any more and none was found:
  /// whoever looks for long reads the rows again, for staff may have said something meanwhile.
  private Optional<ProviderServerId> reconcile(OrderFacts order) {
    var known = order;
    while (known.unclearSince().isPresent()) {
      var next = PurchaseDecision.next(known, List.of(), now());
      var listed = next instanceof Next.Look look ? lookFor(known, look.atMost()) : lookUp(known);
      var then = PurchaseDecision.next(known, listed, now());
      if (!(then instanceof Next.Look)) {
        decide("reconcile", inputs(known), PurchaseDecision.inWords(then));
        return settle(known, then);
      }
      known = rows.get().orElse(known);
    }
    return known.found();
  }

  private Optional<ProviderServerId> settle(OrderFacts order, Next next) {
    return switch (next) {
      case Next.Take take -> Optional.of(take(order, take));
      case Next.Look _ -> reconcile(order);
      case Next.AskStaff _ ->
          throw new Stopped(
              new Trouble(
                  Cause.PURCHASE_UNCLEAR,
                  "Try %d to buy %s was answered unclearly, and no server of that name has appeared"
                      .formatted(order.tries(), order.label())));
      case Next.Refuse refuse ->
          throw new Stopped(new Trouble(Cause.PURCHASE_UNCLEAR, refuse.evidence()));
      case Next.Buy buy ->
          throw new IllegalStateException(
              "nothing is unclear about %s, so try %d is nothing to settle"
                  .formatted(order.label(), buy.attempt()));
    };
  }

  /// Answers the server that counts: staff may have named another one while the label was looked
  /// up.
  private ProviderServerId take(OrderFacts order, Next.Take take) {
    var counts =
        activities(ActivityProfiles.store("Writing that " + take.server() + " is ours", pace))
            .found(new RecordFound(tenant, server, order.order(), take.server(), Optional.empty()))
            .counts();
    var surplus =
        Stream.concat(Stream.of(take.server()), take.surplus().stream())
            .filter(listed -> !listed.equals(counts))
            .toList();
    if (!surplus.isEmpty()) {
      tell(
          new Trouble(
              Cause.PURCHASE_DOUBLED,
              "Server %s is used; under the same label there are also %s"
                  .formatted(counts, surplus)));
    }
    return counts;
  }

  private void takeOver(OrderFacts order, ProviderServerId found) {
    var provider = order.provider();
    loop.says("Waiting until " + provider + " has built server " + found + ".");
    var address = triage.settled(order, found, built(order, found));
    var against = judge(order, address).or(() -> triage.outgoing(order, found, address));
    if (against.isPresent()) {
      triage.replace(order, found, address, against.get());
      return; // there is another address or another order now, or soon
    }
    activities(ActivityProfiles.vps("Reverse name of " + address, provider, pace))
        .nameAddress(new NameAddress(tenant, server, order.order(), setup.get(), found, address));
    activities(ActivityProfiles.vps("Taking " + found + " over", provider, pace))
        .accept(new AcceptServer(tenant, server, order.order(), setup.get(), found, address));
  }

  /// Its address, once it runs. What is not built within the stated time is staff's to clear up
  /// with the seller; looking goes on.
  private IpAddress built(OrderFacts order, ProviderServerId found) {
    try {
      return loop.interruptible(() ->
              activities(
                      ActivityProfiles.vpsWithin(
                          "Waiting until " + found + " is built",
                          order.provider(),
                          pace,
                          order.builtWithin()))
                  .awaitActive(
                      new AwaitActive(
                          tenant, server, order.order(), setup.get(), found, pace.poll())))
          .address();
    } catch (ActivityFailure failure) {
      var trouble = Trouble.of(failure);
      if (trouble.cause() != Cause.SERVER_ADDRESS_AWAITED) {
        throw failure;
      }
      throw new Stopped(
          new Trouble(
              Cause.PROVIDER_SERVER_FAILED,
              "Not built within %d s, and still looked at. %s"
                  .formatted(order.builtWithin().toSeconds(), trouble.evidence())));
    }
  }

  /// What blacklists say against the address; empty when it may be used.
  private Optional<Trouble> judge(OrderFacts order, IpAddress address) {
    var judged =
        activities(ActivityProfiles.dns("Asking blacklists about " + address, pace))
            .judge(new JudgeAddress(tenant, server, order.order(), setup.get(), address));
    var against = AddressDecision.of(judged);
    decide(
        "address",
        Map.of("address", address.value(), "lists", Integer.toString(judged.asked())),
        against
            .map(trouble -> Answer.ADDRESS_REFUSED.about(trouble.evidence()))
            .orElseGet(Answer.ADDRESS_ACCEPTED::given));
    return against;
  }

  private List<Listed> lookUp(OrderFacts order) {
    return activities(
            ActivityProfiles.vps("Looking " + order.label() + " up", order.provider(), pace))
        .lookUp(new LookUpOrder(tenant, server, order.order()))
        .servers();
  }

  /// Looks for the whole of that time; nothing found is an answer too. Looking ends when the next
  /// look would come too late, so the rest is waited for: else the last moments would be one look
  /// after the other.
  private List<Listed> lookFor(OrderFacts order, Duration atMost) {
    loop.says("Looking for " + order.label() + " at " + order.provider() + ".");
    var end = now().plus(atMost);
    var listed = atMost.compareTo(pace.poll()) > 0 ? poll(order, atMost) : List.<Listed>of();
    var rest = Duration.between(now(), end);
    if (!listed.isEmpty() || !rest.isPositive()) {
      return listed;
    }
    loop.interruptible(() ->
        Workflow.newTimer(
                rest,
                TimerOptions.newBuilder()
                    .setSummary("Until " + order.label() + " is looked up once more")
                    .build())
            .get());
    return lookUp(order);
  }

  private List<Listed> poll(OrderFacts order, Duration atMost) {
    try {
      return loop.interruptible(() ->
          activities(
                  ActivityProfiles.vpsWithin(
                      "Looking for " + order.label(), order.provider(), pace, atMost))
              .awaitListed(new AwaitListed(tenant, server, order.order(), setup.get(), pace.poll()))
              .servers());
    } catch (ActivityFailure failure) {
      if (failure.getRetryState() == RetryState.RETRY_STATE_TIMEOUT) {
        return List.of();
      }
      throw failure;
    }
  }

  private void decide(String step, Map<String, String> inputs, Answer.Given answer) {
    incidents("Recording what was decided")
        .decide(
            RecordDecision.of(
                tenant, setup.get(), self, step, inputs, answer, Workflow.getInfo().getRunId()));
  }

  /// What staff must know although the work goes on: it stays open until they close it.
  private void tell(Trouble trouble) {
    incidents("Telling staff: " + trouble.cause())
        .open(
            new OpenIncident(
                tenant, setup.get(), self, trouble.cause(), List.of(trouble.evidence())));
  }

  private static Map<String, String> inputs(OrderFacts order) {
    return Map.of("order", order.order().toString(), "tries", Integer.toString(order.tries()));
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  private static OrderActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(OrderActivities.class, options);
  }

  private IncidentActivities incidents(String summary) {
    return Workflow.newActivityStub(
        IncidentActivities.class, ActivityProfiles.store(summary, pace));
  }
}
