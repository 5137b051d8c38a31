package com.penguinmails.workflows.setup;

import io.temporal.client.WorkflowClient;
import java.util.Optional;

/// Looks into histories.
final class WorkflowClientHistories {
  private WorkflowClientHistories() {}

  /// The run before the newest one of this workflow, when it was continued as new.
  static Optional<String> continuedFrom(WorkflowClient client, String workflowId) {
    return client
        .fetchHistory(workflowId)
        .getEvents()
        .getFirst()
        .getWorkflowExecutionStartedEventAttributes()
        .getContinuedExecutionRunId()
        .transform(run -> run.isEmpty() ? Optional.empty() : Optional.of(run));
  }
}
