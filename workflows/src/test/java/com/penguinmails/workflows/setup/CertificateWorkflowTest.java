package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.certificate.CertificateWorkflow;
import com.penguinmails.workflows.certificate.CertificateWorkflow.BeginCertificate;
import com.penguinmails.workflows.certificate.CertificateWorkflow.CertificateState;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A certificate that falls due after its set-up has ended, so that nobody presses a button; and
/// one to which domains come and from which they go. The server that shows it is in the same world.
@Timeout(60)
class CertificateWorkflowTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SetupId SETUP = new SetupId(new UUID(4, 1));
  private static final Wanted WANTED = new Wanted(1, WorkflowIds.of(SETUP), SETUP);
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofMillis(300), // what is stuck at a renewal is tried again by this alone
          Duration.ofMillis(50),
          Duration.ofSeconds(2),
          0);

  private static final Pace PATIENT = // with an authority that is slow on purpose
      new Pace(
          PACE.askAgain(), PACE.recheck(), PACE.poll(), Duration.ofMinutes(2), PACE.eventsPerRun());

  private final InMemoryWorld world = new InMemoryWorld();
  private final TenantId tenant = new TenantId(new UUID(4, 2));
  private final TestWorkflowEnvironment temporal = world.inMemoryTemporal();

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void ordersAndInstallsItAgainWhenItFallsDue() {
    begin();
    await().atMost(LIMIT).until(() -> isInstalled(2));
    assertThat(world.orderedAt).hasSize(1);

    var due = fallsDueSoon();
    await().atMost(LIMIT).until(() -> isInstalled(3));

    assertThat(world.orderedAt).hasSize(2).last().satisfies(at -> assertThat(at).isAfter(due));
    assertThat(view().renewAfter()).contains(InMemoryWorld.NEVER_IN_A_TEST);
    assertThat(world.decisions).filteredOn("caa: allowed"::equals).hasSize(2);
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void tellsWhenCaaForbidsTheRenewalAndGoesOnWhenItIsLifted() {
    begin();
    await().atMost(LIMIT).until(() -> isInstalled(2));

    world.isCaaForbidding = true;
    fallsDueSoon();
    await().atMost(LIMIT).until(() -> world.incidents.contains(Cause.CA_FORBIDDEN_BY_CAA));
    assertThat(world.orderedAt).as("nothing is ordered against CAA").hasSize(1);
    assertThat(isInstalled(2)).as("the old one stays").isTrue();

    world.isCaaForbidding = false;
    await().atMost(LIMIT).until(() -> isInstalled(3));
    await().atMost(LIMIT).until(() -> world.calls.contains("Incident.Close"));
    assertThat(world.orderedAt).hasSize(2);
    assertThat(world.decisions).contains("caa: forbidden").endsWith("caa: allowed");
  }

  /// It lacks a name, so that there is no date to wait for, and the set-up that asked has ended.
  @Test
  void triesARenewalAgainThatFailedWithNobodyWaiting() {
    begin();
    await().atMost(LIMIT).until(() -> isInstalled(2));

    world.faults.put("Certificate.Order", Cause.CA_REFUSED);
    fallsDueSoon();
    await().atMost(LIMIT).until(() -> world.incidents.contains(Cause.CA_REFUSED));
    world.isNameLacking = true;
    await().atMost(LIMIT).until(() -> view().renewAfter().isEmpty());

    world.faults.clear();
    await().atMost(LIMIT).until(() -> isInstalled(3));
    await().atMost(LIMIT).until(() -> world.calls.contains("Incident.Close"));
    assertThat(view().renewAfter()).contains(InMemoryWorld.NEVER_IN_A_TEST);
  }

  @Test
  void answersWhomItCoversWhileFurtherDomainsCome() {
    world.isCaSlow = true;
    world.afterIssue =
        () -> {
          world.isNameLacking = true;
          world.isCaSlow = true;
        };
    begin(PATIENT);
    await().atMost(LIMIT).until(() -> world.calls.contains("Certificate.Authorise"));
    comes(2);

    world.isCaSlow = false;
    await().atMost(LIMIT).until(() -> world.orderedAt.size() == 2);
    assertThat(view().reached()).as("the order for the first was not begun anew").isEqualTo(1);
    assertThat(view().waiting()).extracting(Wanted::version).containsExactly(2L);

    world.afterIssue = () -> {};
    world.isCaSlow = false;
    await().atMost(LIMIT).until(() -> view().waiting().isEmpty());
    assertThat(view().reached()).isEqualTo(2);
    assertThat(world.orderedAt).hasSize(2);
  }

  @Test
  void doesNotWaitForNamesThatAreTakenBack() {
    world.isCaSlow = true;
    begin(PATIENT);
    await().atMost(LIMIT).until(() -> world.calls.contains("Certificate.Authorise"));

    world.certificateVersion.set(2);
    certificate().wanted(new Wanted(2, "setup/leaving", SETUP, true));
    await().atMost(LIMIT).until(() -> world.orderedAt.size() == 2);
    assertThat(world.calls).contains("Certificate.HideChallenges");
    assertThat(world.incidents).as("it did not end for want of patience").isEmpty();

    world.isCaSlow = false;
    await().atMost(LIMIT).until(() -> view().waiting().isEmpty());
    assertThat(view().reached()).isEqualTo(2);
  }

  @Test
  void ordersOnceForDomainsThatComeOneAfterTheOther() {
    var patient =
        new Pace(PACE.askAgain(), PACE.recheck(), Duration.ofSeconds(2), PACE.patience(), 0);
    begin(patient);
    await().atMost(LIMIT).until(() -> isInstalled(2));

    world.isNameLacking = true;
    comes(2);
    comes(3);
    comes(4);
    await().atMost(LIMIT).until(() -> view().reached() == 4);

    assertThat(world.orderedAt).hasSize(2);
    assertThat(view().waiting()).isEmpty();
  }

  @Test
  void ordersInTheEndThoughDomainsComeAllTheTime() {
    begin();
    await().atMost(LIMIT).until(() -> isInstalled(2));

    world.isNameLacking = true;
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          comes(world.certificateVersion.get() + 1);
          return world.orderedAt.size() == 2;
        });
  }

  /// A further domain of the server is owned, and its set-up asks.
  private void comes(long version) {
    world.certificateVersion.set(version);
    certificate().wanted(new Wanted(version, "setup/" + version, SETUP));
  }

  /// The next look at the database finds a date that is near.
  private Instant fallsDueSoon() {
    var due = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MILLIS);
    world.renewAfter = due;
    certificate().wanted(WANTED);
    return due.minusMillis(1); // it is due at that millisecond
  }

  private boolean isInstalled(long serverVersion) {
    return world.appliedVersion == serverVersion
        && view().replies().getOrDefault(WorkflowIds.of(world.server), 0L) == serverVersion;
  }

  private CertificateState view() {
    return certificate().view();
  }

  private CertificateWorkflow certificate() {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(CertificateWorkflow.class, WorkflowIds.of(world.certificate));
  }

  private void begin() {
    begin(PACE);
  }

  private void begin(Pace pace) {
    var client = temporal.getWorkflowClient();
    WorkflowClient.start(
        client.newWorkflowStub(
                CertificateWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(WorkflowIds.of(world.certificate))
                    .build())
            ::run,
        new BeginCertificate(
            tenant,
            world.certificate,
            new DomainName("mail.acme-outreach.test"),
            world.server,
            WANTED,
            pace,
            Optional.empty()));
  }
}
