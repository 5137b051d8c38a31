package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.regex.Pattern;

/// `120-updates`: security updates by themselves.
final class UpdatesStep implements Step {
  private static final String TIMER = "apt-daily-upgrade.timer";
  private static final String SETTINGS = "/etc/apt/apt.conf.d";

  /// The last file that says it counts.
  private static String setting(StepContext step, String name) {
    var line = Pattern.compile("(?m)^" + Pattern.quote(name) + " \"(.*)\";$");
    return step.disk().in(SETTINGS).stream()
        .flatMap(path -> line.matcher(step.disk().textOrEmpty(path)).results())
        .map(found -> found.group(1))
        .reduce("", (first, last) -> last);
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectValue(
        "automatic upgrades", setting(step, "APT::Periodic::Unattended-Upgrade"), "1");
    verdict.expectValue(
        "automatic reboot", setting(step, "Unattended-Upgrade::Automatic-Reboot"), "false");
    if (!step.systemd().enablement(TIMER).equals("enabled")) {
      verdict.finds(State.DRIFT, TIMER + " is off");
    }
    if (!step.systemd().isActive(TIMER)) {
      verdict.finds(State.DRIFT, TIMER + " is not waiting");
    }
    return verdict.answer("security updates come by themselves, reboots do not");
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    step.runUnit("apt-daily.timer");
    step.runUnit(TIMER);
  }
}
