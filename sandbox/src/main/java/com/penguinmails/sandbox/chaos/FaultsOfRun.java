package com.penguinmails.sandbox.chaos;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What happens to the activities of one run, and what has happened.
final class FaultsOfRun {
  private final FaultChoice choice;
  private final ConcurrentHashMap<String, Integer> occurrences = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, AtomicInteger> counters = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Integer> happened = new ConcurrentSkipListMap<>();
  private volatile boolean isCalm;

  FaultsOfRun(long seed) {
    choice = new FaultChoice(seed);
  }

  FaultChoice choice() {
    return choice;
  }

  /// Nothing goes wrong any more.
  void calm() {
    isCalm = true;
  }

  /// @param execution names this activity among all of Temporal's
  /// @param attempt counts from 1
  Optional<FaultChoice.Met> next(String entity, String activity, String execution, int attempt) {
    if (isCalm) {
      return Optional.empty();
    }
    int occurrence =
        occurrences.computeIfAbsent(
            execution,
            _ ->
                counters
                    .computeIfAbsent(entity + " " + activity, _ -> new AtomicInteger())
                    .getAndIncrement());
    var met = choice.at(new Attempt(entity, activity, occurrence, attempt));
    met.ifPresent(one -> happened.merge(activity + " " + one.fault(), 1, Integer::sum));
    return met;
  }

  /// How often which activity met which fault: `Server.Apply SLOW`.
  Map<String, Integer> happened() {
    return new TreeMap<>(happened);
  }
}
