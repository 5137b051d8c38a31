package com.penguinmails.api.setup;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.problem.ProblemType;
import com.penguinmails.api.setup.CreateSetup.KnownServer;
import com.penguinmails.api.setup.CreateSetup.ServerAccess;
import com.penguinmails.api.setup.CreateSetup.ServerOffer;
import com.penguinmails.api.tenant.Caller;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.store.setup.Plan.State;
import com.penguinmails.store.setup.Plan.Wish;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.setup.PlanStore.NewPlan;
import com.penguinmails.store.setup.PlanStore.Requested;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.SetupId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

/// Takes orders for rehearsals, and goes ahead from the plans they make.
@Service
class PlanOrders {
  private static final String BODY = "body";
  private static final Duration READ_AGAIN = Duration.ofSeconds(20); // the price, by a worker
  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int SAME_PRICE_SECONDS = 600; // so long one reading counts for one key

  private final Tenancy tenancy;
  private final PlanStore plans;
  private final SetupStore setups;
  private final DomainStore domains;
  private final SecretStore secrets;
  private final RequestHash hash;
  private final SetupRuns runs;
  private final SetupOrders orders;
  private final CreateSetupReader reader;

  PlanOrders(
      Tenancy tenancy,
      SecretStore secrets,
      RequestHash hash,
      SetupRuns runs,
      SetupOrders orders,
      CreateSetupReader reader) {
    this.tenancy = tenancy;
    this.plans = new PlanStore(tenancy);
    this.setups = new SetupStore(tenancy);
    this.domains = new DomainStore(tenancy);
    this.secrets = secrets;
    this.hash = hash;
    this.runs = runs;
    this.orders = orders;
    this.reader = reader;
  }

  /// Rehearses a set-up, or answers the plan the same request made before.
  ///
  /// @param body the request as it came, kept for going ahead
  /// @throws ProblemException the key was used for another request, too many are rehearsed, or it
  ///   is about a server that is in service
  Plan rehearse(Caller caller, String key, CreateSetup request, byte[] body) {
    return rehearse(caller, key, request, body, tokenOf(caller, request));
  }

  /// That of the claim the tenant has on the name, or of the plan before; else one for the claim to
  /// come. So the proof may be there before anything is ordered.
  private String tokenOf(Caller caller, CreateSetup request) {
    var name = request.domain();
    return tenancy
        .reading(
            caller.tenant(),
            () ->
                domains
                    .findByName(name)
                    .map(Domain::ownershipToken)
                    .or(() -> plans.ownershipToken(name)))
        .orElseGet(orders::ownershipToken);
  }

  private Plan rehearse(
      Caller caller, String key, CreateSetup request, byte[] body, String ownershipToken) {
    var tenant = caller.tenant();
    var requestHash = hash.of(tenant, request);
    var id = new PlanId(UuidCreator.getTimeOrderedEpoch());
    var known = tenancy.reading(tenant, () -> plans.findByKey(key));
    // A repeated request writes nothing, its secrets neither.
    var wish =
        known.map(Plan::wish).orElseGet(() -> keep(caller, id, request, body, ownershipToken));
    var outcome =
        tenancy.as(
            tenant, caller.actor(), () -> plans.request(new NewPlan(id, key, requestHash, wish)));
    if (known.isEmpty() && !(outcome instanceof Requested.Created)) {
      wish.secrets().forEach(reference -> secrets.destroy(tenant, reference));
    }
    return switch (outcome) {
      case Requested.Created created -> started(caller, created.plan());
      case Requested.Same same -> started(caller, same.plan());
      case Requested.KeyConflict _ ->
          throw new ProblemException(
              ProblemType.IDEMPOTENCY_KEY_REUSED,
              "This Idempotency-Key came before with another body.");
      case Requested.TooMany many ->
          throw new ProblemException(
              ProblemType.TOO_MANY_REHEARSALS,
              "%d rehearsals of yours are at work.".formatted(many.most()));
    };
  }

  private Plan started(Caller caller, Plan plan) {
    if (plan.state() == State.REHEARSING && !runs.rehearse(caller.tenant(), plan)) {
      throw new ProblemException(
          ProblemType.UNAVAILABLE, "The rehearsal could not be started yet; nothing was ordered.");
    }
    return plan;
  }

  private Wish keep(
      Caller caller, PlanId id, CreateSetup request, byte[] body, String ownershipToken) {
    refuseKnownServer(request);
    var tenant = caller.tenant();
    var path = "plan/" + id;
    var zone = request.dns().secrets();
    return new Wish(
        Optional.of(
            secrets.putIfAbsent(
                tenant, path + "/order", Map.of(BODY, new String(body, StandardCharsets.UTF_8)))),
        SetupOrders.certificateNames(request),
        request.domain(),
        request.zone(),
        request.dns().provider(),
        request.dns().settings(),
        zone.isEmpty()
            ? Optional.empty()
            : Optional.of(secrets.putIfAbsent(tenant, path + "/zone-access", zone)),
        request.allowMxReplace(),
        ownershipToken,
        request.mailbox().localPart(),
        switch (request.server()) {
          case ServerAccess own ->
              new Source.Own(
                  own.address(),
                  own.port(),
                  own.user(),
                  Optional.of(secrets.putIfAbsent(tenant, path + "/first-login", own.login())));
          case ServerOffer offer ->
              new Source.Bought(offer.provider(), offer.plan(), offer.place(), offer.budget());
          case KnownServer _ -> throw notRehearsed();
        });
  }

  /// Before any secret is kept.
  private static void refuseKnownServer(CreateSetup request) {
    if (request.server() instanceof KnownServer) {
      throw notRehearsed();
    }
  }

  private static ProblemException notRehearsed() {
    return ProblemException.invalid(
        List.of(
            new Fault(
                "server.id",
                "cannot be rehearsed: a domain that comes to a server in service costs nothing and"
                    + " can be cancelled; nothing was ordered")));
  }

  /// Makes the set-up of a plan, at its price and no higher, within the budget it was rehearsed
  /// with. The same key again is the same set-up.
  ///
  /// @throws ProblemException the price has moved, or nobody can go ahead from this plan
  SetupId goAhead(Caller caller, String key, PlanId id) {
    var tenant = caller.tenant();
    var plan =
        tenancy
            .reading(tenant, () -> plans.find(id))
            .orElseThrow(() -> ProblemException.notFound("plan"));
    var made = tenancy.reading(tenant, () -> setups.findByKey(key));
    if (plan.setup().isPresent() && made.map(setup -> setup.id()).equals(plan.setup())) {
      forget(caller, plan); // whoever died right after the set-up was made left that undone
      return plan.setup().get();
    }
    var request = usable(caller, plan);
    Optional<Plan> reading = Optional.empty();
    if (request.server() instanceof ServerOffer offer) {
      var price = plan.price().orElseThrow(PlanOrders::withoutPrice);
      // Made before, and died before it could say so: the price was agreed then.
      if (made.isEmpty()) {
        reading = Optional.of(readPriceAgain(caller, key, plan, price));
      }
      request = request.with(offer.at(price));
    }
    var setup = orders.create(caller, key, request, plan.wish().ownershipToken());
    tenancy.as(tenant, caller.actor(), () -> plans.recordUsed(id, setup));
    forget(caller, plan);
    reading.ifPresent(again -> forget(caller, again));
    return setup;
  }

  private CreateSetup usable(Caller caller, Plan plan) {
    var state = plan.stateAt(Instant.now());
    SecretRef kept =
        plan.wish()
            .request()
            .filter(_ -> state == State.READY)
            .orElseThrow(() ->
                new ProblemException(
                    ProblemType.PLAN_NOT_USABLE,
                    switch (state) {
                      case REHEARSING -> "It is still rehearsed; that takes seconds.";
                      case STOPPED -> "Its rehearsal could not come to its end.";
                      case USED -> "A set-up was made from it before.";
                      case READY, ENDED -> "It is older than 24 hours.";
                    }));
    var body = secrets.get(caller.tenant(), kept).getOrDefault(BODY, "");
    return reader.read(body.getBytes(StandardCharsets.UTF_8));
  }

  private static ProblemException withoutPrice() {
    return new ProblemException(
        ProblemType.PLAN_NOT_USABLE, "The seller's price could not be read when it was made.");
  }

  /// A seller is asked by workers only, so the price is read by another rehearsal: when it has
  /// moved, that is the new plan.
  ///
  /// @return the other rehearsal
  private Plan readPriceAgain(Caller caller, String key, Plan plan, Money planned) {
    var body =
        secrets
            .get(caller.tenant(), plan.wish().request().orElseThrow())
            .getOrDefault(BODY, "")
            .getBytes(StandardCharsets.UTF_8);
    var reading =
        rehearse(
            caller,
            "ahead-%s-%d-%s"
                .formatted(plan.id(), Instant.now().getEpochSecond() / SAME_PRICE_SECONDS, key),
            reader.read(body),
            body,
            plan.wish().ownershipToken());
    var now = awaitPrice(caller, reading.id());
    if (!now.equals(planned)) {
      throw new ProblemException(
          ProblemType.PRICE_MOVED,
          "The plan said %s a month; the seller asks %s now.".formatted(planned, now),
          Map.of(
              "plannedPrice",
              PlanAnswer.Sum.of(planned),
              "price",
              PlanAnswer.Sum.of(now),
              "plan",
              "/api/v1/plans/" + reading.id()));
    }
    return reading;
  }

  private Money awaitPrice(Caller caller, PlanId id) {
    var end = Instant.now().plus(READ_AGAIN);
    while (Instant.now().isBefore(end)) {
      var plan = tenancy.reading(caller.tenant(), () -> plans.get(id));
      if (plan.price().isPresent()) {
        return plan.price().get();
      }
      if (plan.state() != State.REHEARSING) {
        break;
      }
      try {
        Thread.sleep(LOOK_AGAIN);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new ProblemException(
        ProblemType.UNAVAILABLE,
        "The seller's price could not be read again yet; nothing was ordered.");
  }

  /// First the secrets, then where they were, so that none is left when we die in between.
  private void forget(Caller caller, Plan plan) {
    plan.wish().secrets().forEach(reference -> secrets.destroy(caller.tenant(), reference));
    tenancy.as(
        caller.tenant(),
        caller.actor(),
        () -> {
          plans.forget(plan.id());
          return true;
        });
  }
}
