package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.List;

/// `030-time`: a synchronised clock.
final class TimeStep implements Step {
  private static final String TIMESYNCD = "systemd-timesyncd";

  @Override
  public StepAnswer probe(StepContext step) {
    if (step.isContainer()) {
      return step.notApplicable("the clock of a container is its host's");
    }
    var verdict = step.verdict();
    if (!step.systemd().isActive(TIMESYNCD)) {
      verdict.finds(State.ABSENT, "no time service is running");
    } else if (!step.memory().isClockSynchronised()) {
      verdict.finds(State.PARTIAL, "systemd-timesyncd runs but has not synchronised yet");
    }
    return verdict.answer(TIMESYNCD + " keeps the clock");
  }

  @Override
  public void end(StepContext step) {
    if (step.isContainer()) {
      return;
    }
    if (!step.systemd().exists(TIMESYNCD)) {
      Apt.check(step.machine().conditions(), step.input("LOCK_SECONDS"));
      PackagesStep.listPackages(step);
      step.packages().install(List.of(TIMESYNCD));
    }
    step.runUnit(TIMESYNCD);
  }
}
