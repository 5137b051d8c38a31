package com.penguinmails.sandbox.chaos;

import com.google.protobuf.Message;
import com.penguinmails.workflows.certificate.CertificateWorkflowImpl;
import com.penguinmails.workflows.domain.DomainWorkflowImpl;
import com.penguinmails.workflows.server.ServerWorkflowImpl;
import com.penguinmails.workflows.setup.SetupWorkflowImpl;
import com.penguinmails.workflows.sweep.DomainSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.HostSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.RepairWorkflowImpl;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is true of every history: no secret is in it, and it can be replayed.
final class HistoryCheck implements AutoCloseable {
  private static final Duration SETTLES_WITHIN = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final int TRIES_OF_A_TASK = 3;

  private final WorkflowClient client;
  private final AesGcmPayloadCodec codec;
  private final TestWorkflowEnvironment environment;
  private final Worker worker;

  /// @param client of the product
  /// @param keys of its codec
  HistoryCheck(WorkflowClient client, CodecKeys keys) {
    this.client = client;
    this.codec = new AesGcmPayloadCodec(keys);
    environment =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(client.getOptions().getDataConverter())
                        .build())
                .build());
    worker = environment.newWorker(TaskQueues.DECISIONS);
    worker.registerWorkflowImplementationTypes(
        SetupWorkflowImpl.class,
        ServerWorkflowImpl.class,
        DomainWorkflowImpl.class,
        CertificateWorkflowImpl.class,
        ProviderSweepWorkflowImpl.class,
        DomainSweepWorkflowImpl.class,
        HostSweepWorkflowImpl.class,
        RepairWorkflowImpl.class);
  }

  /// @return what is not true
  List<String> check(List<String> workflows, Collection<String> secrets) {
    var broken = new ArrayList<String>();
    for (var workflow : workflows) {
      for (var history : histories(workflow)) {
        checkSecrets(workflow, history, secrets, broken);
        checkReplay(workflow, history, broken);
      }
    }
    return broken;
  }

  /// The newest first, and each that it goes on from. Empty: it was never started.
  private List<WorkflowExecutionHistory> histories(String workflow) {
    var all = new ArrayList<WorkflowExecutionHistory>();
    var run = status(workflow).map(newest -> newest.getExecution().getRunId());
    while (run.isPresent()) {
      var history = client.fetchHistory(workflow, run.get());
      all.add(history);
      run = continued(history);
    }
    return all;
  }

  private static Optional<String> continued(WorkflowExecutionHistory history) {
    var before =
        history
            .getEvents()
            .getFirst()
            .getWorkflowExecutionStartedEventAttributes()
            .getContinuedExecutionRunId();
    return Optional.of(before).filter(id -> !id.isEmpty());
  }

  private Optional<WorkflowExecutionDescription> status(String workflow) {
    try {
      return Optional.of(client.newUntypedWorkflowStub(workflow).describe());
    } catch (WorkflowNotFoundException never) {
      return Optional.empty();
    }
  }

  /// How a run's workflows stand once nothing goes wrong any more; looks again for a while.
  ///
  /// @param workflows the set-up's first
  /// @param isProved the set-up's workflow has ended, the others live on
  /// @return what is not as it should be
  List<String> checkStatus(List<String> workflows, boolean isProved) {
    var end = Instant.now().plus(SETTLES_WITHIN);
    while (true) {
      var broken = new ArrayList<String>();
      for (var workflow : workflows) {
        boolean isToEnd = workflow.equals(workflows.getFirst());
        status(workflow).ifPresent(one -> checkStatus(workflow, one, isToEnd, broken));
      }
      if (isProved && status(workflows.getFirst()).isEmpty()) {
        broken.add(workflows.getFirst() + " was never started");
      }
      if (broken.isEmpty() || Instant.now().isAfter(end)) {
        return broken;
      }
      ChaosWorld.pause(LOOK_AGAIN);
    }
  }

  private static void checkStatus(
      String workflow,
      WorkflowExecutionDescription description,
      boolean isToEnd,
      List<String> broken) {
    var status = description.getStatus();
    boolean isRight =
        status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED
            || (!isToEnd && status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    if (!isRight) {
      broken.add("%s is %s".formatted(workflow, status));
    }
    var pending = description.getRawDescription().getPendingWorkflowTask();
    if (pending.getAttempt() > TRIES_OF_A_TASK) {
      broken.add("%s does not come to a decision".formatted(workflow));
    }
  }

  private void checkSecrets(
      String workflow,
      WorkflowExecutionHistory history,
      Collection<String> secrets,
      List<String> broken) {
    var clear = new StringBuilder(history.getHistory().toString());
    var payloads = new ArrayList<Payload>();
    collect(history.getHistory(), payloads);
    codec.decode(payloads).forEach(payload -> clear.append(payload.getData().toStringUtf8()));
    if (secrets.stream().anyMatch(clear.toString()::contains)) {
      broken.add("a secret is in the history of " + workflow);
    }
  }

  private synchronized void checkReplay(
      String workflow, WorkflowExecutionHistory history, List<String> broken) {
    try {
      WorkflowReplayer.replayWorkflowExecution(history, worker);
    } catch (Exception e) { // whatever it is, it cannot be replayed
      broken.add("%s cannot be replayed: %s".formatted(workflow, e.getMessage()));
    }
  }

  /// Payloads are everywhere: inputs, results, failures, user metadata, headers, memos.
  private static void collect(Object value, List<Payload> found) {
    switch (value) {
      case Payload payload -> found.add(payload);
      case Message message -> message.getAllFields().values().forEach(v -> collect(v, found));
      case Collection<?> several -> several.forEach(one -> collect(one, found));
      default -> {} // a number, a text, an enum
    }
  }

  @Override
  public void close() {
    environment.close();
  }
}
