package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that is asked for mailboxes by the API, with Temporal's in-memory server.
@Timeout(90)
class MailboxWorkflowTest {
  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private final TenantId tenant = new TenantId(new UUID(2, 2));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void oneConvergeServesAHundred() {
    world.mailboxes.withoutLogin.set(100);

    tell(world.serverVersion.incrementAndGet());

    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.loginsOnHost.get() == 100);
    assertThat(world.mailboxes.calls).as("fifty at once").hasValue(2);
    assertThat(world.calls.stream().filter("Server.Probe"::equals)).hasSize(2);
    assertThat(world.incidents).isEmpty();
  }

  /// They come after the version was read and before the host is compared: the host is compared
  /// again, with their logins.
  @Test
  void takesThemAlongThatComeWhileTheHostIsLookedAt() {
    world.mailboxes.comeWithTheNextVersion.set(7);
    world.versionsMeanwhile.set(1);

    tell(world.serverVersion.get());

    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.loginsOnHost.get() == 7);
    assertThat(world.appliedVersion).isEqualTo(world.serverVersion.get());
  }

  @Test
  void endsAGraceWithoutBeingAsked() {
    world.mailboxes.nextRemoval = Optional.of(Instant.now().plusSeconds(15));

    tell(world.serverVersion.incrementAndGet());

    await().atMost(Duration.ofSeconds(14)).until(() -> world.appliedVersion == 2);
    assertThat(world.mailboxes.calls).as("not yet").hasValue(0);
    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.removedFromHost.get() == 1);
  }

  @Test
  void aRemovalTakenBackEndsNothing() {
    world.mailboxes.nextRemoval = Optional.of(Instant.now().plusSeconds(15));
    tell(world.serverVersion.incrementAndGet());
    await().atMost(Duration.ofSeconds(14)).until(() -> world.appliedVersion == 2);

    world.mailboxes.nextRemoval = Optional.empty();
    tell(world.serverVersion.incrementAndGet());

    await().atMost(Duration.ofSeconds(20)).until(() -> world.appliedVersion == 3);
    await()
        .during(Duration.ofSeconds(15))
        .atMost(Duration.ofSeconds(18))
        .until(() -> world.mailboxes.calls.get() == 0);
  }

  /// The time of grace is carried from run to run.
  @Test
  void knowsTheGraceAfterContinuingAsNew() {
    world.mailboxes.nextRemoval = Optional.of(Instant.now().plusSeconds(4));
    tell(world.serverVersion.incrementAndGet(), 12);

    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.removedFromHost.get() == 1);
  }

  @Test
  void isStuckAndGoesOnWhenTheHostIsAway() {
    world.faults.put("Server.Probe", Cause.HOST_UNREACHABLE);
    world.mailboxes.withoutLogin.set(3);
    tell(world.serverVersion.incrementAndGet());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.incidents.contains(Cause.HOST_UNREACHABLE));

    world.faults.clear();
    tell(world.serverVersion.get());

    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.loginsOnHost.get() == 3);
  }

  /// Nothing is refused for good, so patience must end before anybody is told.
  @Test
  void tellsWhenTheSecretStoreIsSealedAndGoesOnWhenItIsOpened() {
    world.mailboxes.areSecretsSealed = true;
    world.mailboxes.withoutLogin.set(3);
    tell(world.serverVersion.incrementAndGet());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.incidents.contains(Cause.SECRET_STORE_UNAVAILABLE));
    assertThat(world.mailboxes.withoutLogin).hasValue(3);

    world.mailboxes.areSecretsSealed = false;
    tell(world.serverVersion.get());

    await().atMost(Duration.ofSeconds(20)).until(() -> world.mailboxes.loginsOnHost.get() == 3);
    await().atMost(Duration.ofSeconds(20)).until(() -> world.calls.contains("Incident.Close"));
  }

  private void tell(long version) {
    tell(version, 0);
  }

  private void tell(long version, int eventsPerRun) {
    var pace =
        new Pace(
            Duration.ofSeconds(20),
            Duration.ofMinutes(30),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            eventsPerRun);
    var wanted = new Wanted(version, WorkflowIds.askedByApi(world.server), setup);
    var options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(WorkflowIds.of(world.server))
            .setTaskQueue(TaskQueues.DECISIONS)
            .build();
    temporal
        .getWorkflowClient()
        .newUntypedWorkflowStub("ServerWorkflow", options)
        .signalWithStart(
            "wanted",
            new Object[] {wanted},
            new Object[] {new BeginServer(tenant, world.server, wanted, pace, Optional.empty())});
  }
}
