package com.penguinmails.store.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.ledger.LedgerEntry.Kind;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.PaidCall;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What orders cost, as it follows from calls and dates, and what sellers charged.
class LedgerStoreIT {
  private static final Money PRICE = new Money(999, "USD");
  private static final Money FEE = new Money(300, "USD");
  private static final Instant FOREVER = Instant.parse("2100-01-01T00:00:00Z");
  private static final ProviderServerId FOUND = new ProviderServerId("7001");

  private PostgresForTests postgres;
  private Tenancy tenancy;
  private OrderStore orders;
  private LedgerStore ledger;
  private TenantId acme;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    orders = new OrderStore(tenancy);
    ledger = new LedgerStore(postgres.staff());
    acme = new TenantStore(tenancy).create("Acme").id();
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void aServerIsPaidForByTheMonthUntilItIsReleased() {
    var order = bought("2026-01-31T10:00:00Z");
    closed(order, "2026-04-15T10:00:00Z");

    assertThat(lines(ledger.entries(Instant.EPOCH, FOREVER)))
        .containsExactly(
            "2026-01-31T10:00:00Z PURCHASE 1 9.99 USD until 2026-02-28T10:00:00Z",
            "2026-02-28T10:00:00Z RENEWAL 1 9.99 USD until 2026-03-31T10:00:00Z",
            "2026-03-31T10:00:00Z RENEWAL 2 9.99 USD until 2026-04-30T10:00:00Z",
            "2026-04-15T10:00:00Z RELEASE 1 0.00 USD");
    assertThat(ledger.entries(Instant.EPOCH, FOREVER))
        .allSatisfy(entry -> {
          assertThat(entry.reference()).contains(FOUND);
          assertThat(entry.provider()).isEqualTo("hostwinds");
          assertThat(entry.tenant()).isEqualTo(acme);
          assertThat(entry.label()).isEqualTo(label(order));
        });
  }

  @Test
  void anOrderThatIsKeptRenewsForAsLongAsIsAskedFor() {
    bought("2024-02-29T00:00:00Z");

    var inFebruary =
        ledger.entries(
            Instant.parse("2026-02-01T00:00:00Z"), Instant.parse("2026-03-01T00:00:00Z"));

    assertThat(lines(inFebruary))
        .containsExactly("2026-02-28T00:00:00Z RENEWAL 24 9.99 USD until 2026-03-29T00:00:00Z");
    assertThat(
            ledger.entries(
                Instant.parse("2024-02-01T00:00:00Z"), Instant.parse("2024-03-01T00:00:00Z")))
        .extracting(LedgerEntry::kind)
        .containsExactly(Kind.PURCHASE);
  }

  @Test
  void whatBoughtNothingCostsNothingAndWhatIsUnclearSaysSo() {
    var order = ordered();
    tenancy.run(
        acme,
        () -> {
          orders.claimPurchase(order, 1, PRICE);
          orders.settle(order, PaidCall.Kind.PURCHASE, 1, Outcome.REFUSED, "no", Optional.empty());
          orders.claimPurchase(order, 2, PRICE);
        });

    assertThat(ledger.entries(Instant.EPOCH, FOREVER))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.number()).isEqualTo(2);
          assertThat(entry.isCertain()).isFalse();
          assertThat(entry.reference()).isEmpty();
        });
  }

  @Test
  void anOrderThatWasClosedUnboughtIsNoRelease() {
    var order = ordered();
    tenancy.run(acme, () -> orders.close(order));

    assertThat(ledger.entries(Instant.EPOCH, FOREVER)).isEmpty();
  }

  @Test
  void linesOfInvoicesAreKeptOnce() {
    var line = line("A-1", 1, 999);
    var other = line("A-1", 2, 300);

    assertThat(ledger.record("hostwinds", List.of(line), "ada")).isEmpty();
    assertThat(ledger.record("hostwinds", List.of(line, other), "ada")).as("again").isEmpty();
    assertThat(ledger.lines("hostwinds")).containsExactly(line, other);

    var changed = List.of(line("A-0", 1, 1), line("A-1", 2, 301));
    assertThat(ledger.record("hostwinds", changed, "ben")).containsExactly("A-1");
    assertThat(ledger.lines("hostwinds")).as("none of them").containsExactly(line, other);
    assertThat(ledger.lines("other")).isEmpty();
  }

  @Test
  void aChangeOfAddressThatWasUnclearIsSettledByItsInvoiceOnly() {
    var order = bought("2026-11-03T00:00:00Z");
    tenancy.run(acme, () -> orders.claimAddressChange(order, 1, FEE, new IpAddress("192.0.2.1")));
    var entry =
        ledger.entries(Instant.EPOCH, FOREVER).stream()
            .filter(one -> one.kind() == Kind.ADDRESS_CHANGE)
            .findFirst()
            .orElseThrow();
    assertThat(entry.isCertain()).isFalse();
    var line = line("A-1", 1, 300);

    assertThat(ledger.settle(entry, line, "ada")).as("no such line is kept").isFalse();
    ledger.record("hostwinds", List.of(line), "ada");
    assertThat(ledger.settle(entry, line, "ada")).isTrue();
    assertThat(ledger.settle(entry, line, "ada")).as("again").isFalse();

    assertThat(tenancy.reading(acme, () -> orders.paidCalls(order)))
        .filteredOn(call -> call.kind() == PaidCall.Kind.ADDRESS_CHANGE)
        .singleElement()
        .satisfies(call -> {
          assertThat(call.outcome()).isEqualTo(Outcome.DONE);
          assertThat(call.evidence()).isEqualTo("charged on invoice A-1");
        });
    assertThat(
            JdbcClient.create(postgres.owner())
                .sql("SELECT actor FROM audit_event WHERE action = 'server.call_settled'")
                .query(String.class)
                .list())
        .containsExactly("staff:ada");
  }

  @Test
  void onlyStaffReadIt() {
    var app = new LedgerStore(postgres.app());

    assertThatThrownBy(() -> app.entries(Instant.EPOCH, FOREVER))
        .isInstanceOf(DataAccessException.class);
    assertThatThrownBy(() -> app.lines("hostwinds")).isInstanceOf(DataAccessException.class);
    assertThatThrownBy(() -> app.record("hostwinds", List.of(line("A-1", 1, 1)), "ada"))
        .isInstanceOf(DataAccessException.class);
    bought("2026-11-03T00:00:00Z");
    assertThat(ledger.sellers()).containsExactly("hostwinds");
  }

  private OrderId ordered() {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    tenancy.run(
        acme,
        () -> {
          var _ =
              new ServerStore(tenancy)
                  .insertOrdered(
                      new NewServer(
                          server,
                          "hostwinds",
                          Stack.DEBIAN,
                          22,
                          new DomainName("mail.acme.test"),
                          "root",
                          Optional.empty()));
          orders.insert(
              new NewOrder(
                  order,
                  server,
                  label(order),
                  "101",
                  "1",
                  new Money(3_000, "USD"),
                  Optional.empty()));
          orders.reserve(order, PRICE);
        });
    return order;
  }

  private OrderId bought(String at) {
    var order = ordered();
    tenancy.run(
        acme,
        () -> {
          orders.claimPurchase(order, 1, PRICE);
          orders.recordFound(order, FOUND, Optional.empty());
        });
    owner(
        "UPDATE paid_call SET tried_at = CAST(:at AS timestamptz) WHERE order_id = :order",
        order,
        at);
    return order;
  }

  private void closed(OrderId order, String at) {
    owner(
        "UPDATE server_order SET closed_at = CAST(:at AS timestamptz) WHERE id = :order",
        order,
        at);
  }

  private void owner(String sql, OrderId order, String at) {
    JdbcClient.create(postgres.owner())
        .sql(sql)
        .param("order", order.value())
        .param("at", at)
        .update();
  }

  private static List<String> lines(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry ->
            "%s %s %d %s%s"
                .formatted(
                    entry.at(),
                    entry.kind(),
                    entry.number(),
                    entry.amount(),
                    entry.paidUntil().map(until -> " until " + until).orElse("")))
        .toList();
  }

  private static OrderLabel label(OrderId order) {
    return OrderLabel.of("t3st01", order);
  }

  private static InvoiceLine line(String invoice, int line, long cents) {
    return new InvoiceLine(
        "hostwinds",
        invoice,
        line,
        LocalDate.parse("2026-11-03"),
        FOUND.value(),
        new Money(cents, "USD"));
  }
}
