package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;

/// `060-journal`: the journal is kept over reboots, within bounds.
final class JournalStep implements Step {
  private static final String UNIT = "systemd-journald";
  private static final String KEPT = "/var/log/journal";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    if (!step.systemd().isActive(UNIT)) {
      verdict.finds(State.DRIFT, "systemd-journald is not running");
    }
    if (!step.disk().isDirectory(KEPT)) {
      verdict.finds(State.ABSENT, "no /var/log/journal: logs end with a reboot");
    }
    return verdict.answer("the journal is kept, 500 MB and 10 days at most");
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    if (!step.disk().isDirectory(KEPT)) {
      step.disk().makeDirectory(KEPT, "root:root", "0755");
    }
    if (step.isChanged() || !step.systemd().isActive(UNIT)) {
      step.systemd().stop(UNIT);
      step.started(UNIT);
    }
  }
}
