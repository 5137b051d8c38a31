package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// `110-bans`: fail2ban.
final class BansStep implements Step {
  private static final String UNIT = "fail2ban";
  private static final Pattern JAIL = Pattern.compile("(?m)^\\[([a-z]+)]\\s*\\nenabled = true");

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit(UNIT);
    if (verdict.isFine()) {
      var running = jails(step);
      step.words("JAILS").stream()
          .filter(jail -> !running.contains(jail))
          .forEach(jail -> verdict.finds(State.DRIFT, "jail %s is not running".formatted(jail)));
    }
    return verdict.answer("jails are running: " + step.input("JAILS"));
  }

  private static Set<String> jails(StepContext step) {
    var read = step.systemd().hasRead(UNIT, "/etc/fail2ban/jail.d/penguin.local").orElse("");
    var text = read.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining("\n"));
    return JAIL.matcher(text).results().map(jail -> jail.group(1)).collect(Collectors.toSet());
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    step.runUnit(UNIT);
  }
}
