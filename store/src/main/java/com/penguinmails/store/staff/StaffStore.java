package com.penguinmails.store.staff;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What waits for staff, of all tenants, and their word that it is done. Built on a connection as
/// `penguin_staff`, who writes no table: functions of the database do, and write who said it and
/// why beside it.
public final class StaffStore {
  private final JdbcClient jdbc;

  /// @param staff connects as `penguin_staff`
  public StaffStore(DataSource staff) {
    jdbc = JdbcClient.create(staff);
  }

  /// Open incidents that staff must act on; oldest first.
  public List<Waiting> incidents() {
    return jdbc.sql("SELECT * FROM incidents_for_staff()")
        .query((row, number) ->
            new Waiting(
                new IncidentId(Columns.uuid(row, "id")),
                row.getString("cause"),
                row.getString("evidence"),
                EntityKind.valueOf(row.getString("entity_kind").toUpperCase(Locale.ROOT)),
                Columns.uuid(row, "entity_id"),
                Columns.optionalUuid(row, "setup_id").map(SetupId::new),
                Columns.optionalUuid(row, "tenant_id").map(TenantId::new),
                Columns.instant(row, "opened_at"),
                List.of((String[]) row.getArray("orders").getArray()),
                Columns.optionalText(row, "account"),
                Columns.optionalText(row, "proposal"),
                perDay(row),
                Columns.optionalText(row, "repair")))
        .list();
  }

  private static Optional<Money> perDay(ResultSet row) throws SQLException {
    long cents = row.getLong("day_cents");
    return row.wasNull()
        ? Optional.empty()
        : Optional.of(new Money(cents, row.getString("currency")));
  }

  /// A second server under one label is cleared up; no other incident ends by somebody's word. Safe
  /// to repeat.
  ///
  /// @return whether it was open until now
  public boolean close(IncidentId incident, Word word) {
    return jdbc.sql("SELECT close_incident(:incident, :person, :reason)")
        .param("incident", incident.value())
        .param("person", word.person())
        .param("reason", word.reason())
        .query(Boolean.class)
        .single();
  }

  /// A parked server was given up at its seller: nothing is paid for it any more, and no cap counts
  /// it. Its incident ends with the last of its server's. Safe to repeat.
  ///
  /// @return whether it was parked and paid for until now
  public boolean release(OrderLabel label, Word word) {
    return jdbc.sql("SELECT release_order(:label, :person, :reason)")
        .param("label", label.value())
        .param("person", word.person())
        .param("reason", word.reason())
        .query(Boolean.class)
        .single();
  }

  /// How an order stands, for who is told why it cannot be released; empty: there is none.
  public Optional<OrderStands> stands(OrderLabel label) {
    return jdbc.sql("SELECT * FROM order_for_staff(:label)")
        .param("label", label.value())
        .query((row, number) ->
            new OrderStands(
                row.getBoolean("is_parked"), row.getBoolean("is_closed"), row.getLong("mailboxes")))
        .optional();
  }

  /// What may be bought at the moment.
  public Purchases purchases() {
    return jdbc.sql(
            """
            SELECT stopped_reason, tenant_monthly_cents, installation_monthly_cents, currency
            FROM purchase_limit
            """)
        .query((row, number) ->
            new Purchases(
                Columns.optionalText(row, "stopped_reason"),
                new Money(row.getLong("tenant_monthly_cents"), row.getString("currency")),
                new Money(row.getLong("installation_monthly_cents"), row.getString("currency"))))
        .single();
  }

  /// Stops all purchases. One that is being made is not cut off.
  ///
  /// @param word of the member of staff; the reason is what tenants' pages show
  public void stopPurchases(Word word) {
    limit(word.person(), true, Optional.of(word.reason()), Optional.empty(), Optional.empty());
  }

  /// Purchases may be made again. What waited goes on by itself.
  ///
  /// @param person the member of staff who wants it
  public void allowPurchases(String person) {
    limit(person, true, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Changes caps; what waited goes on by itself.
  ///
  /// @param ofTenant what all servers of one tenant may cost a month; empty: as before
  /// @param ofAll what all servers of the installation may cost a month; empty: as before
  /// @param person the member of staff who wants it
  public void cap(Optional<Money> ofTenant, Optional<Money> ofAll, String person) {
    limit(person, false, Optional.empty(), ofTenant, ofAll);
  }

  private void limit(
      String person,
      boolean isSwitched,
      Optional<String> stopped,
      Optional<Money> ofTenant,
      Optional<Money> ofAll) {
    jdbc.sql("SELECT limit_purchases(:person, :switched, :stopped, :tenant, :installation)")
        .param("person", person)
        .param("switched", isSwitched)
        .param("stopped", stopped.orElse(null), Types.VARCHAR)
        .param("tenant", ofTenant.map(Money::cents).orElse(null), Types.BIGINT)
        .param("installation", ofAll.map(Money::cents).orElse(null), Types.BIGINT)
        .query((row, number) -> true)
        .single();
  }

  /// An incident that waits for staff.
  ///
  /// @param cause as rows write it: `purchase-unclear`
  /// @param evidence what was seen
  /// @param tenant empty: nobody knows whose it is
  /// @param orders labels of the server's orders, with their ids at the seller: the parked ones
  ///   where one is parked, else the one in use
  /// @param account what the last sweep saw at the seller's
  /// @param proposal what helps, as the sweep has it that found it
  /// @param perDay what it costs a day
  /// @param repair what a program can do about it, as rows name it
  public record Waiting(
      IncidentId id,
      String cause,
      String evidence,
      EntityKind kind,
      UUID entity,
      Optional<SetupId> setup,
      Optional<TenantId> tenant,
      Instant openedAt,
      List<String> orders,
      Optional<String> account,
      Optional<String> proposal,
      Optional<Money> perDay,
      Optional<String> repair) {
    public Waiting {
      orders = List.copyOf(orders);
    }
  }

  /// @param isClosed nothing is paid for it any more
  /// @param mailboxes on its server, of any state but gone
  public record OrderStands(boolean isParked, boolean isClosed, long mailboxes) {}

  /// Who says so, and why: both stay in the tenant's audit.
  public record Word(String person, String reason) {}

  /// @param stopped why nothing may be bought; empty: it may
  /// @param ofTenant what all servers of one tenant may cost a month
  /// @param ofAll what all servers of the installation may cost a month
  public record Purchases(Optional<String> stopped, Money ofTenant, Money ofAll) {}
}
