package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A set-up from go to proof, with Temporal's in-memory server.
@Timeout(60)
class SetupWorkflowTest {
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofMinutes(30),
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          0);

  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private final TenantId tenant = new TenantId(new UUID(2, 2));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void provesASetUpFromGoToAMessage() {
    begin(PACE);

    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.appliedVersion).isEqualTo(2);
    assertThat(world.hostSteps.values()).containsOnly("OK");
    assertThat(world.decisions).contains("preflight: accepted", "caa: allowed", "proof-1: proved");
    assertThat(world.incidents).isEmpty();
  }

  /// More of them than a host may need rounds, so that each must count as a beginning.
  @Test
  void takesWhatIsWantedMeanwhileAlong() {
    world.versionsMeanwhile.set(5);
    begin(PACE);

    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.versionsMeanwhile).hasValue(0);
    assertThat(world.appliedVersion).isEqualTo(world.serverVersion.get());
    assertThat(world.incidents).isEmpty();
  }

  /// Two workers may both find that a set-up is to be given up, one of them long after the other.
  @ParameterizedTest
  @EnumSource(names = {"PROVED", "CANCELLED"})
  void doesNothingWhenItIsOver(Stage over) {
    world.stage = over;
    begin(PACE);

    untilEnded();

    assertThat(world.calls).containsExactly("Setup.Begin");
    assertThat(world.stage).isEqualTo(over);
  }

  /// Its run may have ended since the rows were written.
  @Test
  void startsWhatIsSaidToRunAndDoesNot() {
    world.isServerInService = true;
    begin(PACE);

    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.incidents).isEmpty();
  }

  /// The certificate comes while the host's first step is at work, and brings a step.
  @Test
  void appliesStepsThatCameMeanwhileWithoutAnotherLook() {
    world.steps.drainPermits();
    begin(PACE);
    await().atMost(Duration.ofSeconds(20)).until(() -> isServerAskedFor(2));
    world.steps.release(1_000);

    untilEnded();

    assertThat(world.hostSteps).containsEntry("240-tls", "OK");
    assertThat(world.calls.stream().filter(call -> call.startsWith("Server.")))
        .containsExactly(
            "Server.Inspect",
            "Server.Contact",
            "Server.Probe",
            "Server.Apply",
            "Server.Apply",
            "Server.Apply",
            "Server.Probe");
  }

  @Test
  void tellsStaffWhenAHostDoesNotStayAsItWasMade() {
    world.isHostStubborn = true;
    begin(PACE);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.incidents.contains(Cause.HOST_STEP_FAILED));
    assertThat(world.calls.stream().filter(call -> call.matches("Server.*|.*HOST_STEP_FAILED")))
        .as("looked at again after the last try")
        .containsSequence("Server.Probe", "Incident.Open HOST_STEP_FAILED");

    world.isHostStubborn = false;
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  @Test
  void goesOnWhenWhatStoodAgainstItIsLifted() {
    world.faults.put("Server.Contact", Cause.HOST_LOGIN_REFUSED);
    world.faults.put("Domain.Plan", Cause.DNS_FOREIGN_MX);
    begin(PACE);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            world.incidents.containsAll(List.of(Cause.HOST_LOGIN_REFUSED, Cause.DNS_FOREIGN_MX)));

    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.calls).contains("Incident.Close");
  }

  @Test
  void waitsForDnsAndSaysSo() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(PACE);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> world.incidents.contains(Cause.DNS_NOT_VISIBLE));

    world.faults.clear();
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  @Test
  void doesNotCallItProvedBeforeEveryCheckPassed() {
    world.isDkimWrong = true;
    begin(PACE);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.incidents.contains(Cause.PROOF_CHECK_FAILED));

    world.isDkimWrong = false;
    stub().retry();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.decisions)
        .contains("proof-1: not proved: PROOF_CHECK_FAILED", "proof-2: proved");
  }

  @Test
  void takesBackWhatItMadeWhenCancelledWhileWaiting() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(PACE);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.isPublished && world.appliedVersion == 2);

    stub().cancel();
    stub().cancel();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isPublished).isFalse();
    assertThat(world.isServerRetired).isTrue();
    assertThat(world.calls).contains("Certificate.Retire", "Certificate.HideChallenges");
  }

  /// The step at work comes to its end; no further one begins.
  @Test
  void takesBackWhatItMadeWhenCancelledInAStep() {
    world.steps.drainPermits();
    begin(PACE);
    // The certificate makes the last version: which one is asked for then is known.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.calls.contains("Server.Apply") && world.isCertificateIssued);

    stub().cancel();
    await().atMost(Duration.ofSeconds(20)).until(() -> world.isRetireWanted);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> isServerAskedFor(world.serverVersion.get() + 1));
    world.steps.release(1_000);
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.CANCELLED);
    assertThat(world.isServerRetired).isTrue();
    assertThat(world.calls).containsOnlyOnce("Server.Apply");
  }

  private boolean isServerAskedFor(long version) {
    var server =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(ServerWorkflow.class, WorkflowIds.of(world.server));
    try {
      return server.view().waiting().stream().anyMatch(wanted -> wanted.version() >= version);
    } catch (WorkflowNotFoundException notBegun) {
      return false;
    }
  }

  @Test
  void continuesAsNewWithoutForgetting() {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(
        new Pace(
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ofMillis(300),
            60));
    await()
        .atMost(Duration.ofSeconds(40))
        .ignoreException(StatusRuntimeException.class) // not begun yet
        .until(() -> runOf(WorkflowIds.of(world.domain)).isPresent());

    world.faults.clear();
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
  }

  /// What the proof found may take its owner weeks: a PTR record that somebody else has to set.
  @Test
  void waitsForTheProofAsLongAsItTakes() {
    world.isDkimWrong = true;
    begin(
        new Pace(
            Duration.ofSeconds(20),
            Duration.ofMillis(300),
            Duration.ofMillis(50),
            Duration.ofSeconds(2),
            60));
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> world.decisions.stream().filter(one -> one.startsWith("proof-")).count() > 3);
    await().atMost(Duration.ofSeconds(40)).until(() -> runOf(WorkflowIds.of(setup)).isPresent());
    var before = Set.copyOf(world.decisions);

    world.isDkimWrong = false;
    untilEnded();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(world.decisions.getLast()).endsWith(": proved");
    assertThat(before).as("attempts are counted on").doesNotContain(world.decisions.getLast());
    assertThat(world.decisions).doesNotHaveDuplicates();
  }

  private Optional<String> runOf(String workflowId) {
    return WorkflowClientHistories.continuedFrom(temporal.getWorkflowClient(), workflowId);
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
            tenant, setup, new DomainName("acme-outreach.test"), pace, Optional.empty()));
  }

  private SetupWorkflow stub() {
    return temporal.getWorkflowClient().newWorkflowStub(SetupWorkflow.class, WorkflowIds.of(setup));
  }

  private void untilEnded() {
    WorkflowStub.fromTyped(stub()).getResult(Void.class);
  }
}
