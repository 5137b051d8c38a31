package com.penguinmails.store.ledger;

import com.penguinmails.store.ledger.LedgerEntry.Kind;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The ledger beside what sellers have charged: each line of an invoice pays one entry of the same
/// server, the one of the same sum that is nearest in time.
///
/// @param agreeing of the same sum
/// @param differing of another sum
/// @param unexplained lines for a server of ours that the ledger has nothing for: charged twice,
///   after its release, or too early
/// @param strange lines for a server of no order
/// @param unbilled entries that one of these invoices should have
/// @param expected entries that may be on an invoice before or after these, and what nobody knows
///   the end of
public record InvoiceMatch(
    List<Pair> agreeing,
    List<Pair> differing,
    List<InvoiceLine> unexplained,
    List<InvoiceLine> strange,
    List<LedgerEntry> unbilled,
    List<LedgerEntry> expected) {
  /// Sellers write an invoice up to two weeks before what it is for, and are paid some days after.
  public static final int DAYS_APART = 14;

  private static final Comparator<Pair> LIKELIEST =
      Comparator.comparing((Pair pair) -> !pair.isSameSum())
          .thenComparing(pair -> !pair.entry().isCertain())
          .thenComparingLong(Pair::days)
          .thenComparing(pair -> pair.entry().at())
          .thenComparing(pair -> pair.line().day())
          .thenComparing(pair -> pair.line().invoice())
          .thenComparingInt(pair -> pair.line().line());

  public InvoiceMatch {
    agreeing = List.copyOf(agreeing);
    differing = List.copyOf(differing);
    unexplained = List.copyOf(unexplained);
    strange = List.copyOf(strange);
    unbilled = List.copyOf(unbilled);
    expected = List.copyOf(expected);
  }

  /// @param ledger entries of the lines' sellers, releases among them or not
  /// @param lines every one there is of the time
  public static InvoiceMatch of(List<LedgerEntry> ledger, List<InvoiceLine> lines) {
    var paid = ledger.stream().filter(entry -> entry.kind() != Kind.RELEASE).toList();
    var pairs = pair(paid, lines);
    var paired = new HashSet<LedgerEntry>();
    var explained = new HashSet<InvoiceLine>();
    pairs.forEach(pair -> {
      paired.add(pair.entry());
      explained.add(pair.line());
    });
    var known = new HashSet<String>();
    ledger.forEach(entry -> {
      known.add(entry.label().value());
      entry.reference().ifPresent(reference -> known.add(reference.value()));
    });
    var open = lines.stream().filter(line -> !explained.contains(line)).toList();
    var told = timesTold(lines);
    var left = paid.stream().filter(entry -> !paired.contains(entry)).toList();
    return new InvoiceMatch(
        pairs.stream().filter(Pair::isSameSum).toList(),
        pairs.stream().filter(pair -> !pair.isSameSum()).toList(),
        open.stream().filter(line -> known.contains(line.server())).toList(),
        open.stream().filter(line -> !known.contains(line.server())).toList(),
        left.stream().filter(entry -> isDue(entry, told)).toList(),
        left.stream().filter(entry -> !isDue(entry, told)).toList());
  }

  /// Whether both say the same, as far as invoices can say it by now.
  public boolean agrees() {
    return differing.isEmpty()
        && unexplained.isEmpty()
        && strange.isEmpty()
        && unbilled.isEmpty()
        && agreeing.stream().allMatch(pair -> pair.entry().isCertain());
  }

  private static List<Pair> pair(List<LedgerEntry> paid, List<InvoiceLine> lines) {
    Map<String, List<LedgerEntry>> byName = new HashMap<>();
    for (var entry : paid) {
      byName.computeIfAbsent(entry.label().value(), _ -> new ArrayList<>()).add(entry);
      entry
          .reference()
          .ifPresent(reference ->
              byName.computeIfAbsent(reference.value(), _ -> new ArrayList<>()).add(entry));
    }
    var possible =
        lines.stream()
            .flatMap(line ->
                byName.getOrDefault(line.server(), List.of()).stream()
                    .map(entry -> new Pair(entry, line)))
            .filter(Pair::isPossible)
            .sorted(LIKELIEST)
            .toList();
    Set<LedgerEntry> takenEntries = new HashSet<>();
    Set<InvoiceLine> takenLines = new HashSet<>();
    var pairs = new ArrayList<Pair>();
    for (var pair : possible) {
      if (!takenEntries.contains(pair.entry()) && !takenLines.contains(pair.line())) {
        takenEntries.add(pair.entry());
        takenLines.add(pair.line());
        pairs.add(pair);
      }
    }
    return pairs;
  }

  /// The days that a seller's invoices are about.
  private record Time(LocalDate first, LocalDate last) {
    Time and(Time other) {
      return new Time(
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last);
    }

    /// Not so near to an end that its line may be on an invoice that is not there.
    boolean isWellWithin(LocalDate day) {
      return day.isAfter(first.plusDays(DAYS_APART)) && day.isBefore(last.minusDays(DAYS_APART));
    }
  }

  private static Map<String, Time> timesTold(List<InvoiceLine> lines) {
    var told = new HashMap<String, Time>();
    lines.forEach(line -> told.merge(line.provider(), new Time(line.day(), line.day()), Time::and));
    return told;
  }

  private static boolean isDue(LedgerEntry entry, Map<String, Time> told) {
    var time = told.get(entry.provider());
    return entry.isCertain() && time != null && time.isWellWithin(day(entry));
  }

  private static LocalDate day(LedgerEntry entry) {
    return LocalDate.ofInstant(entry.at(), ZoneOffset.UTC);
  }

  /// What was expected, and what was charged for it.
  public record Pair(LedgerEntry entry, InvoiceLine line) {
    boolean isPossible() {
      return entry.provider().equals(line.provider())
          && entry.isCalled(line.server())
          && days() <= DAYS_APART;
    }

    boolean isSameSum() {
      return entry.amount().equals(line.amount());
    }

    long days() {
      return Math.abs(ChronoUnit.DAYS.between(day(entry), line.day()));
    }
  }
}
