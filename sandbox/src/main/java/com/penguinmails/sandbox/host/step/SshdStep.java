package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.SshdSettings;
import java.util.Locale;
import java.util.regex.Pattern;

/// `090-sshd`: sshd is harder to guess at.
final class SshdStep implements Step {
  static final String DROP_IN = "/etc/ssh/sshd_config.d/10-penguin.conf";
  private static final Pattern SETTING = Pattern.compile("(?m)^([A-Z]\\S*) +(.+)$");

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    var effective = SshdSettings.read(step.disk()).values();
    SETTING
        .matcher(step.disk().textOrEmpty(DROP_IN))
        .results()
        .forEach(setting ->
            verdict.expectValue(
                "sshd " + setting.group(1),
                effective.getOrDefault(setting.group(1).toLowerCase(Locale.ROOT), ""),
                setting.group(2)));
    if (!step.systemd().isActive("ssh")) {
      verdict.finds(State.DRIFT, "ssh is not running");
    }
    return verdict.answer("sshd allows few tries; " + Reverts.ask(step.machine(), "sshd"));
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    if (step.isChanged()) {
      Reverts.arm(step.machine(), "sshd");
      step.systemd().reload("ssh");
    }
    step.started("ssh");
  }

  @Override
  public void undo(StepContext step) {
    step.systemd().reload("ssh");
  }
}
