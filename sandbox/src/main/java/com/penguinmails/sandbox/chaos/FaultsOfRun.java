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
  private final FaultPlan plan;
  private final ConcurrentHashMap<String, Integer> occurrences = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, AtomicInteger> counters = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Integer> happened = new ConcurrentSkipListMap<>();
  private volatile boolean isCalm;

  /// @param named instead of those that the seed chooses
  FaultsOfRun(long seed, Optional<NamedFaults> named) {
    choice = new FaultChoice(seed);
    plan = named.isPresent() ? named.get() : choice;
  }

  /// What else the seed decides.
  FaultChoice choice() {
    return choice;
  }

  /// Nothing goes wrong any more.
  void calm() {
    isCalm = true;
  }

  /// @param execution names this activity among all of Temporal's
  /// @param attempt counts from 1
  Optional<FaultPlan.Met> next(String entity, String activity, String execution, int attempt) {
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
    var met = plan.at(new Attempt(entity, activity, occurrence, attempt));
    met.ifPresent(one -> happened.merge(activity + " " + one, 1, Integer::sum));
    return met;
  }

  /// How often which activity met what: `Server.Apply SLOW`, `Order.Buy WRONG_ANSWER+DIES_AFTER`.
  Map<String, Integer> happened() {
    return new TreeMap<>(happened);
  }
}
