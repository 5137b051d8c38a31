package com.penguinmails.sandbox.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What many runs come to.
record Summary(String commit, List<RunLine> runs, Set<String> activities) {
  /// Several lines of one seed are one run, with the violations of all.
  ///
  /// @param activities every activity that there is
  Summary {
    var bySeed = new TreeMap<Long, RunLine>();
    runs.forEach(run -> bySeed.merge(run.seed(), run, RunLine::and));
    runs = List.copyOf(bySeed.values());
  }

  /// Each violation, with its seed.
  List<String> violated() {
    return runs.stream()
        .flatMap(
            run -> run.violations().stream().map(one -> "seed %d: %s".formatted(run.seed(), one)))
        .toList();
  }

  /// How often each fault happened: by its kind.
  Map<String, Integer> faults() {
    var byKind = new TreeMap<String, Integer>();
    runs.forEach(run ->
        run.faults()
            .forEach((what, times) ->
                byKind.merge(what.substring(what.indexOf(' ') + 1), times, Integer::sum)));
    return byKind;
  }

  /// Activities that met no fault at all.
  Set<String> untouched() {
    var left = new TreeSet<>(activities);
    runs.forEach(run ->
        run.faults().keySet().forEach(what -> left.remove(what.substring(0, what.indexOf(' ')))));
    return left;
  }

  List<String> lines() {
    var lines = new ArrayList<String>();
    var ends = new TreeMap<String, Integer>();
    runs.forEach(run -> ends.merge(run.story() + " " + run.state(), 1, Integer::sum));
    var faults = faults();
    lines.add("commit      " + commit);
    lines.add("seeds       " + seeds());
    lines.add("runs        " + runs.size());
    ends.forEach((end, times) -> lines.add("  %-20s %d".formatted(end, times)));
    lines.add("faults      " + faults.values().stream().mapToInt(Integer::intValue).sum());
    faults.forEach((fault, times) -> lines.add("  %-20s %d".formatted(fault, times)));
    lines.addAll(counted("deaths", "seen by runs", Summary::deathsByPart));
    lines.add("  at their own step:    " + atSteps());
    lines.addAll(counted("bill", "invoices", RunLine::bill));
    lines.add("decisions   " + runs.stream().mapToInt(RunLine::decisions).sum() + " by staff");
    lines.add(
        "activities  %d of %d met a fault%s"
            .formatted(
                activities.size() - untouched().size(),
                activities.size(),
                untouched().isEmpty() ? "" : "; not: " + String.join(", ", untouched())));
    lines.add("violations  " + violated().size());
    violated().forEach(one -> lines.add("  " + one));
    return lines;
  }

  private static Map<String, Integer> deathsByPart(RunLine run) {
    var byPart = new TreeMap<String, Integer>();
    run.deaths()
        .forEach((death, times) -> byPart.merge(death.split(" ", 2)[0], times, Integer::sum));
    return byPart;
  }

  /// At how many of the steps (before and after each activity) who has died.
  private String atSteps() {
    var steps = new TreeMap<String, Set<String>>();
    for (var run : runs) {
      for (var death : run.deaths().keySet()) {
        var parts = death.split(" ", 2);
        if (parts.length == 2) {
          steps.computeIfAbsent(parts[0], _ -> new TreeSet<>()).add(parts[1]);
        }
      }
    }
    int all = activities.size() * Aims.Moment.values().length;
    return steps.entrySet().stream()
        .map(part -> "%s %d of %d".formatted(part.getKey(), part.getValue().size(), all))
        .collect(Collectors.joining(", "));
  }

  private List<String> counted(
      String name, String what, Function<RunLine, Map<String, Integer>> of) {
    var sums = new TreeMap<String, Integer>();
    runs.forEach(
        run -> of.apply(run).forEach((one, times) -> sums.merge(one, times, Integer::sum)));
    int all = sums.values().stream().mapToInt(Integer::intValue).sum();
    var lines = new ArrayList<String>();
    lines.add("%-11s %d %s".formatted(name, all, what));
    sums.forEach((one, times) -> lines.add("  %-20s %d".formatted(one, times)));
    return lines;
  }

  /// `1..40, 100`.
  private String seeds() {
    var ranges = new ArrayList<String>();
    for (int i = 0; i < runs.size(); i++) {
      long first = runs.get(i).seed();
      long last = first;
      while (i + 1 < runs.size() && runs.get(i + 1).seed() <= last + 1) {
        i++;
        last = runs.get(i).seed();
      }
      ranges.add(first == last ? "" + first : first + ".." + last);
    }
    return String.join(", ", ranges);
  }
}
