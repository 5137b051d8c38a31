package com.penguinmails.sandbox.chaos;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Faults that somebody has asked for by name: every first attempt of these activities meets them.
///
/// @param byActivity such as `Order.Buy`
record NamedFaults(Map<String, Fault> byActivity) implements FaultPlan {
  NamedFaults {
    byActivity = Map.copyOf(byActivity);
  }

  /// @param asked such as `Order.Buy:ANSWER_LOST`
  /// @param activities every type of activity
  /// @throws IllegalArgumentException with what there is, where something else was asked for
  static NamedFaults of(Collection<String> asked, Set<String> activities) {
    var faults = new TreeMap<String, Fault>();
    for (var one : asked) {
      var parts = one.split(":", -1);
      if (parts.length != 2) {
        throw new IllegalArgumentException(
            "\"%s\" is no fault: Order.Buy:ANSWER_LOST is one".formatted(one));
      }
      if (!activities.contains(parts[0])) {
        throw new IllegalArgumentException(
            "no activity is called \"%s\": there are %s"
                .formatted(parts[0], String.join(", ", activities)));
      }
      var fault =
          Arrays.stream(Fault.values())
              .filter(kind -> kind.name().equals(parts[1]))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "no fault is called \"%s\": there are %s"
                          .formatted(parts[1], List.of(Fault.values()))));
      faults.put(parts[0], fault);
    }
    return new NamedFaults(faults);
  }

  @Override
  public Optional<Met> at(Attempt attempt) {
    return Optional.ofNullable(attempt.number() == 1 ? byActivity.get(attempt.activity()) : null)
        .map(fault -> new Met(List.of(fault), new FaultChoice(0).random(attempt.toString())));
  }
}
