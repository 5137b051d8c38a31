package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Another server is ordered for a domain that works already.
@Timeout(60)
class SecondSetupWorkflowTest {
  private static final DomainName NAME = new DomainName("acme-outreach.test");
  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private final TenantId tenant = new TenantId(new UUID(2, 2));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @BeforeEach
  void workOnAnotherServer() {
    world.provedBefore();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void movesTheDomainWhenTheNewServerCanTakeIt() {
    world.faults.put("Server.Contact", Cause.HOST_LOGIN_REFUSED);
    begin();
    until(() -> world.incidents.contains(Cause.HOST_LOGIN_REFUSED));
    assertThat(world.domainServer).isEqualTo(world.earlierServer);
    assertThat(world.calls).noneMatch(call -> call.startsWith("Domain."));

    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.publishedFor).contains(world.server);
    assertThat(world.appliedVersion).isEqualTo(world.serverVersion.get());
    assertThat(world.calls)
        .containsSubsequence(
            "Certificate.Complete", "Setup.MoveDomain", "Server.Probe", "Domain.Publish");
  }

  @Test
  void leavesTheDomainAloneWhenCancelledBefore() {
    world.faults.put("Server.Contact", Cause.HOST_LOGIN_REFUSED);
    begin();
    until(() -> world.incidents.contains(Cause.HOST_LOGIN_REFUSED));

    stub().cancel();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
    assertThat(world.domainServer).isEqualTo(world.earlierServer);
    assertThat(world.publishedFor).contains(world.earlierServer);
    assertThat(world.calls).noneMatch(call -> call.startsWith("Domain."));
  }

  @Test
  void givesTheDomainBackWhenCancelledAfterwards() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin();
    until(() -> world.publishedFor.equals(Optional.of(world.server)));

    stub().cancel();
    until(() -> world.publishedFor.equals(Optional.of(world.earlierServer)));
    world.faults.clear();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
    assertThat(world.domainServer).isEqualTo(world.earlierServer);
    assertThat(world.calls).doesNotContain("Domain.Withdraw");
    until(() -> world.earlierApplied == world.earlierVersion.get());
  }

  /// Else mail would be sent to a server that does not know the domain.
  @Test
  void namesTheNewServerOnlyWhenItHasTheDomainAlsoAfterAHold() {
    world.afterMove = () -> world.faults.put("Server.Probe", Cause.HOST_LOGIN_REFUSED);
    begin();
    until(() -> world.incidents.contains(Cause.HOST_LOGIN_REFUSED));

    world.resumableUntil = Optional.of(Instant.now().plus(Duration.ofHours(1)));
    stub().hold();
    until(() -> world.calls.contains("Setup.EndHold"));
    world.resumableUntil = Optional.empty();
    long probes = count("Server.Probe");
    stub().resume();
    until(() -> count("Server.Probe") > probes);
    assertThat(world.calls).doesNotContain("Domain.Publish");

    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(count("Setup.MoveDomain")).isEqualTo(2);
    assertThat(world.publishedFor).contains(world.server);
  }

  private long count(String call) {
    return world.calls.stream().filter(call::equals).count();
  }

  private void begin() {
    var run =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(SetupWorkflow.class, options(WorkflowIds.of(setup)));
    WorkflowClient.start(
        run::run, new BeginSetup(tenant, setup, NAME, InMemoryWorld.PACE, Optional.empty()));
  }

  private static WorkflowOptions options(String id) {
    return WorkflowOptions.newBuilder()
        .setTaskQueue(TaskQueues.DECISIONS)
        .setWorkflowId(id)
        .build();
  }

  private SetupWorkflow stub() {
    return temporal.getWorkflowClient().newWorkflowStub(SetupWorkflow.class, WorkflowIds.of(setup));
  }

  private void untilEnded() {
    WorkflowStub.fromTyped(stub()).getResult(Void.class);
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).until(condition);
  }
}
