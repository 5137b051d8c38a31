package com.penguinmails.worker;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundSetup;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.SearchAttributes;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/// Starts set-ups whose row is there but whose run is not: the API wrote the row while Temporal was
/// away, or died in between. And those that are proved, given up, and due: their run has ended long
/// ago, another takes back what they made. Where that one was lost as well, it is started again.
final class SetupSweep {
  private static final Logger LOG = LoggerFactory.getLogger(SetupSweep.class);
  private static final int AT_ONCE = 100;

  private final SweepStore found;
  private final Stores stores;
  private final WorkflowClient temporal;
  private final Pace pace;
  private final Duration age;

  SetupSweep(SweepStore found, Stores stores, WorkflowClient temporal, Pace pace, Duration age) {
    this.found = found;
    this.stores = stores;
    this.temporal = temporal;
    this.pace = pace;
    this.age = age;
  }

  @Scheduled(fixedDelayString = "${penguin.worker.sweep-every:10s}")
  void sweep() {
    sweeping(() -> {
      found
          .setupsWithoutRun(age, AT_ONCE)
          .forEach(setup ->
              start(setup, WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE));
      found
          .setupsToRetire(AT_ONCE)
          .forEach(setup ->
              start(setup, WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE));
    });
  }

  /// Seldom: most of them have a run, which may wait for days.
  @Scheduled(fixedDelayString = "1m")
  void sweepLostRuns() {
    sweeping(() ->
        found
            .setupsTakingBack()
            .forEach(setup ->
                start(setup, WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)));
  }

  private static void sweeping(Runnable work) {
    try {
      work.run();
    } catch (DataAccessException | WorkflowServiceException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The sweep for set-ups without a run did not finish; it runs again");
    }
  }

  private void start(FoundSetup setup, WorkflowIdReusePolicy again) {
    var name =
        stores
            .tenancy()
            .reading(setup.tenant(), () -> stores.setups().get(setup.setup()).domainName());
    var run = temporal.newWorkflowStub(SetupWorkflow.class, options(setup, name, again));
    try {
      WorkflowClient.start(
          run::run, new BeginSetup(setup.tenant(), setup.setup(), name, pace, Optional.empty()));
      LOG.atInfo().addKeyValue("setup", setup.setup()).log("Started a set-up that had no run");
    } catch (WorkflowExecutionAlreadyStarted known) {
      LOG.atDebug().addKeyValue("setup", setup.setup()).log("The set-up has a run, or has had it");
    }
  }

  private static WorkflowOptions options(
      FoundSetup setup, DomainName name, WorkflowIdReusePolicy again) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(WorkflowIds.of(setup.setup()))
        .setTaskQueue(TaskQueues.DECISIONS)
        .setWorkflowIdConflictPolicy(WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
        .setWorkflowIdReusePolicy(again)
        .setStaticSummary("Set-up of " + name)
        .setTypedSearchAttributes(
            SearchAttributes.newBuilder()
                .set(SearchColumns.TENANT_ID, setup.tenant().toString())
                .set(SearchColumns.DOMAIN_NAME, name.value())
                .set(SearchColumns.STAGE, SetupWorkflow.Stage.STARTED.name())
                .build())
        .build();
  }
}
