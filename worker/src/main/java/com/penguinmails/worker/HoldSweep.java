package com.penguinmails.worker;

import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundSetup;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowUpdateStage;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/// Tells set-ups that they were cancelled, when their runs were not: Temporal was away, or the API
/// died in between. Meanwhile nothing was done for them, because their rows say so.
final class HoldSweep {
  private static final Logger LOG = LoggerFactory.getLogger(HoldSweep.class);
  private static final int AT_ONCE = 100;

  private final SweepStore found;
  private final WorkflowClient temporal;
  private final Duration age;

  HoldSweep(SweepStore found, WorkflowClient temporal, Duration age) {
    this.found = found;
    this.temporal = temporal;
    this.age = age;
  }

  @Scheduled(fixedDelayString = "${penguin.worker.sweep-every:10s}")
  void sweep() {
    try {
      found.setupsNoLongerHeld(age, AT_ONCE).forEach(this::tell);
    } catch (DataAccessException | WorkflowServiceException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The sweep for cancelled set-ups did not finish; it runs again");
    }
  }

  private void tell(FoundSetup setup) {
    try {
      temporal
          .newUntypedWorkflowStub(WorkflowIds.of(setup.setup()))
          .startUpdate(
              UpdateOptions.newBuilder(SetupWorkflow.Accepted.class)
                  .setUpdateName("hold")
                  .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                  .build());
      LOG.atInfo()
          .addKeyValue("setup", setup.setup())
          .log("Told a set-up of its cancel, which it had not heard");
    } catch (WorkflowNotFoundException gone) {
      LOG.atWarn()
          .addKeyValue("setup", setup.setup())
          .log("A cancelled set-up has no run: start it again");
    }
  }
}
