package com.penguinmails.sandbox.chaos;

import com.google.protobuf.Message;
import com.penguinmails.workflows.certificate.CertificateWorkflowImpl;
import com.penguinmails.workflows.domain.DomainWorkflowImpl;
import com.penguinmails.workflows.server.ServerWorkflowImpl;
import com.penguinmails.workflows.setup.SetupWorkflowImpl;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import io.temporal.api.common.v1.Payload;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// What is true of every history: no secret is in it, and it can be replayed.
final class HistoryCheck implements AutoCloseable {
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
        CertificateWorkflowImpl.class);
  }

  /// @return what is not true
  List<String> check(List<String> workflows, Collection<String> secrets) {
    var broken = new ArrayList<String>();
    for (var workflow : workflows) {
      history(workflow)
          .ifPresent(history -> {
            checkSecrets(workflow, history, secrets, broken);
            checkReplay(workflow, history, broken);
          });
    }
    return broken;
  }

  /// Empty: it was never started.
  private Optional<WorkflowExecutionHistory> history(String workflow) {
    try {
      return Optional.of(client.fetchHistory(workflow));
    } catch (WorkflowNotFoundException never) {
      return Optional.empty();
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
