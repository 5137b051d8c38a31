package com.penguinmails.store.server;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.PaidCall.Kind;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Orders of servers, and the ledger of what was paid. Call inside [Tenancy#as].
public final class OrderStore {
  private static final String COLUMNS =
      """
      id, server_id, label, plan, place, budget_cents, currency, agreed_price_cents, price_cents,
      reserved_at,
      provider_server_id, accepted_at, parked_at, closed_at, switched_off_at
      """;

  private static final RowMapper<Order> ORDER =
      (row, number) ->
          new Order(
              new OrderId(Columns.uuid(row, "id")),
              new ServerId(Columns.uuid(row, "server_id")),
              new OrderLabel(row.getString("label")),
              row.getString("plan"),
              row.getString("place"),
              new Money(row.getLong("budget_cents"), row.getString("currency")),
              sum(row, "agreed_price_cents"),
              sum(row, "price_cents"),
              Columns.optionalInstant(row, "reserved_at"),
              Columns.optionalText(row, "provider_server_id").map(ProviderServerId::new),
              Columns.optionalInstant(row, "accepted_at"),
              Columns.optionalInstant(row, "parked_at"),
              Columns.optionalInstant(row, "closed_at"),
              Columns.optionalInstant(row, "switched_off_at"));

  private static final RowMapper<PaidCall> PAID_CALL =
      (row, number) ->
          new PaidCall(
              Columns.choice(row, "kind", Kind.class),
              row.getInt("try"),
              new Money(row.getLong("amount_cents"), row.getString("currency")),
              Columns.instant(row, "tried_at"),
              Columns.choice(row, "outcome", Outcome.class),
              row.getString("evidence"),
              Columns.optionalText(row, "from_address").map(IpAddress::new));

  private final Tenancy tenancy;
  private final AuditLog audit;
  private final IncidentStore incidents;

  public OrderStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
    this.incidents = new IncidentStore(tenancy);
  }

  private static Optional<Money> sum(ResultSet row, String column) throws SQLException {
    long cents = row.getLong(column);
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(new Money(cents, row.getString("currency")));
  }

  /// Writes a new order. Safe to repeat.
  public void insert(NewOrder wanted) {
    int inserted =
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO server_order
                  (id, tenant_id, server_id, label, plan, place, budget_cents, currency,
                   agreed_price_cents)
                VALUES (:id, :tenant, :server, :label, :plan, :place, :budget, :currency, :agreed)
                ON CONFLICT (id) DO NOTHING
                """)
            .param("id", wanted.id().value())
            .param("tenant", tenancy.tenant().value())
            .param("server", wanted.server().value())
            .param("label", wanted.label().value())
            .param("plan", wanted.plan())
            .param("place", wanted.place())
            .param("budget", wanted.budget().cents())
            .param("currency", wanted.budget().currency())
            .param("agreed", wanted.agreedPrice().map(Money::cents).orElse(null))
            .update();
    if (inserted == 1) {
      record(wanted.server(), "server.ordered", Map.of("label", wanted.label().value()));
    }
  }

  /// The order a server lives on; empty for a tenant's own, and after the order was parked.
  public Optional<Order> openOf(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + " FROM server_order WHERE server_id = :server AND parked_at IS NULL"
                + " AND closed_at IS NULL")
        .param("server", server.value())
        .query(ORDER)
        .optional();
  }

  /// Every order of a server, oldest first.
  public List<Order> allOf(ServerId server) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM server_order WHERE server_id = :server ORDER BY id")
        .param("server", server.value())
        .query(ORDER)
        .list();
  }

  /// One order that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Order get(OrderId order) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM server_order WHERE id = :id")
        .param("id", order.value())
        .query(ORDER)
        .optional()
        .orElseThrow(() -> new IllegalArgumentException("no order " + order + " here"));
  }

  /// Sets the money aside, unless somebody or something is against it. One reservation of the whole
  /// installation at a time, so that two together never pass a cap. Safe to repeat: a reserved
  /// order stays reserved at the price of then.
  public Reservation reserve(OrderId id, Money price) {
    lockPurchases();
    var order = get(id);
    if (order.price().isPresent()) {
      return new Reservation.Reserved(order.price().get());
    }
    if (order.agreedPrice().filter(price::isMoreThan).isPresent()) {
      return new Reservation.AboveBudget(price, order.agreedPrice().get(), true);
    }
    // Those that this one replaces are paid for, too.
    var foreseen = foresee(price, spentOn(id), order.budget());
    if (!(foreseen instanceof Reservation.Reserved)) {
      return foreseen;
    }
    tenancy
        .jdbc()
        .sql("UPDATE server_order SET price_cents = :price, reserved_at = now() WHERE id = :id")
        .param("price", price.cents())
        .param("id", id.value())
        .update();
    record(order.server(), "server.reserved", Map.of("price", price.toString()));
    return new Reservation.Reserved(price);
  }

  /// What a reservation at this price would be answered now. Writes nothing.
  public Reservation foresee(Money price, Money budget) {
    return foresee(price, new Money(0, price.currency()), budget);
  }

  /// What the reservation of another server in this one's place would be answered now: the price is
  /// the same. Writes nothing.
  public Reservation foreseeReplacement(Order order) {
    return foresee(order.price().orElseThrow(), spentOn(order.id()), order.budget());
  }

  /// @param earlier what the same server costs by now
  private Reservation foresee(Money price, Money earlier, Money budget) {
    var limit = limit();
    if (limit.stoppedReason().isPresent()) {
      return new Reservation.Stopped(limit.stoppedReason().get());
    }
    var withEarlier = price.plus(earlier);
    if (withEarlier.isMoreThan(budget)) {
      return new Reservation.AboveBudget(withEarlier, budget, false);
    }
    var tenants = price.plus(new Money(committedByTenant(), price.currency()));
    if (tenants.isMoreThan(limit.tenantMonthly())) {
      return new Reservation.CapReached(limit.tenantMonthly(), true);
    }
    var all = price.plus(new Money(committedByAll(), price.currency()));
    if (all.isMoreThan(limit.installationMonthly())) {
      return new Reservation.CapReached(limit.installationMonthly(), false);
    }
    return new Reservation.Reserved(price);
  }

  /// A new budget for an order whose server is not taken over yet, in place of a price that was
  /// agreed to as well. Once the money is set aside, only a higher one.
  ///
  /// @return false when it comes too late, or is too low by now; nothing was written
  public boolean correctBudget(OrderId order, Money budget) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE server_order SET budget_cents = :cents, currency = :currency,
                  agreed_price_cents = NULL
                WHERE id = :id AND accepted_at IS NULL AND parked_at IS NULL AND closed_at IS NULL
                  AND (reserved_at IS NULL OR currency = :currency AND budget_cents <= :cents)
                """)
            .param("cents", budget.cents())
            .param("currency", budget.currency())
            .param("id", order.value())
            .update();
    if (changed == 1) {
      record(get(order).server(), "server.budget_corrected", Map.of("budget", budget.toString()));
    }
    return changed == 1;
  }

  /// Claims one try of a paid call, before it is made: commit this before calling anybody. In one
  /// statement with what may have changed since the caller looked: staff's word, a cancel, a stop
  /// of purchases. The rows of order and server are locked, so that each of those comes before the
  /// claim, and refuses it, or after it, and finds it in the ledger.
  ///
  /// @param price of a month
  public Claim claimPurchase(OrderId order, int attempt, Money price) {
    return claim(order, Kind.PURCHASE, attempt, price, Optional.empty());
  }

  /// As [#claimPurchase], for a server that is there.
  ///
  /// @param from its address as it is now
  public Claim claimAddressChange(OrderId order, int attempt, Money amount, IpAddress from) {
    return claim(order, Kind.ADDRESS_CHANGE, attempt, amount, Optional.of(from));
  }

  private Claim claim(
      OrderId order, Kind kind, int attempt, Money amount, Optional<IpAddress> from) {
    boolean isCancelled = isCancelled(order);
    return tenancy
        .jdbc()
        .sql(
            """
            WITH now_is AS MATERIALIZED (
              SELECT o.provider_server_id,
                o.parked_at IS NOT NULL OR o.closed_at IS NOT NULL AS is_ended,
                s.retire_wanted_at IS NOT NULL OR :cancelled AS is_leaving
              FROM server_order o JOIN server s ON s.id = o.server_id
              WHERE o.id = :order
              FOR NO KEY UPDATE
            ), claimed AS (
              INSERT INTO paid_call
                (tenant_id, order_id, kind, try, amount_cents, currency, period, from_address)
              SELECT :tenant, :order, :kind, :try, :amount, :currency, :period,
                CAST(:from AS inet)
              FROM now_is CROSS JOIN purchase_limit
              WHERE (provider_server_id IS NULL OR :kind <> 'PURCHASE')
                AND NOT is_ended AND NOT is_leaving AND stopped_reason IS NULL
              ON CONFLICT (order_id, kind, try) DO NOTHING
              RETURNING order_id
            )
            SELECT provider_server_id, is_ended, is_leaving, stopped_reason,
              EXISTS (SELECT FROM claimed) AS is_claimed,
              EXISTS (
                SELECT FROM paid_call WHERE order_id = :order AND kind = :kind AND try = :try
              ) AS is_begun
            FROM now_is CROSS JOIN purchase_limit
            """)
        .param("tenant", tenancy.tenant().value())
        .param("order", order.value())
        .param("kind", kind.name())
        .param("try", attempt)
        .param("cancelled", isCancelled)
        .param("amount", amount.cents())
        .param("currency", amount.currency())
        .param("period", kind == Kind.PURCHASE ? "MONTH" : "ONCE")
        .param("from", from.map(IpAddress::value).orElse(null))
        .query((row, number) -> claimed(row, kind))
        .optional()
        .orElseThrow(() -> new IllegalArgumentException("no order " + order + " here"));
  }

  /// Whether every open set-up of the order's server is cancelled, for good or not yet. Locks the
  /// server first, as holding does: a statement sees what was committed before it began.
  private boolean isCancelled(OrderId order) {
    var server =
        tenancy
            .jdbc()
            .sql(
                """
                SELECT s.id FROM server s JOIN server_order o ON o.server_id = s.id
                WHERE o.id = :order FOR NO KEY UPDATE OF s
                """)
            .param("order", order.value())
            .query((row, number) -> Columns.uuid(row, "id"))
            .optional();
    return server.isPresent()
        && tenancy
            .jdbc()
            .sql(
                """
                SELECT coalesce(bool_and(state IN ('HELD', 'CANCELLING')), false) FROM setup
                WHERE server_id = :server AND finished_at IS NULL
                """)
            .param("server", server.get())
            .query(Boolean.class)
            .single();
  }

  /// What was begun comes first: its end is not known, whatever is against another try.
  private static Claim claimed(ResultSet row, Kind kind) throws SQLException {
    if (row.getBoolean("is_claimed")) {
      return new Claim.Claimed();
    }
    if (row.getBoolean("is_begun")) {
      return new Claim.Begun();
    }
    var found = Columns.optionalText(row, "provider_server_id").map(ProviderServerId::new);
    if (kind == Kind.PURCHASE && found.isPresent()) {
      return new Claim.Found(found.get());
    }
    if (row.getBoolean("is_ended")) {
      return new Claim.Ended();
    }
    if (row.getBoolean("is_leaving")) {
      return new Claim.Leaving();
    }
    return Columns.optionalText(row, "stopped_reason")
        .<Claim>map(Claim.Stopped::new)
        .orElseGet(Claim.Begun::new); // somebody's claim was committed while this one waited
  }

  /// What the first month of the order's server costs by now: every order of it that is still paid
  /// for, and what was paid once.
  public Money spentOn(OrderId id) {
    var order = get(id);
    long cents =
        tenancy
            .jdbc()
            .sql(
                """
                SELECT
                  (SELECT coalesce(sum(price_cents), 0) FROM server_order
                   WHERE server_id = :server AND closed_at IS NULL)
                  + (SELECT coalesce(sum(p.amount_cents), 0)
                     FROM paid_call p JOIN server_order o ON o.id = p.order_id
                     WHERE o.server_id = :server AND p.period = 'ONCE'
                       AND p.outcome IN ('UNCLEAR', 'DONE'))
                """)
            .param("server", order.server().value())
            .query(Long.class)
            .single();
    return new Money(cents, order.budget().currency());
  }

  /// Parks an order whose server cannot be used, and opens another one with the same wishes. Only
  /// one that is open and not accepted. Staff are told in the same breath: it runs on and is paid
  /// for, whoever dies now.
  ///
  /// @param setup on whose page that is told
  /// @return false when it was not such an order any more; nothing was written
  public boolean replace(OrderId old, SetupId setup) {
    int parked =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE server_order SET parked_at = now()
                WHERE id = :id AND parked_at IS NULL AND closed_at IS NULL AND accepted_at IS NULL
                """)
            .param("id", old.value())
            .update();
    if (parked == 0) {
      return false;
    }
    var order = get(old);
    var fresh = new OrderId(UuidCreator.getTimeOrderedEpoch());
    record(order.server(), "server.parked", Map.of("label", order.label().value()));
    insert(
        new NewOrder(
            fresh,
            order.server(),
            OrderLabel.of(order.label().installation(), fresh),
            order.plan(),
            order.place(),
            order.budget(),
            Optional.empty()));
    tellParked(order, setup, "was replaced and is not switched off yet");
    // Nothing was trusted to the earlier machine yet but what it showed at the first look.
    tenancy
        .jdbc()
        .sql("UPDATE server SET seen_fingerprint = NULL WHERE id = :id")
        .param("id", order.server().value())
        .update();
    return true;
  }

  /// The seller of a replaced server was asked to switch it off, and has answered. Safe to repeat:
  /// what staff were told once they are not told again.
  ///
  /// @param how it ended, such as `is switched off`
  public void recordSwitchedOff(OrderId id, SetupId setup, String how) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE server_order SET switched_off_at = now()
                WHERE id = :id AND parked_at IS NOT NULL AND switched_off_at IS NULL
                  AND closed_at IS NULL
                """)
            .param("id", id.value())
            .update();
    if (changed == 1) {
      tellParked(get(id), setup, "was replaced and " + how);
    }
  }

  private void tellParked(Order order, SetupId setup, String what) {
    incidents.open(
        NewIncident.of(
            EntityKind.SERVER,
            order.server().value(),
            setup,
            Cause.SERVER_PARKED,
            "Server %s %s; it costs %s a month until it is given up."
                .formatted(
                    order.found().map(Object::toString).orElse("of " + order.label()),
                    what,
                    order.price().map(Object::toString).orElse("money"))));
  }

  /// What became of a try. Only what is unclear can be settled: the first answer counts.
  ///
  /// @param person the member of staff who says so; empty: we know ourselves
  public void settle(
      OrderId order,
      Kind kind,
      int attempt,
      Outcome outcome,
      String evidence,
      Optional<String> person) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE paid_call SET outcome = :outcome, evidence = :evidence, settled_at = now(),
              settled_by = :person
            WHERE order_id = :order AND kind = :kind AND try = :try AND outcome = 'UNCLEAR'
            """)
        .param("outcome", outcome.name())
        .param("evidence", evidence)
        .param("person", person.orElse(null))
        .param("order", order.value())
        .param("kind", kind.name())
        .param("try", attempt)
        .update();
  }

  /// The ledger of an order, in the order of the tries.
  public List<PaidCall> paidCalls(OrderId order) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT kind, try, amount_cents, currency, tried_at, outcome, evidence,
              host(from_address) AS from_address
            FROM paid_call WHERE order_id = :order ORDER BY tried_at, kind, try
            """)
        .param("order", order.value())
        .query(PAID_CALL)
        .list();
  }

  /// What the provider has under the label is ours: every unclear purchase of the order is done.
  /// The first one found counts.
  ///
  /// @param person the member of staff who says so; empty: it was found under the label
  /// @return the one that counts
  public ProviderServerId recordFound(OrderId id, ProviderServerId found, Optional<String> person) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE server_order SET provider_server_id = :found
                WHERE id = :id AND provider_server_id IS NULL
                """)
            .param("found", found.value())
            .param("id", id.value())
            .update();
    var order = get(id);
    if (changed == 1 && person.isPresent()) {
      record(order.server(), "server.adopted", Map.of("found", found.value()));
    }
    paidCalls(id).stream()
        .filter(call -> call.kind() == Kind.PURCHASE && call.outcome() == Outcome.UNCLEAR)
        .forEach(call ->
            settle(
                id,
                Kind.PURCHASE,
                call.attempt(),
                Outcome.DONE,
                "found as server " + order.found().orElseThrow(),
                person));
    return order.found().orElseThrow();
  }

  /// Whether another order, whosever, is this server of the seller's already.
  public boolean isAnothers(OrderId order, String provider, ProviderServerId found) {
    return tenancy
        .jdbc()
        .sql("SELECT is_another_orders_server(:order, :provider, :found)")
        .param("order", order.value())
        .param("provider", provider)
        .param("found", found.value())
        .query(Boolean.class)
        .single();
  }

  /// A member of staff looked at the provider: that try bought nothing. Nothing is changed when it
  /// is known what became of it. Safe to repeat.
  ///
  /// @return whether it was unclear until now
  public boolean recordNotBought(OrderId id, int attempt, String person) {
    boolean isUnclear =
        paidCalls(id).stream()
            .anyMatch(call ->
                call.kind() == Kind.PURCHASE
                    && call.attempt() == attempt
                    && call.outcome() == Outcome.UNCLEAR);
    if (isUnclear) {
      settle(
          id,
          Kind.PURCHASE,
          attempt,
          Outcome.NOT_DONE,
          "looked up at the provider",
          Optional.of(person));
      record(get(id).server(), "server.not_bought", Map.of("try", Integer.toString(attempt)));
    }
    return isUnclear;
  }

  /// The bought server becomes the server: its address and first login are known. Safe to repeat.
  ///
  /// @param login field `password`
  public void accept(OrderId id, IpAddress address, SecretRef login) {
    var order = get(id);
    int changed =
        tenancy
            .jdbc()
            .sql(
                "UPDATE server_order SET accepted_at = now() WHERE id = :id AND accepted_at IS NULL")
            .param("id", id.value())
            .update();
    if (changed == 1) {
      tenancy
          .jdbc()
          .sql(
              """
              UPDATE server SET address = CAST(:address AS inet), first_login_ref = :login
              WHERE id = :server
              """)
          .param("address", address.value())
          .param("login", login.toString())
          .param("server", order.server().value())
          .update();
      record(order.server(), "server.bought", Map.of("address", address.value()));
    }
  }

  /// It is switched off, not used any more, and still paid for. Safe to repeat.
  public void park(OrderId id) {
    end(id, "parked_at", "server.parked");
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server_order SET switched_off_at = now()
            WHERE id = :id AND switched_off_at IS NULL
            """)
        .param("id", id.value())
        .update();
  }

  /// Nothing is paid for it. Safe to repeat.
  public void close(OrderId id) {
    end(id, "closed_at", "server.order_closed");
  }

  private void end(OrderId id, String column, String event) {
    var order = get(id);
    int changed =
        tenancy
            .jdbc()
            .sql(
                "UPDATE server_order SET %s = now() WHERE id = :id AND %s IS NULL"
                    .formatted(column, column))
            .param("id", id.value())
            .update();
    if (changed == 1) {
      record(order.server(), event, Map.of("label", order.label().value()));
    }
  }

  private void lockPurchases() {
    tenancy
        .jdbc()
        .sql("SELECT pg_advisory_xact_lock(hashtextextended('purchases', 2))")
        .query((row, number) -> true)
        .single();
  }

  private Limit limit() {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT stopped_reason, tenant_monthly_cents, installation_monthly_cents, currency
            FROM purchase_limit
            """)
        .query((row, number) ->
            new Limit(
                Columns.optionalText(row, "stopped_reason"),
                new Money(row.getLong("tenant_monthly_cents"), row.getString("currency")),
                new Money(row.getLong("installation_monthly_cents"), row.getString("currency"))))
        .single();
  }

  private long committedByTenant() {
    return tenancy
        .jdbc()
        .sql("SELECT coalesce(sum(price_cents), 0) FROM server_order WHERE closed_at IS NULL")
        .query(Long.class)
        .single();
  }

  private long committedByAll() {
    return tenancy.jdbc().sql("SELECT committed_monthly_cents()").query(Long.class).single();
  }

  private void record(ServerId server, String event, Map<String, String> details) {
    audit.record(event, EntityKind.SERVER, server.value(), details);
  }

  private record Limit(
      Optional<String> stoppedReason, Money tenantMonthly, Money installationMonthly) {}

  /// @param label `pm-<installation>-<order>`
  /// @param budget what the server may cost in its first month, everything included
  /// @param agreedPrice what it may cost a month at most; empty: whatever is within the budget
  public record NewOrder(
      OrderId id,
      ServerId server,
      OrderLabel label,
      String plan,
      String place,
      Money budget,
      Optional<Money> agreedPrice) {}

  /// Whether the money was set aside.
  public sealed interface Reservation {
    /// @param price of a month, as it counts from now on
    record Reserved(Money price) implements Reservation {}

    /// Staff stopped all purchases.
    record Stopped(String reason) implements Reservation {}

    /// The provider asks more than the tenant allows.
    ///
    /// @param ofPlan the budget is the price of the plan they went ahead from
    record AboveBudget(Money price, Money budget, boolean ofPlan) implements Reservation {}

    /// @param ofTenant the tenant's, else the installation's
    record CapReached(Money cap, boolean ofTenant) implements Reservation {}
  }
}
