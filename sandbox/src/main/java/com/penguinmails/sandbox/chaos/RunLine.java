package com.penguinmails.sandbox.chaos;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What became of one run: a line of the file of runs.
///
/// @param commit of the product
/// @param state of the set-up in the end
/// @param causes for which it asked for attention in the end
/// @param faults how often which activity met which fault: `Server.Apply SLOW`
/// @param deaths who died while it was under way, and how often; other runs at that time saw it too
/// @param bill what the seller charged for, and how often: `add_instance`
/// @param decisions how often staff had to decide something
/// @param violations what should have been true and was not
record RunLine(
    long seed,
    String commit,
    String story,
    String state,
    List<String> causes,
    Map<String, Integer> faults,
    Map<String, Integer> deaths,
    Map<String, Integer> bill,
    int decisions,
    long millis,
    List<String> violations) {
  /// The same run, of which more is known.
  RunLine with(List<String> more) {
    return new RunLine(
        seed, commit, story, state, causes, faults, deaths, bill, decisions, millis, more);
  }

  /// The same run once more, or a later line about it: the later one counts, and violations of
  /// either.
  RunLine and(RunLine later) {
    return later.with(
        Stream.concat(violations.stream(), later.violations.stream()).distinct().toList());
  }
}
