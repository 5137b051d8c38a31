package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// In a rolling update today's activities answer runs that the release before decides, and which
/// passes over what it does not know. Today's workflow code replays them later, with those answers,
/// and must decide as it did then: a new component of an answer changes no command without a change
/// id.
class NewerAnswersReplayTest {
  private final TestWorkflowEnvironment temporal =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(GoldenHistories.clientOptions())
              .build());

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void anIncidentThatNobodyKnewOf() throws IOException {
    replays(answered("server", "Server.Facts", "isIncidentOpen", "true"));
    replays(answered("domain", "Domain.Prepare", "isIncidentOpen", "true"));
    replays(answered("certificate", "Certificate.Facts", "isIncidentOpen", "true"));
  }

  @Test
  void aSetUpThatWasOver() throws IOException {
    replays(answered("setup", "Proof.Send", "over", "\"CANCELLING\""));
  }

  private void replays(WorkflowExecutionHistory history) {
    var worker = temporal.newWorker(TaskQueues.DECISIONS + history.hashCode());
    worker.registerWorkflowImplementationTypes(ChangeIds.shown(), GoldenHistoriesRecorder.types());

    assertThatCode(() -> WorkflowReplayer.replayWorkflowExecution(history, worker))
        .doesNotThrowAnyException();
  }

  /// The ordinary run of the first release, in which every answer of an activity has one more
  /// component.
  private static WorkflowExecutionHistory answered(
      String kind, String activity, String component, String value) throws IOException {
    var events = new ArrayList<HistoryEvent>();
    var activities = new HashMap<Long, String>();
    int answers = 0;
    for (var event :
        GoldenHistories.read(GoldenHistories.of("0.1.0").resolve(kind).resolve("happy.json"))
            .getEvents()) {
      activities.put(
          event.getEventId(),
          event.getActivityTaskScheduledEventAttributes().getActivityType().getName());
      var done = event.getActivityTaskCompletedEventAttributes();
      if (activity.equals(activities.get(done.getScheduledEventId()))) {
        answers++;
        var answer = with(done.getResult().getPayloads(0), component, value);
        events.add(
            event.toBuilder()
                .setActivityTaskCompletedEventAttributes(
                    done.toBuilder().setResult(Payloads.newBuilder().addPayloads(answer)))
                .build());
      } else {
        events.add(event);
      }
    }
    assertThat(answers).as("answers of %s", activity).isPositive();
    return new WorkflowExecutionHistory(
        History.newBuilder().addAllEvents(List.copyOf(events)).build());
  }

  private static Payload with(Payload encrypted, String component, String value)
      throws IOException {
    var json = PenguinDataConverter.json();
    var clear = GoldenHistories.clear(encrypted);
    var answer = (ObjectNode) json.readTree(clear.getData().toStringUtf8());
    assertThat(answer.has(component)).as("%s in 0.1.0", component).isFalse();
    answer.set(component, json.readTree(value));
    return clear.toBuilder()
        .setData(ByteString.copyFromUtf8(json.writeValueAsString(answer)))
        .build();
  }
}
