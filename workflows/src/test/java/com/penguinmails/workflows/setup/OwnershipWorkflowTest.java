package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A set-up whose domain another tenant owns: nothing is bought before it is the tenant's.
@Timeout(60)
class OwnershipWorkflowTest {
  private final InMemoryWorld world = new InMemoryWorld();
  private final InMemoryProvider provider = new InMemoryProvider();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    world.provider = Optional.of(provider);
    world.faults.put("Domain.Own", Cause.DOMAIN_OWNED_BY_ANOTHER);
    temporal = world.inMemoryTemporal();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void buysAndPublishesNothingBeforeTheDomainIsTheTenants() {
    begin(InMemoryWorld.PACE);
    untilTold();
    assertNothingButTheProof();

    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(provider.calls).containsExactly(1);
    assertThat(world.calls.indexOf("Domain.Claim"))
        .isLessThan(world.calls.indexOf("Certificate.ShowChallenges"))
        .isLessThan(world.calls.indexOf("Domain.Publish"));
  }

  @Test
  void takesTheProofBackWhenCancelled() {
    begin(InMemoryWorld.PACE);
    untilTold();

    stub().cancel();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isClaimed).isFalse();
    assertThat(provider.calls).isEmpty();
  }

  /// The other tenant may keep the domain for months.
  @Test
  void waitsThroughManyRuns() {
    begin(
        new Pace(
            Duration.ofMillis(300),
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ofSeconds(30),
            60));
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreException(StatusRuntimeException.class) // not begun yet
        .until(
            () -> isContinued(WorkflowIds.of(setup)) && isContinued(WorkflowIds.of(world.domain)));
    assertNothingButTheProof();

    world.faults.clear();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(provider.calls).containsExactly(1);
  }

  private void untilTold() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.incidents.contains(Cause.DOMAIN_OWNED_BY_ANOTHER));
  }

  private void assertNothingButTheProof() {
    assertThat(world.isClaimed).isTrue();
    assertThat(provider.isReserved).isFalse();
    assertThat(provider.calls).isEmpty();
    assertThat(world.calls)
        .doesNotContain("Domain.Publish", "Certificate.Order", "Certificate.ShowChallenges");
  }

  private boolean isContinued(String workflowId) {
    return WorkflowClientHistories.continuedFrom(temporal.getWorkflowClient(), workflowId)
        .isPresent();
  }

  private void begin(Pace pace) {
    WorkflowClient.start(
        temporal
                .getWorkflowClient()
                .newWorkflowStub(
                    SetupWorkflow.class,
                    WorkflowOptions.newBuilder()
                        .setTaskQueue(TaskQueues.DECISIONS)
                        .setWorkflowId(WorkflowIds.of(setup))
                        .build())
            ::run,
        new BeginSetup(
            new TenantId(new UUID(2, 2)),
            setup,
            new DomainName("acme-outreach.test"),
            pace,
            Optional.empty()));
  }

  private SetupWorkflow stub() {
    return temporal.getWorkflowClient().newWorkflowStub(SetupWorkflow.class, WorkflowIds.of(setup));
  }

  private void untilEnded() {
    WorkflowStub.fromTyped(stub()).getResult(Void.class);
  }
}
