package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.DomainActivities.PlanRecords;
import com.penguinmails.workflows.domain.DomainWorkflow;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import io.temporal.workflow.Workflow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Today's workflow code takes every recorded history to the same end, command by command.
class GoldenHistoriesReplayTest {
  private static final Path FIRST = GoldenHistories.of("0.1.0");
  private static final List<String> PATHS =
      List.of(
          "happy",
          "bought",
          "bought-after-staff-looked",
          "adopted",
          "address-changed",
          "replaced",
          "ownership-awaited",
          "waiting-for-dns",
          "waiting-for-the-proof",
          "wanted-in-a-step",
          "held-and-resumed",
          "held-and-taken-back",
          "moved",
          "move-taken-back",
          "mailboxes",
          "renewed",
          "rehearsed",
          "cancelled-in-a-step",
          "cancelled-before-contact",
          "cancelled-while-buying",
          "cancelled-while-building",
          "cancelled-while-waiting-for-dns",
          "cancelled-while-the-authority-waits",
          "cancelled-while-proving",
          "continued-as-new");

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

    assertThatCode(
            () -> WorkflowReplayer.replayWorkflowExecution(GoldenHistories.read(history), worker))
        .doesNotThrowAnyException();
  }

  @Test
  void everyWorkflowHasItsPaths() throws IOException {
    var recorded =
        histories()
            .filter(file -> file.startsWith(FIRST))
            .map(file -> FIRST.relativize(file).toString())
            .toList();

    for (var kind : List.of("setup", "server", "domain", "certificate")) {
      assertThat(recorded)
          .containsAll(PATHS.stream().map(path -> kind + "/" + path + ".json").toList());
    }
    assertThat(recorded).contains("setup/cancelled-at-once.json");
    assertThat(recorded)
        .as("runs that end by continuing as new")
        .contains("setup/continued-as-new-1.json", "domain/continued-as-new-1.json");
  }

  @Test
  void aReplyToAnEndedRunIsAmongThem() throws IOException {
    var events =
        GoldenHistories.read(FIRST.resolve("server/cancelled-while-building.json")).getEvents();

    assertThat(events)
        .extracting(HistoryEvent::getEventType)
        .contains(EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED)
        .endsWith(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
  }

  @ParameterizedTest
  @MethodSource("histories")
  void holdsNoCredentialEvenDecrypted(Path history) throws IOException {
    var decrypted = new ArrayList<String>();
    for (var event : GoldenHistories.read(history).getEvents()) {
      decrypt(event, decrypted);
    }

    assertThat(String.join("\n", decrypted).toLowerCase(Locale.ROOT))
        .as("decrypting works: the tenant is seen")
        .contains("00000000-0000-0003-0000-000000000002")
        .doesNotContain("-----begin", "\"password\"", "\"privatekey\"", "\"secret\"");
  }

  @Test
  void wouldFailIfCommandsWereReordered() throws IOException {
    var worker = worker(PlanBeforeKeys.class);
    var happy = GoldenHistories.read(FIRST.resolve("domain/happy.json"));

    assertThatThrownBy(() -> WorkflowReplayer.replayWorkflowExecution(happy, worker))
        .hasStackTraceContaining("NonDeterministic");
  }

  @Test
  void spendsExactlyItsBudget() throws IOException {
    var spent = new TreeMap<String, String>();
    for (var kind : List.of("setup", "server", "domain", "certificate")) {
      var events = GoldenHistories.read(FIRST.resolve(kind + "/happy.json")).getEvents();
      var activities =
          events.stream()
              .filter(e -> e.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
              .count();
      spent.put(kind + ".activities", String.valueOf(activities));
      spent.put(kind + ".events", String.valueOf(events.size()));
    }
    var budget = new Properties();
    try (var file =
        Files.newBufferedReader(GoldenHistories.DIRECTORY.resolve("budget.properties"))) {
      budget.load(file);
    }

    assertThat(spent).isEqualTo(budget);
  }

  private Worker worker(Class<?>... types) {
    var worker = temporal.newWorker(TaskQueues.DECISIONS);
    worker.registerWorkflowImplementationTypes(ChangeIds.shown(), types);
    return worker;
  }

  private static void decrypt(Message message, List<String> into) {
    if (message instanceof Payload payload) {
      into.add(GoldenHistories.clear(payload).getData().toString(StandardCharsets.UTF_8));
      return;
    }
    for (var field : message.getAllFields().entrySet()) {
      var values = field.getValue() instanceof List<?> list ? list : List.of(field.getValue());
      for (var value : values) {
        if (value instanceof Message inner) {
          decrypt(inner, into);
        } else {
          into.add(String.valueOf(value));
        }
      }
    }
  }

  /// The domain's workflow with two commands the other way round, on purpose.
  public static final class PlanBeforeKeys implements DomainWorkflow {
    @Override
    public void run(BeginDomain order) {
      Workflow.newActivityStub(
              DomainActivities.class, ActivityProfiles.store("plan first", Pace.production()))
          .plan(new PlanRecords(order.tenant(), order.domain(), order.wanted().setup()));
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
