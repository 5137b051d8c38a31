package com.penguinmails.store.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.store.row.Columns;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What all tenants' servers cost, and what sellers charged for them. Built on a connection as
/// `penguin_staff`.
public final class LedgerStore {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JdbcClient jdbc;

  /// @param staff connects as `penguin_staff`
  public LedgerStore(DataSource staff) {
    jdbc = JdbcClient.create(staff);
  }

  /// What fell in a time, oldest first.
  ///
  /// @param since inclusive
  /// @param before exclusive
  public List<LedgerEntry> entries(Instant since, Instant before) {
    return jdbc.sql("SELECT * FROM ledger(:since, :before)")
        .param("since", Columns.timestamp(since))
        .param("before", Columns.timestamp(before))
        .query((row, number) ->
            new LedgerEntry(
                Columns.instant(row, "at"),
                Columns.choice(row, "kind", LedgerEntry.Kind.class),
                new TenantId(Columns.uuid(row, "tenant_id")),
                new OrderId(Columns.uuid(row, "order_id")),
                row.getInt("try"),
                row.getString("provider"),
                new OrderLabel(row.getString("label")),
                Columns.optionalText(row, "provider_server_id").map(ProviderServerId::new),
                new Money(row.getLong("amount_cents"), row.getString("currency")),
                Columns.optionalInstant(row, "paid_until"),
                row.getBoolean("is_certain")))
        .list();
  }

  /// Whom servers were ever ordered from.
  public List<String> sellers() {
    return jdbc.sql("SELECT * FROM sellers()").query((row, number) -> row.getString(1)).list();
  }

  /// Lines of a seller's invoices, oldest first.
  public List<InvoiceLine> lines(String provider) {
    return jdbc.sql(
            """
            SELECT invoice, line, day, server, amount_cents, currency FROM invoice_line
            WHERE provider = :provider ORDER BY day, invoice, line
            """)
        .param("provider", provider)
        .query((row, number) ->
            new InvoiceLine(
                provider,
                row.getString("invoice"),
                row.getInt("line"),
                row.getObject("day", LocalDate.class),
                row.getString("server"),
                new Money(row.getLong("amount_cents"), row.getString("currency"))))
        .list();
  }

  /// Writes lines of invoices, all or none. Safe to repeat.
  ///
  /// @param provider whose they all are
  /// @param person the member of staff who copied them
  /// @return invoices of which another line is there already, so that nothing was written; empty:
  ///   all are there
  public List<String> record(String provider, List<InvoiceLine> lines, String person) {
    return jdbc.sql("SELECT * FROM record_invoice_lines(:provider, CAST(:lines AS jsonb), :person)")
        .param("provider", provider)
        .param("lines", json(lines))
        .param("person", person)
        .query((row, number) -> row.getString(1))
        .list();
  }

  /// A change of address whose end nobody knew was charged. Safe to repeat.
  ///
  /// @return whether it was unclear until now
  public boolean settle(LedgerEntry entry, InvoiceLine line, String person) {
    return jdbc.sql("SELECT settle_by_invoice(:order, :try, :provider, :invoice, :line, :person)")
        .param("order", entry.order().value())
        .param("try", entry.number())
        .param("provider", line.provider())
        .param("invoice", line.invoice())
        .param("line", line.line())
        .param("person", person)
        .query(Boolean.class)
        .single();
  }

  private static String json(List<InvoiceLine> lines) {
    try {
      return JSON.writeValueAsString(
          lines.stream()
              .map(line ->
                  Map.of(
                      "invoice",
                      line.invoice(),
                      "line",
                      line.line(),
                      "day",
                      line.day().toString(),
                      "server",
                      line.server(),
                      "amount_cents",
                      line.amount().cents(),
                      "currency",
                      line.amount().currency()))
              .toList());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and numbers are always JSON", e);
    }
  }
}
