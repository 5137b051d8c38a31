package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;

/// `220-mta-sts`: policies of receivers (RFC 8461).
final class MtaStsStep implements Step {
  private static final String UNIT = "postfix-mta-sts-resolver";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit(UNIT);
    if (verdict.isFine() && !step.machine().isOpen(8461)) {
      verdict.finds(State.DRIFT, "nothing listens on 127.0.0.1:8461");
    }
    return verdict.answer("policies of receivers are looked up on 127.0.0.1:8461");
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    step.runUnit(UNIT);
  }
}
