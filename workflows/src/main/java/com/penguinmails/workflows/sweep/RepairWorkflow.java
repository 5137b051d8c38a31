package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Pace;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/// One repair that a member of staff wants: of what a sweep found about an order, whether it would
/// be tried by itself or waits for their word.
@WorkflowInterface
public interface RepairWorkflow {
  /// Safe to repeat: what is repaired is not repaired again.
  @WorkflowMethod
  RepairResult run(RepairIncident order);

  /// @param person who wants it
  record RepairIncident(TenantId tenant, IncidentId incident, String person, Pace pace) {}

  /// @param said what was done, or why nothing was
  record RepairResult(boolean isDone, String said) {}
}
