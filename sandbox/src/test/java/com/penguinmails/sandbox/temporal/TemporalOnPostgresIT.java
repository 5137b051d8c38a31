package com.penguinmails.sandbox.temporal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.PinnedTool;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.workflows.temporal.SearchColumns;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.Priority;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerOptions;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The Temporal of an installation of several machines: the files of `deploy/temporal/`, with the
/// server and its schema tool from their binaries.
@Timeout(300)
class TemporalOnPostgresIT {
  private static final Path FILES = Path.of("..", "deploy", "temporal").toAbsolutePath();
  private static final String PASSWORD = "of-temporal";
  private static final String QUEUE = "fair";
  private static final int OF_THE_BIG_ONE = 60;
  private static final int OF_THE_SMALL_ONE = 5;

  @TempDir private static Path directory;
  private static EmbeddedDatabase database;
  private static TemporalServer.Place place;
  private static TemporalServer server;
  private static WorkflowServiceStubs service;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.start(directory.resolve("postgres"));
    place = TemporalServer.Place.in(directory.resolve("temporal"));
    server = TemporalServer.start(place, database, PASSWORD);
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server.target()).build());
  }

  @AfterAll
  static void stop() {
    service.shutdownNow();
    server.close();
    database.close();
  }

  @Test
  void keepsItsRunsThroughAKillAndANewStart() {
    var run = client().newUntypedWorkflowStub("SetupWorkflow", to("nobody-listens", "kept", "a"));
    run.start();

    server.kill();
    server.restart();
    assertThat(statusOf(run)).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);

    server.close();
    server = TemporalServer.start(place, database, PASSWORD); // the schema is there already
    assertThat(statusOf(run)).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
  }

  @Test
  void has512ShardsInADatabaseOfItsOwn() {
    assertThat(rowsOf("shards")).isEqualTo(512);
  }

  @Test
  void itsRoleDoesNotEnterTheDatabaseOfTheProduct() {
    database.createDatabaseIfAbsent("penguin");
    Migrations.createRoles(
        database.superuser("penguin"), new Migrations.Passwords("a", "b", "c", "d"));

    assertThatThrownBy(() ->
            JdbcClient.create(database.as("penguin", "temporal", PASSWORD))
                .sql("SELECT 1")
                .query(Integer.class)
                .single())
        .rootCause()
        .hasMessageContaining("permission denied for database \"penguin\"");
  }

  @Test
  void namespaceAndSearchAttributesComeFromTheScript() throws Exception {
    for (int i = 0; i < 2; i++) { // safe to repeat
      var process = new ProcessBuilder(FILES.resolve("namespace.sh").toString());
      var path = PinnedTool.TEMPORAL.executable().getParent() + ":" + System.getenv("PATH");
      process
          .environment()
          .putAll(
              Map.of(
                  "PATH",
                  path,
                  "TEMPORAL_ADDRESS",
                  server.target(),
                  "TEMPORAL_NAMESPACE",
                  "made-by-script"));
      assertSaid(process, "");
    }

    var operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setTarget(server.target())
                .validateAndBuildWithDefaults());
    try {
      assertThat(
              operator
                  .blockingStub()
                  .listSearchAttributes(
                      ListSearchAttributesRequest.newBuilder()
                          .setNamespace("made-by-script")
                          .build())
                  .getCustomAttributesMap()
                  .keySet())
          .containsExactlyInAnyOrderElementsOf(
              SearchColumns.ALL.stream().map(SearchAttributeKey::getName).toList());
    } finally {
      operator.shutdownNow();
    }
  }

  /// One tenant's sixty runs wait when another one's five come: the two take turns.
  @Test
  void aTenantWithManyRunsKeepsNobodyWaiting() {
    var runs = Stream.concat(runs("big", OF_THE_BIG_ONE), runs("small", OF_THE_SMALL_ONE)).toList();
    var before = waitingTasks();
    runs.forEach(WorkflowStub::start);
    await()
        .atMost(Duration.ofMinutes(3)) // its parts find each other anew after another test's kill
        .until(() -> waitingTasks() == before + runs.size());

    var factory = WorkerFactory.newInstance(client());
    var worker =
        factory.newWorker(
            QUEUE, WorkerOptions.newBuilder().setMaxConcurrentWorkflowTaskExecutionSize(2).build());
    worker.registerWorkflowImplementationTypes(NothingImpl.class);
    factory.start();
    try {
      runs.forEach(run -> run.getResult(Void.class));
    } finally {
      factory.shutdownNow();
    }

    var inTurn = new ArrayList<>(runs);
    inTurn.sort(Comparator.comparing(run -> run.describe().getCloseTime()));
    var lastOfTheSmallOne =
        IntStream.range(0, inTurn.size())
            .filter(i -> idOf(inTurn.get(i)).startsWith("small"))
            .max()
            .orElseThrow();
    assertThat(lastOfTheSmallOne)
        .as("%s", inTurn.stream().map(TemporalOnPostgresIT::idOf).toList())
        .isLessThan(3 * OF_THE_SMALL_ONE); // every second one, and two are worked on at a time
  }

  @Test
  void itsSettingsAreOnesItKnows() throws Exception {
    var said =
        assertSaid(
            new ProcessBuilder(
                PinnedTool.TEMPORAL_SERVER.executable().toString(),
                "validate-dynamic-config",
                FILES.resolve("dynamicconfig.yaml").toString()),
            "dynamicconfig.yaml");

    assertThat(said).doesNotContain("warning", "error");
  }

  @WorkflowInterface
  public interface Nothing {
    @WorkflowMethod(name = "Nothing")
    void run();
  }

  public static final class NothingImpl implements Nothing {
    @Override
    public void run() {}
  }

  private static String assertSaid(ProcessBuilder command, String part) throws Exception {
    var process = command.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains(part);
    return said;
  }

  private static Stream<WorkflowStub> runs(String tenant, int count) {
    return IntStream.range(0, count)
        .mapToObj(number ->
            client().newUntypedWorkflowStub("Nothing", to(QUEUE, tenant + "/" + number, tenant)));
  }

  private static WorkflowOptions to(String queue, String id, String tenant) {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(id)
        .setTaskQueue(queue)
        .setPriority(Priority.newBuilder().setFairnessKey(tenant).build())
        .build();
  }

  private static long waitingTasks() {
    return rowsOf("tasks_v2"); // where tasks with a fairness key are kept
  }

  private static long rowsOf(String table) {
    return JdbcClient.create(database.as("temporal", "temporal", PASSWORD))
        .sql("SELECT count(*) FROM " + table)
        .query(Long.class)
        .single();
  }

  private static String idOf(WorkflowStub run) {
    return run.describe().getExecution().getWorkflowId();
  }

  private static WorkflowExecutionStatus statusOf(WorkflowStub run) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptions()
        .until(() -> run.describe().getStatus(), status -> true);
  }

  private static WorkflowClient client() {
    return WorkflowClient.newInstance(
        service, WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build());
  }
}
