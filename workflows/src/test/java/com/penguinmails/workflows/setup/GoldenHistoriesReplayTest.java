package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.DomainActivities.PrepareKeys;
import com.penguinmails.workflows.domain.DomainWorkflow;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.api.enums.v1.EventType;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Today's workflow code takes every recorded history to the same end, command by command.
class GoldenHistoriesReplayTest {
  private final TestWorkflowEnvironment temporal =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(GoldenHistories.clientOptions())
              .build());

  @AfterEach
  void stop() {
    temporal.close();
  }

  static Stream<Path> histories() throws IOException {
    try (var files = Files.walk(GoldenHistories.DIRECTORY)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void replays(Path history) {
    var worker = worker(GoldenHistoriesRecorder.types());

    assertThatCode(() -> WorkflowReplayer.replayWorkflowExecution(read(history), worker))
        .doesNotThrowAnyException();
  }

  @Test
  void everyWorkflowHasItsPaths() throws IOException {
    assertThat(histories().map(file -> GoldenHistories.DIRECTORY.relativize(file).toString()))
        .hasSize(24)
        .contains("setup/happy.json", "domain/continued-as-new.json");
  }

  @Test
  void wouldFailIfCommandsWereReordered() throws IOException {
    var worker = worker(KeysBeforeFacts.class);
    var happy = read(GoldenHistories.DIRECTORY.resolve("domain/happy.json"));

    assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecution(happy, worker))
        .hasStackTraceContaining("NonDeterministic");
  }

  @Test
  void spendsNoMoreThanItsBudget() throws IOException {
    int activities = 0;
    int events = 0;
    for (var kind : List.of("setup", "server", "domain", "certificate")) {
      var history = read(GoldenHistories.DIRECTORY.resolve(kind + "/happy.json"));
      events += history.getEvents().size();
      activities +=
          (int)
              history.getEvents().stream()
                  .filter(e -> e.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                  .count();
    }

    // With two steps to apply on the host; each further one costs an activity. Growth is a
    // decision.
    assertThat(activities).isLessThanOrEqualTo(Budget.ACTIVITIES);
    assertThat(events).isLessThanOrEqualTo(Budget.EVENTS);
  }

  /// What the happy set-up may cost, all four runs together.
  private static final class Budget {
    static final int ACTIVITIES = 35;
    static final int EVENTS = 310;
  }

  private Worker worker(Class<?>... types) {
    var worker = temporal.newWorker(TaskQueues.DECISIONS);
    worker.registerWorkflowImplementationTypes(types);
    return worker;
  }

  private static WorkflowExecutionHistory read(Path file) throws IOException {
    return WorkflowExecutionHistory.fromJson(Files.readString(file));
  }

  /// The domain's workflow with two commands the other way round, on purpose.
  public static final class KeysBeforeFacts implements DomainWorkflow {
    @Override
    public void run(BeginDomain order) {
      Workflow.newActivityStub(DomainActivities.class, ActivityProfiles.store("keys first"))
          .prepareKeys(new PrepareKeys(order.tenant(), order.domain(), order.wanted().setup()));
    }

    @Override
    public DomainState view() {
      return new DomainState(0, List.of());
    }

    @Override
    public void wanted(Wanted wanted) {
      // never asked in the replay
    }
  }
}
