package com.penguinmails.sandbox.chaos;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// At which steps of the work which process is still to die: before and after each activity there
/// is. When a process has died at all of them, it begins anew.
final class Aims {
  private static final Pattern WRITTEN = Pattern.compile("([A-Z]+) (\\S+ (?:BEFORE|AFTER))");

  private final Set<String> all;
  private final Map<Part, Set<String>> left = new EnumMap<>(Part.class);

  /// @param activities every type of activity
  Aims(Collection<String> activities) {
    var steps = new TreeSet<String>();
    for (var activity : activities) {
      for (var moment : Moment.values()) {
        steps.add(step(activity, moment));
      }
    }
    all = Set.copyOf(steps);
  }

  /// Of an activity.
  enum Moment {
    /// Nothing is done yet.
    BEFORE,
    /// It is done, and nobody was told.
    AFTER
  }

  static String step(String activity, Moment moment) {
    return activity + " " + moment;
  }

  /// How a death at a step is written down: `TEMPORAL Order.Buy AFTER`.
  static String death(Part part, String step) {
    return part + " " + step;
  }

  /// Counts deaths of an earlier stretch as done.
  ///
  /// @param deaths as written by [#death]; others are passed over
  void remember(Collection<String> deaths) {
    deaths.stream()
        .map(WRITTEN::matcher)
        .filter(death -> death.matches())
        .forEach(death -> take(Part.valueOf(death.group(1)), death.group(2)));
  }

  /// What is left for a process.
  synchronized Set<String> left(Part part) {
    return Set.copyOf(of(part));
  }

  /// @return whether the process is to die at this step; from then on it is done
  synchronized boolean take(Part part, String step) {
    return of(part).remove(step);
  }

  private Set<String> of(Part part) {
    var steps = left.computeIfAbsent(part, _ -> new TreeSet<>(all));
    if (steps.isEmpty()) {
      steps.addAll(all);
    }
    return steps;
  }
}
