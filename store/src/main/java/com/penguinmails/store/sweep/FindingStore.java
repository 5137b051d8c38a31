package com.penguinmails.store.sweep;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Orders as a sweep of their seller's account compares them, and what it finds about them: one
/// open incident for each order and cause. Call inside [Tenancy#as].
public final class FindingStore {
  private final Tenancy tenancy;

  public FindingStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Those of the orders whose servers are of this seller, oldest first.
  public List<SweptOrder> orders(String provider, Collection<OrderId> orders) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT o.id, o.server_id, o.label, o.plan, o.price_cents, o.currency,
              o.provider_server_id, o.accepted_at IS NOT NULL AS is_accepted,
              o.parked_at IS NOT NULL AS is_parked, o.closed_at IS NOT NULL AS is_closed, o.missed_at,
              o.reverse_wrong_at,
              EXISTS (SELECT FROM setup s WHERE s.server_id = v.id AND s.state = 'DONE') AS is_proved,
              host(v.address) AS address, v.hostname, v.desired_version,
              (SELECT s.id FROM setup s WHERE s.server_id = v.id
               ORDER BY s.created_at DESC, s.id DESC LIMIT 1) AS setup_id
            FROM server_order o JOIN server v ON v.id = o.server_id
            WHERE o.id = ANY (CAST(:ids AS uuid[])) AND v.provider = :provider
            ORDER BY o.id
            """)
        .param("ids", ids(orders))
        .param("provider", provider)
        .query((row, number) -> {
          long cents = row.getLong("price_cents");
          var price =
              row.wasNull()
                  ? Optional.<Money>empty()
                  : Optional.of(new Money(cents, row.getString("currency")));
          return new SweptOrder(
              new OrderId(Columns.uuid(row, "id")),
              new ServerId(Columns.uuid(row, "server_id")),
              new OrderLabel(row.getString("label")),
              row.getString("plan"),
              price,
              Columns.optionalText(row, "provider_server_id").map(ProviderServerId::new),
              row.getBoolean("is_accepted"),
              row.getBoolean("is_parked"),
              row.getBoolean("is_closed"),
              Columns.optionalInstant(row, "missed_at"),
              Columns.optionalText(row, "address").map(IpAddress::new),
              new DomainName(row.getString("hostname")),
              row.getLong("desired_version"),
              Columns.optionalUuid(row, "setup_id").map(SetupId::new),
              row.getBoolean("is_proved"),
              Columns.optionalInstant(row, "reverse_wrong_at"));
        })
        .list();
  }

  /// Their seller did not list them at that time, or lists them again. The first time counts. Safe
  /// to repeat.
  ///
  /// @param all the orders that were compared
  /// @param missed those of them that were not listed
  public void recordMissed(Collection<OrderId> all, Collection<OrderId> missed, Instant at) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server_order
            SET missed_at = CASE WHEN id = ANY (CAST(:missed AS uuid[])) THEN coalesce(missed_at, :at) END
            WHERE id = ANY (CAST(:all AS uuid[])) AND (missed_at IS NULL) = (id = ANY (CAST(:missed AS uuid[])))
            """)
        .param("missed", ids(missed))
        .param("all", ids(all))
        .param("at", Columns.timestamp(at))
        .update();
  }

  /// The reverse names of their servers were wrong at that time, or are right again. The first time
  /// counts. Safe to repeat.
  ///
  /// @param judged the orders of whose reverse names DNS said something; no other row is changed
  /// @param wrong those of them with another name, or none
  public void recordReverseWrong(
      Collection<OrderId> judged, Collection<OrderId> wrong, Instant at) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server_order
            SET reverse_wrong_at =
              CASE WHEN id = ANY (CAST(:wrong AS uuid[])) THEN coalesce(reverse_wrong_at, :at) END
            WHERE id = ANY (CAST(:judged AS uuid[]))
              AND (reverse_wrong_at IS NULL) = (id = ANY (CAST(:wrong AS uuid[])))
            """)
        .param("wrong", ids(wrong))
        .param("judged", ids(judged))
        .param("at", Columns.timestamp(at))
        .update();
  }

  /// Opens the incident of a finding, or brings the open one up to date. Safe to repeat.
  public IncidentId note(NewFinding finding) {
    return write(
        finding,
        "order",
        finding.order().value(),
        Map.of("evidence", finding.evidence(), "proposal", finding.proposal()),
        "excluded.params");
  }

  /// What staff are told of the whole server, and only they end: the open incident learns what the
  /// account shows, and is opened where it was not. Safe to repeat.
  public IncidentId noteStanding(ServerId server, NewFinding finding) {
    return write(
        finding,
        "server",
        server.value(),
        Map.of(
            "evidence",
            finding.evidence(),
            "account",
            finding.evidence(),
            "proposal",
            finding.proposal()),
        "incident.params || (excluded.params - 'evidence')");
  }

  private IncidentId write(
      NewFinding finding, String kind, UUID entity, Map<String, String> params, String renewed) {
    return new IncidentId(
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO incident (id, tenant_id, entity_kind, entity_id, cause, params, next_step,
                  who_must_act, day_cents, currency, repair, seen_at)
                VALUES (:id, :tenant, :kind, :entity, :cause, CAST(:params AS jsonb), :cause, :who,
                  :cents, :currency, :repair, :at)
                ON CONFLICT (entity_id, cause) WHERE closed_at IS NULL DO UPDATE SET
                  params = %s, day_cents = excluded.day_cents, currency = excluded.currency,
                  repair = excluded.repair, seen_at = excluded.seen_at
                RETURNING id
                """
                    .formatted(renewed))
            .param("id", UuidCreator.getTimeOrderedEpoch())
            .param("tenant", tenancy.tenant().value())
            .param("kind", kind)
            .param("entity", entity)
            .param("cause", finding.cause().code())
            .param("params", Columns.json(params))
            .param("who", Helper.valueOf(finding.cause().helper().name()).name())
            .param("cents", finding.perDay().map(Money::cents).orElse(null), Types.BIGINT)
            .param("currency", finding.perDay().map(Money::currency).orElse(null), Types.VARCHAR)
            .param("repair", finding.repair().orElse(null), Types.VARCHAR)
            .param("at", Columns.timestamp(finding.at()))
            .query(UUID.class)
            .single());
  }

  /// Open incidents of these orders, of any cause.
  public List<OpenFinding> open(Collection<OrderId> orders) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT id, entity_id, cause FROM incident
            WHERE entity_kind = 'order' AND entity_id = ANY (CAST(:ids AS uuid[])) AND closed_at IS NULL
            ORDER BY opened_at, id
            """)
        .param("ids", ids(orders))
        .query((row, number) ->
            new OpenFinding(
                new IncidentId(Columns.uuid(row, "id")),
                new OrderId(Columns.uuid(row, "entity_id")),
                row.getString("cause")))
        .list();
  }

  /// What a program can do about an open incident of an order; empty: nothing, or it is over.
  public Optional<OpenRepair> repairOf(IncidentId incident) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT i.entity_id, i.repair, v.provider
            FROM incident i
            JOIN server_order o ON o.id = i.entity_id
            JOIN server v ON v.id = o.server_id
            WHERE i.id = :id AND i.entity_kind = 'order' AND i.closed_at IS NULL
              AND i.repair IS NOT NULL
            """)
        .param("id", incident.value())
        .query((row, number) ->
            new OpenRepair(
                new OrderId(Columns.uuid(row, "entity_id")),
                row.getString("provider"),
                row.getString("repair")))
        .optional();
  }

  /// It is over. Safe to repeat: the first reason stays.
  public void close(IncidentId incident, String reason) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE incident SET closed_at = now(), closed_reason = :reason
            WHERE id = :id AND closed_at IS NULL
            """)
        .param("id", incident.value())
        .param("reason", reason)
        .update();
  }

  private static String[] ids(Collection<OrderId> orders) {
    return orders.stream().map(OrderId::toString).toArray(String[]::new);
  }

  /// An order with what its server's row says.
  ///
  /// @param plan as the provider names it
  /// @param price of a month; empty until reserved
  /// @param found what the provider has under the label; empty until seen
  /// @param missedAt the sweep that first did not find it; empty: it was listed at the last look
  /// @param setup the newest of the server
  /// @param isProved one of its set-ups is done: its reverse name was seen to be right
  /// @param reverseWrongAt the sweep that first found its reverse name wrong; empty: it was right
  public record SweptOrder(
      OrderId id,
      ServerId server,
      OrderLabel label,
      String plan,
      Optional<Money> price,
      Optional<ProviderServerId> found,
      boolean isAccepted,
      boolean isParked,
      boolean isClosed,
      Optional<Instant> missedAt,
      Optional<IpAddress> address,
      DomainName hostname,
      long desiredVersion,
      Optional<SetupId> setup,
      boolean isProved,
      Optional<Instant> reverseWrongAt) {}

  /// @param proposal what helps, said to staff
  /// @param perDay what it costs a day; empty: it is not known, or nothing
  /// @param repair what a program can do
  /// @param at when the sweep began that saw it
  public record NewFinding(
      OrderId order,
      Cause cause,
      String evidence,
      String proposal,
      Optional<Money> perDay,
      Optional<String> repair,
      Instant at) {}

  /// @param repair as rows name it
  public record OpenRepair(OrderId order, String provider, String repair) {}

  /// @param cause as rows write it: `server-missing`
  public record OpenFinding(IncidentId id, OrderId order, String cause) {}
}
