package com.penguinmails.sandbox.host;

import java.util.Optional;

/// The unit that takes away what our manifest says we put on a host.
record RetireRun(StepHelper helper, String server, String token) implements Runs.Work {
  static final String UNIT = "pm-retire";

  @Override
  public boolean begin() {
    return true;
  }

  @Override
  public void percent(int percent) {
    // It measures nothing.
  }

  @Override
  public void end() {
    try {
      helper.checkServer(server);
      Leaving.takeAway(helper.machine(), helper.steps());
      write(0, "what we put here is gone\n");
    } catch (HelperFailed refused) {
      write(refused.code(), "penguin-step: " + refused.said());
    }
  }

  private void write(int code, String log) {
    helper.results().write(UNIT, token, code, Optional.empty(), log);
  }
}
