package com.penguinmails.api;

import com.penguinmails.workflows.setup.SetupWorkflow;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/// A set-up's run that only takes commands: the API's tests look at what it is sent.
public final class WaitingSetup implements SetupWorkflow {
  private Stage stage = Stage.STARTED;
  private int retries;
  private boolean isHeld;

  @Override
  public void run(BeginSetup order) {
    Workflow.await(() -> stage == Stage.CANCELLING);
    Workflow.await(() -> false);
  }

  @Override
  public Accepted cancel() {
    stage = Stage.CANCELLING;
    return new Accepted(stage);
  }

  @Override
  public Accepted hold() {
    isHeld = true;
    return new Accepted(stage);
  }

  @Override
  public Accepted resume() {
    isHeld = false;
    return new Accepted(stage);
  }

  @Override
  public Accepted retry() {
    retries++;
    return new Accepted(stage);
  }

  @Override
  public void lookAgain() {}

  @Override
  public SetupView view() {
    return new SetupView(stage, Optional.of(isHeld ? "held" : "retries: " + retries));
  }

  @Override
  public void done(Done reply) {}

  @Override
  public void stuck(Stuck reply) {}

  @Override
  public void owned(Owned reply) {}
}
