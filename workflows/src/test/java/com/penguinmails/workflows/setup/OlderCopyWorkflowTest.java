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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A run knows less than the rows: Temporal's data was lost, or restored from an older copy. The
/// rows win.
@Timeout(60)
class OlderCopyWorkflowTest {
  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(4, 1));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"PROVED", "CANCELLED"})
  void provesNothingThatHasEnded(Stage over) {
    world.over = Optional.of(over);
    begin();

    untilEnded();

    assertThat(world.calls).containsOnlyOnce("Proof.Send");
    assertThat(world.calls).doesNotContain("Proof.Receive", "Proof.Inspect", "Setup.WantRetired");
    assertThat(world.stage).as("the row is left alone").isEqualTo(Stage.PROVING);
  }

  @Test
  void takesBackWhatItWasNotToldToTakeBack() {
    world.over = Optional.of(Stage.CANCELLING);
    begin();

    untilEnded();

    assertThat(world.calls).contains("Setup.WantRetired").doesNotContain("Proof.Receive");
    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
  }

  /// The row says that it is held; the command that said so is lost.
  @Test
  void isHeldWhenItLooksAgain() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin();
    until(() -> world.isPublished && world.appliedVersion == 2);

    world.resumableUntil = Optional.of(Instant.now().plus(Duration.ofHours(1)));
    stub().lookAgain();
    stub().lookAgain();
    until(() -> world.calls.contains("Setup.EndHold"));
    world.faults.clear();
    world.resumableUntil = Optional.empty();
    stub().lookAgain();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  /// What stood against it was lifted while no run was there to see it.
  @Test
  void closesWhatARunThatWasLostLeftOpen() {
    world.isIncidentOpen = true;
    begin();

    untilEnded();

    assertThat(world.calls).startsWith("Setup.Begin").contains("Incident.Close");
    assertThat(world.calls.indexOf("Incident.Close"))
        .as("by the entities, before the proof")
        .isLessThan(world.calls.indexOf("Proof.Send"));
    assertThat(world.incidents).isEmpty();
  }

  private void begin() {
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
            new TenantId(new UUID(4, 2)),
            setup,
            new DomainName("acme-outreach.test"),
            InMemoryWorld.PACE,
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
