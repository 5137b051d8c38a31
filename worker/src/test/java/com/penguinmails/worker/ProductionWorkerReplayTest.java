package com.penguinmails.worker;

import static org.assertj.core.api.Assertions.assertThatCode;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.setup.GoldenHistories;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.TaskQueues;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.ds.PGSimpleDataSource;

/// The worker as production builds it, interceptors and all, replays every recorded history.
class ProductionWorkerReplayTest {
  private static final Path HISTORIES =
      Path.of("..", "workflows").resolve(GoldenHistories.DIRECTORY);
  private static final TestWorkflowEnvironment TEMPORAL =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(GoldenHistories.clientOptions())
              // A replay runs no activity, so nobody asks the database.
              .setWorkerFactoryOptions(
                  TemporalConfiguration.factoryOptions(
                      Stores.on(new Tenancy(new PGSimpleDataSource())), Stream.of()))
              .build());

  @AfterAll
  static void stop() {
    TEMPORAL.close();
  }

  static List<Path> histories() throws IOException {
    try (var files = Files.walk(HISTORIES)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("histories")
  void replays(Path history) {
    var worker = TEMPORAL.newWorker(TaskQueues.DECISIONS + "/" + history);
    worker.registerWorkflowImplementationTypes(
        ChangeIds.shown(), TemporalConfiguration.workflowTypes());

    assertThatCode(
            () -> WorkflowReplayer.replayWorkflowExecution(GoldenHistories.read(history), worker))
        .doesNotThrowAnyException();
  }
}
