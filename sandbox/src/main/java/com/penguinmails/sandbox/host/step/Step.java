package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;

/// One kind of step: what its script looks at and does.
interface Step {
  StepAnswer probe(StepContext step);

  /// The first half of `apply`; a kill may come after it.
  default void begin(StepContext step) {
    step.changeFiles();
  }

  /// The rest of `apply`, which does the first half again where it must.
  void end(StepContext step);

  /// What files and packages going does not take back.
  default void undo(StepContext step) {}
}
