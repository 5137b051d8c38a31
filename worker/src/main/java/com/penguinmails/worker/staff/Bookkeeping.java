package com.penguinmails.worker.staff;

import com.penguinmails.store.ledger.InvoiceLine;
import com.penguinmails.store.ledger.InvoiceMatch;
import com.penguinmails.store.ledger.InvoiceMatch.Pair;
import com.penguinmails.store.ledger.LedgerEntry;
import com.penguinmails.store.ledger.LedgerEntry.Kind;
import com.penguinmails.store.ledger.LedgerStore;
import com.penguinmails.workflows.model.Money;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The ledger, and sellers' invoices beside it, in sentences for staff.
final class Bookkeeping {
  private final LedgerStore store;
  private final PrintWriter out;

  Bookkeeping(LedgerStore store, PrintWriter out) {
    this.store = store;
    this.out = out;
  }

  /// Prints what fell in a time.
  ///
  /// @param first day, in UTC
  /// @param last day, inclusive
  void show(LocalDate first, LocalDate last) {
    var entries = store.entries(start(first), start(last.plusDays(1)));
    for (var entry : entries) {
      out.printf(
          "%s  %-14s  %14s  %s  %s %s  tenant %s%n",
          day(entry.at()),
          entry.kind(),
          entry.kind() == Kind.RELEASE ? "" : entry.amount(),
          entry.paidUntil().map(until -> "until " + day(until)).orElse(" ".repeat(16)),
          entry.provider(),
          server(entry),
          entry.tenant());
      if (!entry.isCertain()) {
        out.println("            UNCLEAR: nobody knows yet whether this was done and is charged.");
      }
    }
    out.printf(
        "%d entries from %s to %s: %s%s.%n",
        entries.size(),
        first,
        last,
        sum(entries.stream().filter(LedgerEntry::isCertain).map(LedgerEntry::amount)),
        entries.stream().allMatch(LedgerEntry::isCertain)
            ? ""
            : ", and perhaps "
                + sum(
                    entries.stream().filter(entry -> !entry.isCertain()).map(LedgerEntry::amount)));
  }

  /// Whose invoices they are.
  ///
  /// @param named empty: there is only one
  /// @throws NotTaken nothing was ever ordered there, or it is not clear whose
  String seller(Optional<String> named) {
    var sellers = store.sellers();
    if (sellers.isEmpty()) {
      throw new NotTaken("No server was ever ordered.");
    }
    if (named.isEmpty() && sellers.size() > 1) {
      throw new NotTaken("Servers were ordered from %s: --seller says whose.".formatted(sellers));
    }
    var seller = named.orElse(sellers.getFirst());
    if (!sellers.contains(seller)) {
      throw new NotTaken(
          "No server was ever ordered from \"%s\"; of %s.".formatted(seller, sellers));
    }
    return seller;
  }

  /// Keeps lines of invoices, and settles the changes of address that they are for.
  ///
  /// @throws NotTaken a line is there already and says something else; nothing was written
  void keep(String seller, List<InvoiceLine> lines, String person) {
    var differing = store.record(seller, lines, person);
    if (!differing.isEmpty()) {
      throw new NotTaken(
          "Of invoice %s other lines are here already; nothing of the file was kept."
              .formatted(String.join(", ", differing)));
    }
    out.printf("%d lines of %s are kept.%n", lines.size(), seller);
    match(seller).agreeing().stream()
        .filter(pair -> !pair.entry().isCertain() && pair.entry().kind() == Kind.ADDRESS_CHANGE)
        .filter(pair -> store.settle(pair.entry(), pair.line(), person))
        .forEach(pair ->
            out.printf(
                "Settled: the change of address of %s was charged, %s.%n",
                server(pair.entry()), where(pair.line())));
  }

  /// Prints how the ledger and all kept invoices of a seller differ.
  ///
  /// @return whether they agree
  boolean compare(String seller) {
    var match = match(seller);
    match
        .differing()
        .forEach(pair ->
            out.printf(
                "Differs: %s for %s, %s; the ledger has %s (%s of %s).%n",
                pair.line().amount(),
                pair.line().server(),
                where(pair.line()),
                pair.entry().amount(),
                pair.entry().kind(),
                day(pair.entry().at())));
    match
        .unexplained()
        .forEach(line ->
            out.printf(
                "Without a reason: %s for %s, %s. The ledger has nothing more for this server then: charged twice, or after it was given up?%n",
                line.amount(), line.server(), where(line)));
    match
        .strange()
        .forEach(line ->
            out.printf(
                "Of no order: %s for %s, %s. Look for it in the seller's panel.%n",
                line.amount(), line.server(), where(line)));
    match
        .unbilled()
        .forEach(entry ->
            out.printf(
                "On no invoice: %s, %s of %s, for %s.%n",
                entry.amount(), entry.kind(), day(entry.at()), server(entry)));
    unclear(match)
        .forEach(pair ->
            out.printf(
                "Charged though unclear: %s of %s for %s, %s. If the server is there, `adopt` it; else claim the sum back.%n",
                pair.entry().kind(),
                day(pair.entry().at()),
                server(pair.entry()),
                where(pair.line())));
    var agreed = match.agreeing().stream().map(pair -> pair.line().amount());
    out.printf("%d lines agree with the ledger: %s.%n", match.agreeing().size(), sum(agreed));
    if (!match.expected().isEmpty()) {
      out.printf(
          "%d entries may be on an invoice that is not here: %s.%n",
          match.expected().size(), sum(match.expected().stream().map(LedgerEntry::amount)));
    }
    return match.agrees();
  }

  private static List<Pair> unclear(InvoiceMatch match) {
    return match.agreeing().stream().filter(pair -> !pair.entry().isCertain()).toList();
  }

  private InvoiceMatch match(String seller) {
    var lines = store.lines(seller);
    if (lines.isEmpty()) {
      throw new NotTaken("No invoice of %s is here yet.".formatted(seller));
    }
    // From the beginning, so that a line after a release is known as one of a server of ours.
    var after = lines.getLast().day().plusDays(InvoiceMatch.DAYS_APART + 1L);
    var entries = store.entries(Instant.EPOCH, start(after));
    return InvoiceMatch.of(
        entries.stream().filter(entry -> entry.provider().equals(seller)).toList(), lines);
  }

  private static String server(LedgerEntry entry) {
    return entry.label() + entry.reference().map(" (%s there)"::formatted).orElse("");
  }

  private static String where(InvoiceLine line) {
    return "invoice %s, line %d, of %s".formatted(line.invoice(), line.line(), line.day());
  }

  /// By currency, which do not add up.
  private static String sum(Stream<Money> amounts) {
    Map<String, Money> sums = new TreeMap<>();
    amounts.forEach(amount -> sums.merge(amount.currency(), amount, Money::plus));
    return sums.isEmpty()
        ? "nothing"
        : String.join(", ", sums.values().stream().map(Money::toString).toList());
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  private static LocalDate day(Instant at) {
    return LocalDate.ofInstant(at, ZoneOffset.UTC);
  }
}
