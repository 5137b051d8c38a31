package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.sweep.SweepActivities.AccountSwept;
import com.penguinmails.workflows.sweep.SweepActivities.CompareAccount;
import com.penguinmails.workflows.sweep.SweepActivities.Mend;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Trouble;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Workflow;
import java.time.Instant;
import java.util.Optional;

/// See [ProviderSweepWorkflow].
public final class ProviderSweepWorkflowImpl implements ProviderSweepWorkflow {
  @Override
  public SweepResult run(SweepProvider order) {
    var swept = compare(order);
    var mending = new Mending(order.pace(), Optional.empty());
    int repaired = (int) swept.mends().stream().filter(mend -> isMended(mending, mend)).count();
    Workflow.setCurrentDetails(
        "%d servers are listed, %d of them none of ours; %d findings are open, %d were repaired."
            .formatted(swept.listed(), swept.others(), swept.open() - repaired, repaired));
    return new SweepResult(
        swept.listed(),
        swept.others(),
        swept.strays(),
        swept.open() - repaired,
        swept.closed(),
        repaired);
  }

  private static AccountSwept compare(SweepProvider order) {
    return Workflow.newActivityStub(
            SweepActivities.class,
            ActivityProfiles.vpsAccount(
                "Comparing the account at %s with the orders".formatted(order.provider()),
                order.provider(),
                order.pace()))
        .compare(
            new CompareAccount(
                order.provider(), Instant.ofEpochMilli(Workflow.currentTimeMillis())));
  }

  /// What cannot be repaired now stays open, is looked at by staff, and tried again by the next
  /// sweep; the others are not held up by it.
  private static boolean isMended(Mending mending, Mend mend) {
    try {
      return mending.mend(mend).isDone();
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      Workflow.getLogger(ProviderSweepWorkflowImpl.class)
          .warn(
              "{} of {} was not done: {}",
              mend.repair(),
              mend.order(),
              Trouble.of(failure).cause());
      return false;
    }
  }
}
