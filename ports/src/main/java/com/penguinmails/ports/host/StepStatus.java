package com.penguinmails.ports.host;

import java.util.Optional;
import java.util.OptionalInt;

/// What became of a step that was started.
public sealed interface StepStatus {
  /// What to ask for again.
  String unit();

  /// Still at work.
  ///
  /// @param percent empty when the step does not measure it
  /// @param evidence the last it said
  record Running(String unit, OptionalInt percent, String evidence) implements StepStatus {}

  /// At its end; exit code 0 means that it was applied and its own probe is content.
  ///
  /// @param bootId which boot of the host it ran in
  /// @param answer of the probe after it; empty when it was not asked
  /// @param evidence the last it said
  record Finished(
      String unit,
      String token,
      String bootId,
      int exitCode,
      Optional<StepAnswer> answer,
      String evidence)
      implements StepStatus {}

  /// Neither running nor finished: killed, or the host went down. Start it again.
  record Lost(String unit, String evidence) implements StepStatus {}
}
