package com.penguinmails.worker.staff;

import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.sweep.RepairWorkflow;
import com.penguinmails.workflows.sweep.RepairWorkflow.RepairIncident;
import com.penguinmails.workflows.sweep.RepairWorkflow.RepairResult;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// Has what sweeps found repaired, by a run of its own. Close it after use.
final class RepairRuns implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5); // a seller may answer late

  private final StaffTemporal temporal;
  private final Pace pace;

  RepairRuns(StaffSettings settings) {
    temporal = new StaffTemporal(settings);
    pace = settings.pace();
  }

  /// Waits for its end. Whoever asks meanwhile, too, waits for the same.
  ///
  /// @throws NotKnown nobody answered; it goes on by itself
  RepairResult repair(TenantId tenant, IncidentId incident, String person) {
    var id = WorkflowIds.repairOf(incident);
    var run =
        temporal
            .client()
            .newWorkflowStub(
                RepairWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(id)
                    .setWorkflowIdConflictPolicy(
                        WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                    .build());
    var order = new RepairIncident(tenant, incident, person, pace);
    try {
      return CompletableFuture.supplyAsync(() -> WorkflowClient.execute(run::run, order).join())
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WorkflowException failed) {
        throw new NotTaken("The run %s failed; see it in Temporal.".formatted(id), failed);
      }
      throw new NotKnown(
          "Nobody answered within %d s: Temporal at %s, every worker or the seller is away. If the run %s has begun, it goes on; the same command may be repeated."
              .formatted(PATIENCE.toSeconds(), temporal.address(), id),
          e);
    }
  }

  @Override
  public void close() {
    temporal.close();
  }
}
