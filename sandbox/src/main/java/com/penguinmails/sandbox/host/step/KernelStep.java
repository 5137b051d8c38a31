package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.sandbox.host.machine.Settings;

/// `050-kernel`: kernel settings for a mail host.
final class KernelStep implements Step {
  private static final String SETTINGS = "/etc/sysctl.d/60-penguin.conf";

  @Override
  public StepAnswer probe(StepContext step) {
    if (step.isContainer()) {
      return step.notApplicable("kernel settings of a container are its host's");
    }
    var verdict = step.verdict();
    verdict.expectFiles();
    Settings.of(step.disk().textOrEmpty(SETTINGS))
        .forEach((name, wanted) ->
            verdict.expectValue(name, step.memory().kernel().getOrDefault(name, ""), wanted));
    return verdict.answer("kernel settings are in force");
  }

  @Override
  public void begin(StepContext step) {
    if (!step.isContainer()) {
      step.changeFiles();
    }
  }

  @Override
  public void end(StepContext step) {
    if (!step.isContainer()) {
      step.changeFiles();
      step.memory().kernel().putAll(Settings.of(step.disk().textOrEmpty(SETTINGS)));
    }
  }
}
