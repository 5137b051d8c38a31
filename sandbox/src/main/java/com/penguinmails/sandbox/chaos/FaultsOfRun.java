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
  private volatile boolean isOverdue;

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

  /// The run takes so long that nothing may go wrong any more, nor anybody die.
  void overdue() {
    isCalm = true;
    isOverdue = true;
  }

  boolean isOverdue() {
    return isOverdue;
  }

  /// @param execution names this activity among all of Temporal's
  /// @param attempt counts from 1
  record Asked(String entity, String activity, String execution, int attempt) {}

  /// @param asksOthers somebody outside is asked, who may give a wrong answer; where nobody is, it
  ///   fails instead
  Optional<FaultPlan.Met> next(Asked asked, boolean asksOthers) {
    if (isCalm) {
      return Optional.empty();
    }
    int occurrence =
        occurrences.computeIfAbsent(
            asked.execution(),
            _ ->
                counters
                    .computeIfAbsent(
                        asked.entity() + " " + asked.activity(), _ -> new AtomicInteger())
                    .getAndIncrement());
    var met =
        plan.at(new Attempt(asked.entity(), asked.activity(), occurrence, asked.attempt()))
            .map(one -> asksOthers ? one : one.with(Fault.WRONG_ANSWER, Fault.FAILS_BEFORE));
    met.ifPresent(one -> happened.merge(asked.activity() + " " + one, 1, Integer::sum));
    return met;
  }

  /// How often which activity met what: `Server.Apply SLOW`, `Order.Buy WRONG_ANSWER+DIES_AFTER`.
  Map<String, Integer> happened() {
    return new TreeMap<>(happened);
  }
}
