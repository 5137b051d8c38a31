package com.penguinmails.sandbox.secret;

import com.google.protobuf.Message;
import com.penguinmails.workflows.temporal.codec.AesGcmPayloadCodec;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What Temporal knows of every run: all events with their summaries, and what it shows without a
/// history (search attributes, memo, pending activities with their last failure and heartbeat).
final class Histories {
  private final WorkflowClient client;
  private final AesGcmPayloadCodec codec;

  Histories(WorkflowClient client, CodecKeys keys) {
    this.client = client;
    this.codec = new AesGcmPayloadCodec(keys);
  }

  /// As Temporal has it: what whoever reads its files or its UI sees.
  List<Place> stored() {
    return messages().stream()
        .map(about -> new Place("history of " + about.run(), about.message().toByteArray()))
        .toList();
  }

  /// With every payload decrypted: what staff see.
  List<Place> decoded() {
    return messages().stream()
        .map(about -> new Place("decoded history of " + about.run(), decode(about.message())))
        .toList();
  }

  private List<About> messages() {
    var all = new ArrayList<About>();
    client
        .listExecutions("")
        .forEach(run -> {
          var execution = run.getExecution();
          var name = run.getWorkflowType() + " " + execution.getWorkflowId();
          all.add(
              new About(
                  name,
                  client
                      .fetchHistory(execution.getWorkflowId(), execution.getRunId())
                      .getHistory()));
          all.add(new About(name, describe(execution)));
        });
    return all;
  }

  private Message describe(WorkflowExecution execution) {
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(execution)
                .build());
  }

  private byte[] decode(Message message) {
    var payloads = new ArrayList<Payload>();
    collect(message, payloads);
    var clear = new ByteArrayOutputStream();
    codec.decode(payloads).forEach(payload -> clear.writeBytes(payload.toByteArray()));
    return clear.toByteArray();
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

  private record About(String run, Message message) {}
}
