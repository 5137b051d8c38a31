package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.sandbox.world.WorkerProcess;
import com.penguinmails.workflows.model.DomainName;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/// An update: the worker of the newest release and that of this build, on one database and one
/// Temporal. What either has begun the other ends, because each replays what the other decided;
/// also while both are at work, as in a rolling update. `docs/changing-workflows.md` says what is
/// promised, and what is not tried here.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(900)
class TwoBuildsIT {
  private static final String IN_THE_MIDDLE = "server/020-packages";
  private static final int AT_ONCE = 3;
  private static final Map<String, String> ANY_PORT = Map.of("server.port", "0");

  /// What Temporal says of a run whose code does not do again what its history says, or cannot go
  /// on at all.
  private static final Set<WorkflowTaskFailedCause> BROKEN =
      Set.of(
          WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR,
          WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE);

  private SandboxWorld world;
  private Path logs;
  private ConfigurableApplicationContext api;
  private TenantClient client;
  private WorkflowServiceStubs service;
  private WorkflowClient temporal;
  private final List<ChildProcess> workers = new ArrayList<>();
  private int starts;

  @BeforeAll
  void startWorld(@TempDir Path directory) {
    logs = directory.resolve("workers");
    world =
        SandboxWorld.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}));
    world.simulatedHosts().learn(PreviousBuild.templates());
    api = RunningProduct.startApi(world);
    client = DemoTenant.of(world).client();
    service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(world.temporal().target()).build());
    temporal =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build());
  }

  @AfterEach
  void stopWorkers() {
    workers.stream().filter(ChildProcess::isAlive).forEach(ChildProcess::kill);
    workers.clear();
  }

  @AfterAll
  void stopWorld() {
    service.shutdownNow();
    client.close();
    api.close();
    world.destroy();
  }

  @Test
  void endsWhatThePreviousBuildBegan() {
    var previous = startPrevious();
    var setup = order("update");
    untilInTheMiddle(setup);

    previous.kill();
    var today = startToday();

    untilProved(setup);
    assertBothDecided(setup, previous, today);
  }

  /// An update that is taken back: only as long as no run has met a change id of this build.
  @Test
  void isEndedByThePreviousBuild() {
    var today = startToday();
    var setup = order("way-back");
    untilInTheMiddle(setup);

    today.kill();
    var previous = startPrevious();

    untilProved(setup);
    assertBothDecided(setup, previous, today);
  }

  @Test
  void sharesTheWorkWithThePreviousBuild() {
    var previous = startPrevious();
    var today = startToday();

    var setups = IntStream.range(0, AT_ONCE).mapToObj(n -> order("rolling-" + n)).toList();

    setups.forEach(this::untilProved);
    var deciders = setups.stream().flatMap(setup -> deciders("setup/" + setup.id())).toList();
    assertThat(deciders).anyMatch(by(previous)).anyMatch(by(today));
  }

  private ChildProcess startPrevious() {
    return untilAtWork(PreviousBuild.startWorker(world, logs, ++starts, ANY_PORT));
  }

  private ChildProcess startToday() {
    return untilAtWork(WorkerProcess.start(world, logs, ++starts, ANY_PORT));
  }

  private ChildProcess untilAtWork(ChildProcess worker) {
    workers.add(worker);
    await()
        .atMost(Duration.ofMinutes(2))
        .failFast(
            () -> assertThat(worker.isAlive()).as("it ended: %s", worker.lastWords(20)).isTrue())
        .until(() -> WorkerProcess.isAtWork(worker));
    return worker;
  }

  private TenantSetup order(String name) {
    var domain = new DomainName(name + ".test");
    return TenantSetup.order(client, name, DemoTenant.of(world).purchase(domain));
  }

  private void untilInTheMiddle(TenantSetup setup) {
    await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> setup.hasBegun(IN_THE_MIDDLE));
  }

  private void untilProved(TenantSetup setup) {
    await()
        .atMost(Duration.ofMinutes(4))
        .pollInterval(Duration.ofSeconds(1))
        .failFast(this::assertNothingIsBroken)
        .untilAsserted(() -> assertThat(setup.state()).as("%s", setup.look()).isEqualTo("DONE"));
    assertNothingIsBroken();
    assertThat(TestedProduct.labels(world, setup)).as("one server for it").hasSize(1);
  }

  private void assertBothDecided(TenantSetup setup, ChildProcess previous, ChildProcess today) {
    for (var run : List.of("setup/" + setup.id(), TestedProduct.serverRun(world, setup))) {
      assertThat(deciders(run)).as(run).anyMatch(by(previous)).anyMatch(by(today));
    }
  }

  private void assertNothingIsBroken() {
    var failed =
        temporal
            .listExecutions("")
            .flatMap(run ->
                temporal
                    .fetchHistory(run.getExecution().getWorkflowId(), run.getExecution().getRunId())
                    .getEvents()
                    .stream()
                    .filter(HistoryEvent::hasWorkflowTaskFailedEventAttributes)
                    .map(HistoryEvent::getWorkflowTaskFailedEventAttributes)
                    .filter(task -> BROKEN.contains(task.getCause()))
                    .map(task -> run.getExecution().getWorkflowId() + ": " + task))
            .toList();
    assertThat(failed).isEmpty();
  }

  /// Who made the decisions of a run, one by one.
  private Stream<String> deciders(String workflowId) {
    return temporal.fetchHistory(workflowId).getEvents().stream()
        .filter(HistoryEvent::hasWorkflowTaskCompletedEventAttributes)
        .map(event -> event.getWorkflowTaskCompletedEventAttributes().getIdentity());
  }

  private static Predicate<String> by(ChildProcess worker) {
    return identity -> identity.startsWith(worker.pid() + "@");
  }
}
