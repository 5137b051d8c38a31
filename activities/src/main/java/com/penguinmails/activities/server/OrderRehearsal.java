package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.ports.vps.VpsPlan;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.Reservation;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.temporal.Tracked;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// A purchase that is rehearsed: price list, places, images and our limits are read; nothing is
/// bought, switched or named.
public final class OrderRehearsal implements OrderActivities {
  private static final String TRIED = "server/buy";
  private static final String LISTED = "server/listed";
  private static final ProviderServerId FORETOLD = new ProviderServerId("rehearsal");
  private static final int CLOSE_PERCENT = 90; // of the budget: a small rise would be too much

  private final RehearsalBook book;
  private final Tenancy tenancy;
  private final OrderStore orders;
  private final VpsProviders providers;

  public OrderRehearsal(
      RehearsalBook book, Tenancy tenancy, OrderStore orders, VpsProviders providers) {
    this.book = book;
    this.tenancy = tenancy;
    this.orders = orders;
    this.providers = providers;
  }

  /// The order as the plan has it; part of the server's facts. Empty for a tenant's own server.
  Optional<OrderFacts> facts(TenantId tenant, UUID id) {
    if (!(book.plan(tenant, id).wish().server() instanceof Source.Bought offer)) {
      return Optional.empty();
    }
    var seller = providers.get(offer.provider());
    var order = new OrderId(id);
    boolean isTried = book.isDone(tenant, id, TRIED);
    boolean isListed = book.isDone(tenant, id, LISTED);
    return Optional.of(
        new OrderFacts(
            order,
            offer.provider(),
            providers.label(order).value(),
            book.isDone(tenant, id, "server/reserve"),
            isTried ? 1 : 0,
            isTried && !isListed ? Optional.of(Instant.now()) : Optional.empty(),
            isListed ? Optional.of(FORETOLD) : Optional.empty(),
            book.isDone(tenant, id, "server/accept"),
            seller.grace(),
            seller.longGrace(),
            seller.builtWithin(),
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public OrderReserved reserve(ReserveOrder order) {
    var offer = offer(order.tenant(), order.server());
    var seller = providers.get(offer.provider());
    var plan = book.read(order, Area.VPS, () -> sold(order, seller, offer));
    plan.flatMap(found -> found)
        .ifPresent(found -> {
          book.price(order, found.monthly());
          weigh(order, found.monthly(), offer.budget());
          book.step(
              order,
              "%s: %s (%s) costs %s a month."
                  .formatted(offer.provider(), found.id(), found.size(), found.monthly()));
        });
    if (plan.flatMap(found -> found).isEmpty()) {
      book.step(order, "No price could be read.");
    }
    return new OrderReserved(Optional.empty(), "foretold");
  }

  private Optional<VpsPlan> sold(ReserveOrder order, Seller seller, Source.Bought offer) {
    var plans = seller.provider().plans();
    var places = seller.provider().places();
    var plan = plans.stream().filter(one -> one.id().equals(offer.size())).findFirst();
    if (plan.isEmpty() || places.stream().noneMatch(at -> at.id().equals(offer.place()))) {
      against(
          order,
          Cause.PROVIDER_PLAN_UNKNOWN,
          "For sale are %s; in %s"
              .formatted(
                  plans.stream()
                      .map(one -> one.id() + " (" + one.size() + ")")
                      .collect(Collectors.joining(", ")),
                  places.stream()
                      .map(at -> at.id() + " (" + at.name() + ")")
                      .collect(Collectors.joining(", "))));
    }
    return plan;
  }

  private void weigh(ReserveOrder order, Money price, Money budget) {
    var foreseen = tenancy.reading(order.tenant(), () -> orders.foresee(price, budget));
    switch (foreseen) {
      case Reservation.Reserved _ -> {
        if (price.cents() * 100 >= budget.cents() * CLOSE_PERCENT) {
          book.remark(
              order,
              "price-close-to-budget",
              "The price is close to what you allow",
              "It costs %s a month; allowed are %s".formatted(price, budget));
        }
      }
      case Reservation.Stopped stopped ->
          against(order, Cause.PURCHASES_STOPPED, "Purchases are stopped: " + stopped.reason());
      case Reservation.AboveBudget above ->
          against(
              order,
              Cause.PRICE_ABOVE_BUDGET,
              "It costs %s a month; allowed are %s".formatted(above.price(), above.budget()));
      case Reservation.CapReached cap ->
          against(
              order,
              cap.ofTenant() ? Cause.TENANT_CAP_REACHED : Cause.INSTALLATION_CAP_REACHED,
              "All servers together may cost %s a month".formatted(cap.cap()));
    }
  }

  private void against(Tracked order, Cause cause, String seen) {
    book.obstacle(order.tenant(), order.setup().value(), cause, seen);
  }

  /// Nothing carries the label of a plan; no seller is asked for it.
  @Override
  public ServersListed lookUp(LookUpOrder order) {
    return book.isDone(order.tenant(), order.order().value(), TRIED)
        ? foretold()
        : new ServersListed(List.of());
  }

  @Override
  public Purchase buy(BuyServer order) {
    var offer = offer(order.tenant(), order.server());
    var seller = providers.get(offer.provider());
    var image = book.read(order, Area.VPS, () -> image(seller));
    book.effect(
        order,
        "One server is bought from %s: size %s, place %s, with %s."
            .formatted(
                offer.provider(), offer.size(), offer.place(), image.orElse(seller.image())));
    book.step(order, "Exactly one is bought, under a name of its own.");
    return new Purchase.Bought("foretold");
  }

  private static String image(Seller seller) {
    return seller.provider().images().stream()
        .map(one -> one.name())
        .filter(name -> name.startsWith(seller.image()))
        .findFirst()
        .orElseThrow(() -> new Refused("the provider has no image \"" + seller.image() + "…\""));
  }

  @Override
  public ServersListed awaitListed(AwaitListed order) {
    book.step(order, "The server is found by its name, usually within minutes.");
    return foretold();
  }

  private static ServersListed foretold() {
    return new ServersListed(List.of(new Listed(FORETOLD, Instant.now(), true)));
  }

  @Override
  public ServerFound found(RecordFound fact) {
    return new ServerFound(fact.found()); // the step before says it
  }

  @Override
  public ServerActive awaitActive(AwaitActive order) {
    book.step(order, "The seller builds it and gives it an address.");
    return new ServerActive(RehearsalBook.FORETOLD);
  }

  @Override
  public AddressJudged judge(JudgeAddress order) {
    book.step(order, "Blacklists are asked as soon as the address is known; now it is not.");
    return new AddressJudged(0, 0, List.of(), Optional.empty());
  }

  @Override
  public AddressNamed nameAddress(NameAddress order) {
    var plan = book.plan(order.tenant(), order.setup().value());
    var provider = providers.get(plan.wish().server().provider()).provider();
    if (!provider.capabilities().reverseNames()) {
      book.obstacle(
          order.tenant(),
          order.setup().value(),
          Cause.PROOF_REVERSE_NAME_WRONG,
          provider.name() + " lets nobody set reverse names by program");
      book.step(order, "A person sets it at the seller's.");
      return new AddressNamed("foretold");
    }
    book.effect(order, "The address points back to " + plan.wish().hostname() + ".");
    book.step(order, "Ordered at the seller's.");
    return new AddressNamed("foretold");
  }

  @Override
  public ServerAccepted accept(AcceptServer order) {
    book.step(order, "Its first login is kept in the secret store.");
    return new ServerAccepted("foretold");
  }

  @Override
  public ServerParked park(ParkServer order) {
    throw new IllegalStateException("a rehearsal bought no server to give back");
  }

  @Override
  public void confirmNotBought(NotBought said) {
    throw new IllegalStateException("a rehearsal makes no try that could be unclear");
  }

  private Source.Bought offer(TenantId tenant, ServerId server) {
    if (book.plan(tenant, server.value()).wish().server() instanceof Source.Bought offer) {
      return offer;
    }
    throw new IllegalStateException("plan " + server + " is about a server that is not bought");
  }
}
