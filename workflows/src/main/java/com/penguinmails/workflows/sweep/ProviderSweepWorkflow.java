package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.temporal.Pace;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/// One look at the whole account at one seller, started by a Schedule: what is paid for and
/// unknown, missing, or other than it was ordered, and servers that nobody looks after.
@WorkflowInterface
public interface ProviderSweepWorkflow {
  /// Ends when everything found is written, and what may be repaired by itself was tried.
  @WorkflowMethod
  SweepResult run(SweepProvider order);

  /// @param provider as settings name it
  record SweepProvider(String provider, Pace pace) {}

  /// As staff read it on the run's page. Components as in [SweepActivities.AccountSwept].
  ///
  /// @param repaired how many were repaired by it
  record SweepResult(int listed, int others, int strays, int open, int closed, int repaired) {}
}
