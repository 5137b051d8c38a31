package com.penguinmails.store.setup;

import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// What an activity learned about a step. Components as in [Progress].
public record ProgressReport(
    EntityKind kind,
    UUID entity,
    String step,
    String title,
    Progress.State state,
    int attempts,
    Optional<String> waitingFor,
    Optional<Helper> whoCanHelp,
    String evidence,
    OptionalInt percent) {

  /// The plainest form: a state and what was seen.
  public static ProgressReport of(
      EntityKind kind,
      UUID entity,
      String step,
      String title,
      Progress.State state,
      int attempts,
      String evidence) {
    return new ProgressReport(
        kind,
        entity,
        step,
        title,
        state,
        attempts,
        Optional.empty(),
        Optional.empty(),
        evidence,
        OptionalInt.empty());
  }

  /// What the row says already.
  static ProgressReport of(Progress row) {
    return new ProgressReport(
        row.kind(),
        row.entity(),
        row.step(),
        row.title(),
        row.state(),
        row.attempts(),
        row.waitingFor(),
        row.whoCanHelp(),
        row.evidence(),
        row.percent());
  }

  /// The same, waiting for something somebody can help with.
  public ProgressReport waitingFor(String what, Helper helper) {
    return new ProgressReport(
        kind,
        entity,
        step,
        title,
        state,
        attempts,
        Optional.of(what),
        Optional.of(helper),
        evidence,
        percent);
  }

  /// The same, measured.
  public ProgressReport percent(int measured) {
    return new ProgressReport(
        kind,
        entity,
        step,
        title,
        state,
        attempts,
        waitingFor,
        whoCanHelp,
        evidence,
        OptionalInt.of(measured));
  }
}
