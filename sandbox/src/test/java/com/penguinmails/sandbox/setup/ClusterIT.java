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
import com.penguinmails.workflows.temporal.TaskQueues;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;

/// The topology of `deploy/`: Temporal on PostgreSQL with 512 shards, an API, and two workers in
/// processes of their own. One of them is killed (SIGKILL) while set-ups are under way: the other
/// one brings all to their proof, and each has one server.
@Timeout(900)
class ClusterIT {
  private static final int SETUPS = 4;

  private SandboxWorld world;
  private ConfigurableApplicationContext api;
  private TenantClient client;
  private ChildProcess survivor;
  private ChildProcess victim;

  @BeforeEach
  void start(@TempDir Path directory) {
    world =
        SandboxWorld.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {})
                .onCluster());
    api = RunningProduct.startApi(world);
    client = DemoTenant.of(world).client();
    var logs = directory.resolve("workers");
    survivor = WorkerProcess.start(world, logs, 1);
    victim = WorkerProcess.start(world, logs, 2, Map.of("server.port", "0")); // the first has it
  }

  @AfterEach
  void stop() {
    victim.kill();
    survivor.kill();
    client.close();
    api.close();
    world.destroy();
  }

  @Test
  void setUpsEndProvedThoughOneOfTheWorkersIsKilled() {
    await().atMost(Duration.ofMinutes(5)).until(() -> isWorking(survivor) && isWorking(victim));
    var setups = IntStream.range(0, SETUPS).mapToObj(this::order).toList();
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> setups.stream().allMatch(setup -> setup.hasBegun("server/020-packages")));

    victim.kill();
    setups.forEach(setup -> setup.untilState("DONE"));

    assertThat(world.hostwinds().charges())
        .extracting(charge -> charge.reason() + " " + charge.total())
        .containsExactlyElementsOf(Collections.nCopies(SETUPS, "add_instance 9.99 USD"));
    assertThat(TestedProduct.count(world, "paid_call WHERE kind = 'PURCHASE' AND outcome = 'DONE'"))
        .isEqualTo(SETUPS);
    assertThat(TestedProduct.count(world, "server_order WHERE parked_at IS NULL"))
        .isEqualTo(SETUPS);
    assertThat(List.of(survivor, victim)).allMatch(worker -> hasWorked(worker, setups));
  }

  private TenantSetup order(int number) {
    var domain = new DomainName("cluster%d.test".formatted(number));
    return TenantSetup.order(client, domain.value(), DemoTenant.of(world).purchase(domain));
  }

  /// Whether it asks Temporal for work.
  private boolean isWorking(ChildProcess worker) {
    return ask(temporal ->
        temporal
            .getWorkflowServiceStubs()
            .blockingStub()
            .describeTaskQueue(
                DescribeTaskQueueRequest.newBuilder()
                    .setNamespace(TemporalServer.NAMESPACE)
                    .setTaskQueue(TaskQueue.newBuilder().setName(TaskQueues.DECISIONS))
                    .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW)
                    .build())
            .getPollersList()
            .stream()
            .anyMatch(poller -> isBy(worker, poller.getIdentity())));
  }

  /// Whether it was given an activity of these set-ups' servers.
  private boolean hasWorked(ChildProcess worker, List<TenantSetup> setups) {
    return ask(temporal ->
        setups.stream()
            .flatMap(setup ->
                temporal.fetchHistory(TestedProduct.serverRun(world, setup)).getEvents().stream())
            .filter(HistoryEvent::hasActivityTaskStartedEventAttributes)
            .map(event -> event.getActivityTaskStartedEventAttributes().getIdentity())
            .anyMatch(identity -> isBy(worker, identity)));
  }

  private static boolean isBy(ChildProcess worker, String identity) {
    return identity.startsWith(worker.pid() + "@");
  }

  private <T> T ask(Function<WorkflowClient, T> question) {
    var service =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(world.temporal().target()).build());
    try {
      return question.apply(
          WorkflowClient.newInstance(
              service,
              WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build()));
    } finally {
      service.shutdownNow();
    }
  }
}
