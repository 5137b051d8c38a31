package com.penguinmails.store.ledger;

import static com.penguinmails.store.ledger.LedgerEntry.Kind.ADDRESS_CHANGE;
import static com.penguinmails.store.ledger.LedgerEntry.Kind.PURCHASE;
import static com.penguinmails.store.ledger.LedgerEntry.Kind.RELEASE;
import static com.penguinmails.store.ledger.LedgerEntry.Kind.RENEWAL;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.ledger.InvoiceMatch.Pair;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which line of an invoice pays what, and what is left.
class InvoiceMatchTest {
  private static final OrderId ORDER = new OrderId(new UUID(1, 1));
  private static final OrderLabel LABEL = OrderLabel.of("t3st01", ORDER);

  @Test
  void whatIsChargedAsExpectedAgrees() {
    var bought = entry(PURCHASE, 1, "2026-10-03", 999);
    var renewed = entry(RENEWAL, 1, "2026-11-03", 999);
    var first = line("A-1", "2026-10-03", "7001", 999);
    var second = line("A-2", "2026-10-24", LABEL.value(), 999); // ten days ahead, by its name

    var match = InvoiceMatch.of(List.of(bought, renewed), List.of(first, second));

    assertThat(match.agreeing())
        .containsExactlyInAnyOrder(new Pair(bought, first), new Pair(renewed, second));
    assertThat(match.agrees()).isTrue();
  }

  @Test
  void eachLineGoesToTheMonthThatIsNearest() {
    var bought = entry(PURCHASE, 1, "2026-10-03", 999);
    var renewed = entry(RENEWAL, 1, "2026-11-03", 999);
    var late = line("A-2", "2026-11-05", "7001", 999);

    assertThat(InvoiceMatch.of(List.of(bought, renewed), List.of(late)).agreeing())
        .containsExactly(new Pair(renewed, late));
  }

  @Test
  void anotherSumIsShownBesideTheOneThatWasExpected() {
    var bought = entry(PURCHASE, 1, "2026-10-03", 999);
    var moved = entry(ADDRESS_CHANGE, 1, "2026-10-03", 300);
    var same = line("A-1", "2026-10-03", "7001", 999);
    var dearer = line("A-2", "2026-10-03", "7001", 500);

    var match = InvoiceMatch.of(List.of(bought, moved), List.of(dearer, same));

    assertThat(match.agreeing()).containsExactly(new Pair(bought, same));
    assertThat(match.differing()).containsExactly(new Pair(moved, dearer));
    assertThat(match.agrees()).isFalse();
  }

  @Test
  void aMonthThatIsChargedTwiceHasNoReason() {
    var once = line("A-1", "2026-10-03", "7001", 999);
    var again = line("A-2", "2026-10-04", "7001", 999);

    var match =
        InvoiceMatch.of(List.of(entry(PURCHASE, 1, "2026-10-03", 999)), List.of(again, once));

    assertThat(match.unexplained()).containsExactly(again);
    assertThat(match.agrees()).isFalse();
  }

  @Test
  void whatIsChargedAfterAReleaseHasNoReason() {
    var bought = entry(PURCHASE, 1, "2026-08-03", 999);
    var released = entry(RELEASE, 1, "2026-08-20", 0);
    var first = line("A-1", "2026-08-03", "7001", 999);
    var after = line("A-2", "2026-09-03", "7001", 999);

    var match = InvoiceMatch.of(List.of(bought, released), List.of(first, after));

    assertThat(match.unexplained()).containsExactly(after);
  }

  @Test
  void aServerOfNoOrderIsStrange() {
    var stray = line("A-1", "2026-10-03", "6666", 999);
    var elsewhere = new InvoiceLine("other", "B-1", 1, stray.day(), "7001", stray.amount());

    var match = InvoiceMatch.of(List.of(), List.of(stray, elsewhere));

    assertThat(match.strange()).containsExactly(stray, elsewhere);
    assertThat(match.agrees()).isFalse();
  }

  @Test
  void whatNoInvoiceHasThoughItShouldIsUnbilled() {
    var early = entry(PURCHASE, 1, "2026-07-03", 999); // perhaps on an invoice before these
    var missing = entry(RENEWAL, 1, "2026-08-03", 999);
    var fresh = entry(RENEWAL, 2, "2026-09-03", 999); // perhaps on one after these
    var others =
        List.of(line("A-1", "2026-07-01", "6666", 100), line("A-9", "2026-09-10", "6666", 100));

    var match = InvoiceMatch.of(List.of(early, missing, fresh), others);

    assertThat(match.unbilled()).containsExactly(missing);
    assertThat(match.expected()).containsExactly(early, fresh);
  }

  @Test
  void whatNobodyKnewTheEndOfAgreesOnlyWhenItIsSettled() {
    var unclear =
        new LedgerEntry(
            entry(PURCHASE, 1, "2026-10-03", 0).at(),
            ADDRESS_CHANGE,
            new TenantId(new UUID(3, 2)),
            ORDER,
            1,
            "hostwinds",
            LABEL,
            Optional.of(new ProviderServerId("7001")),
            new Money(300, "USD"),
            Optional.empty(),
            false);
    var charged = line("A-1", "2026-10-03", "7001", 300);

    assertThat(InvoiceMatch.of(List.of(unclear), List.of(charged)).agreeing())
        .containsExactly(new Pair(unclear, charged));
    assertThat(InvoiceMatch.of(List.of(unclear), List.of(charged)).agrees()).isFalse();
    var far = List.of(line("A-1", "2026-08-01", "7001", 5), line("A-2", "2026-12-01", "7001", 5));
    assertThat(InvoiceMatch.of(List.of(unclear), far).unbilled()).isEmpty();
  }

  private static LedgerEntry entry(LedgerEntry.Kind kind, int number, String day, long cents) {
    return new LedgerEntry(
        LocalDate.parse(day).atTime(23, 59).toInstant(ZoneOffset.UTC),
        kind,
        new TenantId(new UUID(3, 2)),
        ORDER,
        number,
        "hostwinds",
        LABEL,
        Optional.of(new ProviderServerId("7001")),
        new Money(cents, "USD"),
        Optional.empty(),
        true);
  }

  private static InvoiceLine line(String invoice, String day, String server, long cents) {
    return new InvoiceLine(
        "hostwinds", invoice, 1, LocalDate.parse(day), server, new Money(cents, "USD"));
  }
}
