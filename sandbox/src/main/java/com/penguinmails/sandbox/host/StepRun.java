package com.penguinmails.sandbox.host;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.sandbox.host.step.Bundle;
import com.penguinmails.sandbox.host.step.Manifest;
import com.penguinmails.sandbox.host.step.StepFailed;
import java.util.Optional;

/// A unit that applies one step.
record StepRun(StepHelper helper, String unit, String step, String token, Bundle bundle)
    implements Runs.Work {

  @Override
  public boolean begin() {
    try {
      helper.check(bundle);
    } catch (HelperFailed refused) {
      write(refused.code(), Optional.empty(), "penguin-step: " + refused.said());
      return false;
    }
    new Manifest(bundle.server(), bundle.version(), bundle.hash()).write(helper.machine().disk());
    helper.results().forgetPercent(unit);
    try {
      helper.steps().begin(bundle, step);
      return true;
    } catch (StepFailed failed) {
      failed(failed);
      return false;
    }
  }

  @Override
  public void percent(int percent) {
    helper.results().percent(unit, percent);
  }

  @Override
  public void end() {
    helper.results().forgetPercent(unit);
    try {
      var answer = helper.steps().end(bundle, step);
      OurPackages.count(helper.machine());
      boolean isContent = answer.isSettled();
      write(
          isContent ? 0 : 1,
          Optional.of(answer),
          isContent
              ? ""
              : "applied, but the probe is not content: " + UnitResults.line(answer) + "\n");
    } catch (StepFailed failed) {
      failed(failed);
    }
  }

  private void failed(StepFailed failed) {
    OurPackages.count(helper.machine());
    write(1, Optional.empty(), failed.getMessage() + "\n");
  }

  private void write(int code, Optional<StepAnswer> answer, String log) {
    helper.results().write(unit, token, code, answer, log);
  }
}
