package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.sweep.SweepActivities.FindMend;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Trouble;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/// See [RepairWorkflow].
public final class RepairWorkflowImpl implements RepairWorkflow {
  @Override
  public RepairResult run(RepairIncident order) {
    var mend =
        Workflow.newActivityStub(
                SweepActivities.class,
                ActivityProfiles.store("Reading what can be done about it", order.pace()))
            .mendOf(new FindMend(order.tenant(), order.incident()));
    if (mend.isEmpty()) {
      return new RepairResult(false, "It is over, or there is nothing that a program can do.");
    }
    try {
      var mended = new Mending(order.pace(), Optional.of(order.person())).mend(mend.get());
      return new RepairResult(mended.isDone(), mended.evidence());
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      var cause = Trouble.of(failure).cause();
      return new RepairResult(false, cause + ": " + cause.what());
    }
  }
}
