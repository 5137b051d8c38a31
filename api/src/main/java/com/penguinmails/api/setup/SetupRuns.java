package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Rehearsals;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.common.Priority;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Starts and commands the workflows of set-ups. Temporal may be away: the rows are the last word,
/// so a request waits for it a little and then goes on without.
@Service
class SetupRuns {
  private static final Logger log = LoggerFactory.getLogger(SetupRuns.class);

  private final WorkflowClient client;
  private final Duration wait;
  private final Pace pace;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  SetupRuns(WorkflowClient client, ApiSettings settings) {
    this.client = client;
    this.wait = settings.startWait();
    this.pace = settings.pace().pace();
  }

  /// Starts the run of a set-up; one that runs, or ran, is left alone. Safe to repeat.
  ///
  /// @return false when Temporal did not answer in time: the sweep starts it later
  boolean start(TenantId tenant, Setup setup, Server server) {
    return within("start", setup.id(), () -> startNow(tenant, setup, server));
  }

  /// Sends a command to the running set-up. The same update id twice is one command.
  ///
  /// @return false when no worker took it up in time
  boolean command(Setup setup, String command, String updateId) {
    return within(command, setup.id(), () -> commandNow(setup, command, updateId));
  }

  /// Starts the rehearsal that makes a plan: the same workflow, where nothing has an effect. One
  /// that runs, or ran, is left alone. Safe to repeat.
  ///
  /// @return false when Temporal did not answer in time: ask again
  boolean rehearse(TenantId tenant, Plan plan) {
    return within("rehearse", plan.id(), () -> rehearseNow(tenant, plan));
  }

  private boolean rehearseNow(TenantId tenant, Plan plan) {
    var domain = plan.wish().domain();
    var options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(Rehearsals.idOf(plan.id()))
            .setTaskQueue(Rehearsals.queue(TaskQueues.DECISIONS))
            .setWorkflowExecutionTimeout(Plan.REHEARSAL_LIMIT)
            .setWorkflowIdConflictPolicy(
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
            .setTypedSearchAttributes(
                io.temporal.common.SearchAttributes.newBuilder()
                    .set(SearchColumns.TENANT_ID, tenant.toString())
                    .set(SearchColumns.DOMAIN_NAME, domain.value())
                    .set(SearchColumns.STAGE, SetupWorkflow.Stage.STARTED.name())
                    .set(SearchColumns.PROVIDER, plan.wish().server().provider())
                    .build())
            .setStaticSummary("Rehearsal of a set-up of " + domain.unicode())
            .setPriority(Priority.newBuilder().setFairnessKey(tenant.toString()).build())
            .build();
    var order =
        new SetupWorkflow.BeginSetup(
            tenant, new SetupId(plan.id().value()), domain, Pace.quick(), Optional.empty());
    try {
      WorkflowClient.start(client.newWorkflowStub(SetupWorkflow.class, options)::run, order);
    } catch (WorkflowExecutionAlreadyStarted e) {
      log.atDebug().addKeyValue("plan", plan.id()).log("The rehearsal has had its run");
    }
    return true;
  }

  private boolean startNow(TenantId tenant, Setup setup, Server server) {
    var domain = setup.domainName();
    var options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(WorkflowIds.of(setup.id()))
            .setTaskQueue(TaskQueues.DECISIONS)
            .setWorkflowIdConflictPolicy(
                WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
            .setTypedSearchAttributes(
                io.temporal.common.SearchAttributes.newBuilder()
                    .set(SearchColumns.TENANT_ID, tenant.toString())
                    .set(SearchColumns.WORKSPACE_ID, setup.workspace().toString())
                    .set(SearchColumns.SERVER_ID, setup.server().toString())
                    .set(SearchColumns.DOMAIN_NAME, domain.value())
                    .set(SearchColumns.STAGE, SetupWorkflow.Stage.STARTED.name())
                    .set(SearchColumns.PROVIDER, server.provider())
                    .build())
            .setStaticSummary("Set-up of " + domain.unicode())
            .setPriority(Priority.newBuilder().setFairnessKey(tenant.toString()).build())
            .build();
    var order = new SetupWorkflow.BeginSetup(tenant, setup.id(), domain, pace, Optional.empty());
    try {
      WorkflowClient.start(client.newWorkflowStub(SetupWorkflow.class, options)::run, order);
    } catch (WorkflowExecutionAlreadyStarted e) {
      log.atDebug().addKeyValue("setup", setup.id()).log("The set-up's run exists already");
    }
    return true;
  }

  private boolean commandNow(Setup setup, String command, String updateId) {
    var run = client.newUntypedWorkflowStub(WorkflowIds.of(setup.id()));
    try {
      run.startUpdate(
          UpdateOptions.newBuilder(SetupWorkflow.Accepted.class)
              .setUpdateName(command)
              .setUpdateId(updateId)
              .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
              .build());
      return true;
    } catch (WorkflowNotFoundException e) {
      log.atInfo()
          .addKeyValue("setup", setup.id())
          .addKeyValue("command", command)
          .log("No run takes the command: the row holds it");
      return false;
    }
  }

  private boolean within(String what, Object id, Callable<Boolean> call) {
    var answer = calls.submit(call);
    try {
      return answer.get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      // Left running: it may still succeed, and it ends with Temporal's patience.
      log.atWarn()
          .addKeyValue("id", id)
          .addKeyValue("call", what)
          .log("Temporal did not answer in time: the row holds what is wanted");
    } catch (ExecutionException e) {
      log.atWarn()
          .addKeyValue("id", id)
          .addKeyValue("call", what)
          .setCause(e.getCause())
          .log("Temporal did not take the call: the row holds what is wanted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  @PreDestroy
  void stop() {
    calls.shutdownNow();
  }
}
