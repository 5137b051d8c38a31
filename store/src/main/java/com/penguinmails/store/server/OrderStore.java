package com.penguinmails.store.server;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.PaidCall.Kind;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
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
      id, server_id, label, plan, place, budget_cents, currency, price_cents, reserved_at,
      provider_server_id, accepted_at, parked_at, closed_at
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
              price(row),
              Columns.optionalInstant(row, "reserved_at"),
              Columns.optionalText(row, "provider_server_id").map(ProviderServerId::new),
              Columns.optionalInstant(row, "accepted_at"),
              Columns.optionalInstant(row, "parked_at"),
              Columns.optionalInstant(row, "closed_at"));

  private static final RowMapper<PaidCall> PAID_CALL =
      (row, number) ->
          new PaidCall(
              Columns.choice(row, "kind", Kind.class),
              row.getInt("try"),
              new Money(row.getLong("amount_cents"), row.getString("currency")),
              Columns.instant(row, "tried_at"),
              Columns.choice(row, "outcome", Outcome.class),
              row.getString("evidence"));

  private final Tenancy tenancy;
  private final AuditLog audit;

  public OrderStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
  }

  private static Optional<Money> price(ResultSet row) throws SQLException {
    long cents = row.getLong("price_cents");
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
                  (id, tenant_id, server_id, label, plan, place, budget_cents, currency)
                VALUES (:id, :tenant, :server, :label, :plan, :place, :budget, :currency)
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
    var foreseen = foresee(price, order.budget());
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
    var limit = limit();
    if (limit.stoppedReason().isPresent()) {
      return new Reservation.Stopped(limit.stoppedReason().get());
    }
    if (price.isMoreThan(budget)) {
      return new Reservation.AboveBudget(price, budget);
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

  /// A new budget for an order that is not reserved yet.
  ///
  /// @return false when it is; nothing was written
  public boolean correctBudget(OrderId order, Money budget) {
    return tenancy
            .jdbc()
            .sql(
                """
                UPDATE server_order SET budget_cents = :cents, currency = :currency
                WHERE id = :id AND reserved_at IS NULL
                """)
            .param("cents", budget.cents())
            .param("currency", budget.currency())
            .param("id", order.value())
            .update()
        == 1;
  }

  /// Claims one try of a paid call, before it is made: commit this before calling anybody.
  ///
  /// @return false when the try was claimed before, perhaps by an attempt that died: call nobody
  public boolean claim(OrderId order, Kind kind, int attempt, Money amount) {
    return tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO paid_call
                  (tenant_id, order_id, kind, try, amount_cents, currency, period)
                VALUES (:tenant, :order, :kind, :try, :amount, :currency, :period)
                ON CONFLICT (order_id, kind, try) DO NOTHING
                """)
            .param("tenant", tenancy.tenant().value())
            .param("order", order.value())
            .param("kind", kind.name())
            .param("try", attempt)
            .param("amount", amount.cents())
            .param("currency", amount.currency())
            .param("period", kind == Kind.PURCHASE ? "MONTH" : "ONCE")
            .update()
        == 1;
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
            SELECT kind, try, amount_cents, currency, tried_at, outcome, evidence
            FROM paid_call WHERE order_id = :order ORDER BY tried_at, kind, try
            """)
        .param("order", order.value())
        .query(PAID_CALL)
        .list();
  }

  /// What the provider has under the label is ours: every unclear purchase of the order is done.
  /// The first one found counts.
  ///
  /// @return the one that counts
  public ProviderServerId recordFound(OrderId id, ProviderServerId found) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server_order SET provider_server_id = coalesce(provider_server_id, :found)
            WHERE id = :id
            """)
        .param("found", found.value())
        .param("id", id.value())
        .update();
    paidCalls(id).stream()
        .filter(call -> call.kind() == Kind.PURCHASE && call.outcome() == Outcome.UNCLEAR)
        .forEach(call ->
            settle(
                id,
                Kind.PURCHASE,
                call.attempt(),
                Outcome.DONE,
                "found as server " + found,
                Optional.empty()));
    return get(id).found().orElseThrow();
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

  /// It is not used any more, and still paid for. Safe to repeat.
  public void park(OrderId id) {
    end(id, "parked_at", "server.parked");
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
  public record NewOrder(
      OrderId id, ServerId server, OrderLabel label, String plan, String place, Money budget) {}

  /// Whether the money was set aside.
  public sealed interface Reservation {
    /// @param price of a month, as it counts from now on
    record Reserved(Money price) implements Reservation {}

    /// Staff stopped all purchases.
    record Stopped(String reason) implements Reservation {}

    /// The provider asks more than the tenant allows.
    record AboveBudget(Money price, Money budget) implements Reservation {}

    /// @param ofTenant the tenant's, else the installation's
    record CapReached(Money cap, boolean ofTenant) implements Reservation {}
  }
}
