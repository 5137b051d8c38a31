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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A cancel that can be taken back for a while.
@Timeout(60)
class CancelGraceWorkflowTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration SHORT = Duration.ofSeconds(1);

  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  /// The step at work comes to its end; no further one begins before it is resumed.
  @Test
  void goesOnWhereItWasWhenResumed() {
    world.steps.drainPermits();
    begin(InMemoryWorld.PACE);
    until(() -> world.calls.contains("Server.Apply") && world.isCertificateIssued);

    hold(LONG);
    stub().hold();
    world.steps.release(1_000);
    until(() -> world.incidents.contains(Cause.SETUP_HELD));
    assertThat(world.calls).containsOnlyOnce("Server.Apply", "Setup.EndHold");
    assertThat(world.stage).isEqualTo(Stage.BUILDING);
    var before = List.copyOf(world.calls);

    resume();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.hostSteps.values()).containsOnly("OK");
    assertThat(world.calls.stream().skip(before.size()))
        .doesNotContain("Server.Contact", "Domain.Publish", "Setup.WantRetired");
  }

  @Test
  void takesBackWhatItMadeWhenNobodyResumes() {
    beginAndWaitForDns();

    hold(SHORT);
    stub().hold();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isPublished).isFalse();
    assertThat(world.isServerRetired).isTrue();
  }

  @Test
  void mayBeCancelledAgain() {
    beginAndWaitForDns();
    hold(LONG);
    stub().hold();
    until(() -> world.calls.contains("Setup.EndHold"));
    resume();
    until(() -> world.calls.stream().filter("Setup.EndHold"::equals).count() == 2);

    hold(SHORT);
    stub().hold();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
  }

  @Test
  void doesNotGoOnWhenResumedTooLate() {
    beginAndWaitForDns();
    world.faults.put("Server.Retire", Cause.HOST_LOGIN_REFUSED);
    hold(SHORT);
    stub().hold();
    until(() -> world.incidents.contains(Cause.HOST_LOGIN_REFUSED));

    stub().resume();
    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
  }

  /// Its row says so from the beginning: nothing is asked for.
  @Test
  void beginsNothingWhenItWasCancelledBefore() {
    hold(LONG);
    begin(InMemoryWorld.PACE);
    until(() -> world.calls.contains("Setup.EndHold"));
    assertThat(world.stage).isEqualTo(Stage.STARTED);
    assertThat(world.calls).containsOnly("Setup.Begin", "Setup.EndHold");

    resume();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  /// Neither a new run nor a lost command makes it forget: the row is looked at now and then.
  @Test
  void waitsThroughRunsAndSeesWhatItWasNotTold() {
    hold(LONG);
    begin(
        new Pace(
            Duration.ofMillis(600),
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            60));
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreException(StatusRuntimeException.class) // not begun yet
        .until(() ->
            WorkflowClientHistories.continuedFrom(
                    temporal.getWorkflowClient(), WorkflowIds.of(setup))
                .isPresent());
    assertThat(world.stage).isEqualTo(Stage.STARTED);

    world.resumableUntil = Optional.empty();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  private void beginAndWaitForDns() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(InMemoryWorld.PACE);
    until(() -> world.isPublished && world.appliedVersion == 2);
  }

  private void hold(Duration grace) {
    world.resumableUntil = Optional.of(Instant.now().plus(grace));
  }

  private void resume() {
    world.resumableUntil = Optional.empty();
    stub().resume();
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

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(20)).until(condition);
  }
}
