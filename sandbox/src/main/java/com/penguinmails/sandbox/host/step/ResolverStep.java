package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.stream.Collectors;

/// `080-resolver`: unbound on 127.0.0.1 as the only resolver.
final class ResolverStep implements Step {
  private static final String RESOLV = "/etc/resolv.conf";
  private static final String WANTED = "nameserver 127.0.0.1";

  private static String resolvers(StepContext step) {
    return step.disk()
        .textOrEmpty(RESOLV)
        .lines()
        .filter(line -> line.matches("(nameserver|search|domain).*"))
        .map(String::strip)
        .collect(Collectors.joining(" "));
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit("unbound");
    if (verdict.isFine() && !step.machine().isOpen(53)) {
      verdict.finds(State.DRIFT, "nothing answers on 127.0.0.1:53");
    }
    verdict.expectValue(RESOLV, resolvers(step), WANTED);
    return verdict.answer("unbound answers on 127.0.0.1 and is the only resolver");
  }

  @Override
  public void end(StepContext step) {
    step.needFreeMib("/etc", 20);
    step.changeFiles();
    step.runUnit("unbound");
    if (!resolvers(step).equals(WANTED)) {
      step.keepBefore(RESOLV);
      step.disk()
          .write(
              RESOLV,
              "# unbound on this host; DNS blocklists refuse public resolvers.\n"
                  + WANTED
                  + "\noptions edns0 trust-ad\n");
      step.markOurs(RESOLV);
    }
  }

  @Override
  public void undo(StepContext step) {
    if (resolvers(step).equals(WANTED)) {
      step.markOurs(RESOLV);
    }
    step.putBack(RESOLV);
  }
}
