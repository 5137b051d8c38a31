package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.stream.Collectors;

/// `070-ca-roots`: extra certificate authorities the host trusts.
final class CaRootsStep implements Step {
  private static final String ROOTS = "/usr/local/share/ca-certificates";
  private static final String BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    int count = Integer.parseInt(step.input("COUNT"));
    for (int number = 1; number <= count; number++) {
      var lines = step.disk().textOrEmpty(ROOTS + "/penguin-" + number + ".crt").lines().toList();
      if (lines.size() > 1 && !step.disk().textOrEmpty(BUNDLE).contains(lines.get(1) + "\n")) {
        verdict.finds(State.PARTIAL, "root %d is not in %s".formatted(number, BUNDLE));
      }
    }
    return verdict.answer(count + " extra roots are trusted");
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    update(step);
  }

  /// `update-ca-certificates`, of which only the machine's own roots are simulated.
  private static void update(StepContext step) {
    step.disk()
        .write(
            BUNDLE,
            step.disk().in(ROOTS).stream()
                .filter(path -> path.endsWith(".crt"))
                .map(step.disk()::textOrEmpty)
                .collect(Collectors.joining()));
  }

  @Override
  public void undo(StepContext step) {
    update(step);
  }
}
