package com.penguinmails.workflows.setup;

import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.certificate.CertificateWorkflow;
import com.penguinmails.workflows.certificate.CertificateWorkflowImpl;
import com.penguinmails.workflows.domain.DomainWorkflowImpl;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.Listing;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.server.ServerWorkflowImpl;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.sweep.DomainSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.HostSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.RepairWorkflowImpl;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Rehearsals;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.testing.TemporalDevServerOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Records the golden histories of the release that is being made, from the real Temporal server:
/// one path when a change makes a new one, and the others before the release. Each is recorded once
/// in a release. `./mvnw verify -Pquick -pl workflows -Dtest=GoldenHistoriesRecorder#METHOD
/// -Dpenguin.temporal=PATH_OF_THE_TEMPORAL_BINARY`.
@EnabledIfSystemProperty(named = "penguin.temporal", matches = ".+")
@Timeout(120)
class GoldenHistoriesRecorder {
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofMinutes(30),
          Duration.ofMillis(200),
          Duration.ofSeconds(2),
          0);

  private final InMemoryWorld world = new InMemoryWorld();
  private final SetupId setup = new SetupId(new UUID(3, 1));

  @Test
  void happy() throws IOException {
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      record(temporal, "happy");
    }
  }

  @Test
  void bought() throws IOException {
    world.provider = Optional.of(new InMemoryProvider());
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      record(temporal, "bought");
    }
  }

  /// The answer is lost, nothing appears, and staff say that nothing was bought.
  @Test
  void boughtAfterStaffLooked() throws IOException {
    var provider = new InMemoryProvider();
    provider.faults.add(InMemoryProvider.Fault.NEVER_HEARD);
    world.provider = Optional.of(provider);
    try (var temporal = start()) {
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.PURCHASE_UNCLEAR));
      temporal
          .getWorkflowClient()
          .newWorkflowStub(ServerWorkflow.class, WorkflowIds.of(world.server))
          .confirmNotBought(new ServerWorkflow.ConfirmNotBought("ada", 1));
      untilEnded(temporal);
      record(temporal, "bought-after-staff-looked");
    }
  }

  /// The answer is lost, the set-up cancelled, and what was bought is found and parked.
  @Test
  void cancelledWhileBuying() throws IOException {
    var provider = new InMemoryProvider();
    provider.isListed = false;
    provider.longGrace = Duration.ofHours(1);
    provider.faults.add(InMemoryProvider.Fault.ANSWER_LOST);
    world.provider = Optional.of(provider);
    try (var temporal = start()) {
      begin(temporal, PACE);
      until(() -> provider.calls.size() == 1);
      stub(temporal).cancel();
      provider.isListed = true;
      untilEnded(temporal);
      record(temporal, "cancelled-while-buying");
    }
  }

  @Test
  void waitingForDns() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.DNS_NOT_VISIBLE));
      world.faults.clear();
      stub(temporal).retry();
      untilEnded(temporal);
      record(temporal, "waiting-for-dns");
    }
  }

  @Test
  void cancelledBeforeContact() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Server.Inspect", Cause.HOST_LOGIN_REFUSED);
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.HOST_LOGIN_REFUSED));
      stub(temporal).cancel();
      untilEnded(temporal);
      record(temporal, "cancelled-before-contact");
    }
  }

  @Test
  void cancelledWhileBuilding() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Server.Apply", Cause.HOST_DISK_FULL);
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.HOST_DISK_FULL));
      // The certificate's run ends before the server answers it: that reply finds nobody.
      var server =
          temporal
              .getWorkflowClient()
              .newWorkflowStub(ServerWorkflow.class, WorkflowIds.of(world.server));
      until(() ->
          server.view().waiting().stream()
              .anyMatch(wanted -> wanted.replyTo().equals(WorkflowIds.of(world.certificate))));
      stub(temporal).cancel();
      untilEnded(temporal);
      record(temporal, "cancelled-while-building");
    }
  }

  /// The cancel is there before the first act.
  @Test
  void cancelledAtOnce() throws IOException {
    try (var temporal = start()) {
      var run = run(temporal);
      var _ =
          WorkflowClient.executeUpdateWithStart(
              run::cancel,
              UpdateOptions.<SetupWorkflow.Accepted>newBuilder()
                  .setWaitForStage(WorkflowUpdateStage.COMPLETED)
                  .build(),
              new WithStartWorkflowOperation<>(run::run, order(PACE)));
      untilEnded(temporal);
      record(temporal, "cancelled-at-once");
    }
  }

  @Test
  void cancelledWhileTheAuthorityWaits() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Certificate.Authorise", Cause.CA_AUTHORISATION_FAILED);
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.CA_AUTHORISATION_FAILED));
      stub(temporal).cancel();
      untilEnded(temporal);
      record(temporal, "cancelled-while-the-authority-waits");
    }
  }

  @Test
  void cancelledWhileWaitingForDns() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
      begin(temporal, PACE);
      until(() -> world.isPublished && world.appliedVersion == 2);
      stub(temporal).cancel();
      untilEnded(temporal);
      record(temporal, "cancelled-while-waiting-for-dns");
    }
  }

  @Test
  void cancelledWhileProving() throws IOException {
    try (var temporal = start()) {
      world.isDkimWrong = true;
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.PROOF_CHECK_FAILED));
      stub(temporal).cancel();
      untilEnded(temporal);
      record(temporal, "cancelled-while-proving");
    }
  }

  /// The certificate comes while the host's first step is at work.
  @Test
  void wantedInAStep() throws IOException {
    try (var temporal = start()) {
      world.steps.drainPermits();
      begin(temporal, PACE);
      untilServerIsAskedFor(temporal, 2);
      world.steps.release(1_000);
      untilEnded(temporal);
      record(temporal, "wanted-in-a-step");
    }
  }

  @Test
  void cancelledInAStep() throws IOException {
    try (var temporal = start()) {
      world.steps.drainPermits();
      begin(temporal, PACE);
      untilServerIsAskedFor(temporal, 2);
      stub(temporal).cancel();
      untilServerIsAskedFor(temporal, 3);
      world.steps.release(1_000);
      untilEnded(temporal);
      record(temporal, "cancelled-in-a-step");
    }
  }

  private void untilServerIsAskedFor(TestWorkflowEnvironment temporal, long version) {
    var server =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(ServerWorkflow.class, WorkflowIds.of(world.server));
    await()
        .ignoreExceptions() // its run has not begun yet
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> server.view().waiting().stream().anyMatch(wanted -> wanted.version() >= version));
  }

  @Test
  void continuedAsNew() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
      begin(
          temporal,
          new Pace(
              Duration.ofMillis(500),
              Duration.ofMillis(300),
              Duration.ofMillis(100),
              Duration.ofMillis(400),
              60));
      var domain = WorkflowIds.of(world.domain);
      await()
          .ignoreException(StatusRuntimeException.class) // the domain's run has not begun yet
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              WorkflowClientHistories.continuedFrom(temporal.getWorkflowClient(), domain)
                  .isPresent());
      world.faults.clear();
      untilEnded(temporal);
      record(temporal, "continued-as-new");
    }
  }

  @Test
  void waitingForTheProof() throws IOException {
    try (var temporal = start()) {
      world.isDkimWrong = true;
      begin(
          temporal,
          new Pace(
              Duration.ofSeconds(20),
              Duration.ofMillis(300),
              Duration.ofMillis(100),
              Duration.ofSeconds(2),
              110));
      await()
          .ignoreException(StatusRuntimeException.class)
          .atMost(Duration.ofSeconds(60))
          .until(() ->
              WorkflowClientHistories.continuedFrom(
                      temporal.getWorkflowClient(), WorkflowIds.of(setup))
                  .isPresent());
      world.isDkimWrong = false;
      untilEnded(temporal);
      record(temporal, "waiting-for-the-proof");
    }
  }

  /// Staff name the server that was bought.
  @Test
  void adopted() throws IOException {
    var provider = new InMemoryProvider();
    provider.isListed = false;
    provider.faults.add(InMemoryProvider.Fault.ANSWER_LOST);
    world.provider = Optional.of(provider);
    try (var temporal = start()) {
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.PURCHASE_UNCLEAR));
      temporal
          .getWorkflowClient()
          .newWorkflowStub(ServerWorkflow.class, WorkflowIds.of(world.server))
          .adopt(new ServerWorkflow.AdoptServer(new ProviderServerId("700100"), "ada"));
      untilEnded(temporal);
      record(temporal, "adopted");
    }
  }

  @Test
  void addressChanged() throws IOException {
    var provider = new InMemoryProvider();
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    provider.isChangeAffordable = true;
    world.provider = Optional.of(provider);
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      record(temporal, "address-changed");
    }
  }

  @Test
  void replaced() throws IOException {
    var provider = new InMemoryProvider();
    provider.isPortBlocked = true;
    provider.isReplacementAffordable = true;
    world.provider = Optional.of(provider);
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      record(temporal, "replaced");
    }
  }

  @Test
  void ownershipAwaited() throws IOException {
    try (var temporal = start()) {
      world.faults.put("Domain.Own", Cause.DNS_NOT_VISIBLE);
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.DNS_NOT_VISIBLE));
      world.faults.clear();
      stub(temporal).retry();
      untilEnded(temporal);
      record(temporal, "ownership-awaited");
    }
  }

  @Test
  void moved() throws IOException {
    world.provedBefore();
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      record(temporal, "moved");
    }
  }

  /// The domain goes back to the server where it worked before.
  @Test
  void moveTakenBack() throws IOException {
    world.provedBefore();
    try (var temporal = start()) {
      world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
      begin(temporal, PACE);
      until(() -> world.publishedFor.equals(Optional.of(world.server)));
      stub(temporal).cancel();
      until(() -> world.publishedFor.equals(Optional.of(world.earlierServer)));
      world.faults.clear();
      untilEnded(temporal);
      record(temporal, "move-taken-back");
    }
  }

  @Test
  void heldAndResumed() throws IOException {
    try (var temporal = start()) {
      holdWhileWaitingForDns(temporal, Duration.ofHours(1));
      until(() -> world.calls.contains("Setup.EndHold"));
      world.resumableUntil = Optional.empty();
      world.faults.clear();
      stub(temporal).resume();
      untilEnded(temporal);
      record(temporal, "held-and-resumed");
    }
  }

  @Test
  void heldAndTakenBack() throws IOException {
    try (var temporal = start()) {
      holdWhileWaitingForDns(temporal, Duration.ofSeconds(3));
      untilEnded(temporal);
      record(temporal, "held-and-taken-back");
    }
  }

  private void holdWhileWaitingForDns(TestWorkflowEnvironment temporal, Duration grace) {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    begin(temporal, PACE);
    until(() -> world.isPublished && world.appliedVersion == 2);
    world.resumableUntil = Optional.of(Instant.now().plus(grace));
    stub(temporal).hold();
  }

  /// Their logins come with the first version; later the grace of one that is to go ends.
  @Test
  void mailboxes() throws IOException {
    world.mailboxes.withoutLogin.set(100);
    world.mailboxes.nextRemoval = Optional.of(Instant.now().plusSeconds(10));
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      until(() -> world.mailboxes.removedFromHost.get() == 1);
      untilQuiet(temporal);
      record(temporal, "mailboxes");
    }
  }

  @Test
  void renewed() throws IOException {
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      world.renewAfter = Instant.now().plusSeconds(2);
      wantCertificate(temporal, world.certificateVersion.get(), false);
      until(() -> world.orderedAt.size() == 2 && world.appliedVersion == world.serverVersion.get());
      untilQuiet(temporal);
      record(temporal, "renewed");
    }
  }

  /// Others of the same server: its certificate gets the names of one, and is not held up by those
  /// of another.
  @Test
  void domainsComeAndGo() throws IOException {
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      world.isNameLacking = true;
      world.isCaSlow = true;
      world.calls.clear();
      wantCertificate(temporal, world.certificateVersion.incrementAndGet(), false);
      until(() -> world.calls.contains("Certificate.Authorise"));
      wantCertificate(temporal, world.certificateVersion.incrementAndGet(), true);
      until(() -> world.orderedAt.size() == 3);
      world.isCaSlow = false;
      until(() -> !world.isNameLacking && world.appliedVersion == world.serverVersion.get());
      untilQuiet(temporal);
      record(temporal, "domains-come-and-go");
    }
  }

  private void wantCertificate(TestWorkflowEnvironment temporal, long version, boolean isTakeBack) {
    temporal
        .getWorkflowClient()
        .newWorkflowStub(CertificateWorkflow.class, WorkflowIds.of(world.certificate))
        .wanted(new Wanted(version, "setup/other", setup, isTakeBack));
  }

  @Test
  void rehearsed() throws IOException {
    world.provider = Optional.of(new InMemoryProvider());
    var plan = Rehearsals.idOf(new PlanId(setup.value()));
    try (var temporal = start(Rehearsals::queue)) {
      var run =
          temporal
              .getWorkflowClient()
              .newWorkflowStub(
                  SetupWorkflow.class,
                  WorkflowOptions.newBuilder()
                      .setTaskQueue(Rehearsals.queue(TaskQueues.DECISIONS))
                      .setWorkflowId(plan)
                      .build());
      var _ = WorkflowClient.start(run::run, order(PACE));
      WorkflowStub.fromTyped(run).getResult(Void.class);
      record(temporal, "rehearsed", plan, "rehearsal/");
    }
  }

  /// A run before was stuck and is lost: each entity closes what its row tells of.
  @Test
  void incidentOfALostRun() throws IOException {
    world.isIncidentOpen = true;
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      untilStaffFind(temporal, ChangeIds.INCIDENT_OF_A_LOST_RUN);
      record(temporal, "incident-of-a-lost-run");
    }
  }

  /// The run is from an older copy of Temporal's data: the row says that it has been cancelled.
  @Test
  void overBeforeTheProof() throws IOException {
    world.over = Optional.of(SetupWorkflow.Stage.CANCELLING);
    try (var temporal = start()) {
      begin(temporal, PACE);
      untilEnded(temporal);
      untilStaffFind(temporal, ChangeIds.OVER_BEFORE_THE_PROOF);
      record(temporal, "over-before-the-proof");
    }
  }

  /// As above, held; the command that said so is lost, and what staff tell it is heard.
  @Test
  void looksAgain() throws IOException {
    world.faults.put("Domain.Verify", Cause.DNS_NOT_VISIBLE);
    try (var temporal = start()) {
      begin(temporal, PACE);
      until(() -> world.incidents.contains(Cause.DNS_NOT_VISIBLE));
      world.resumableUntil = Optional.of(Instant.now().plus(Duration.ofHours(1)));
      stub(temporal).lookAgain();
      until(() -> world.calls.contains("Setup.EndHold"));
      world.faults.clear();
      world.resumableUntil = Optional.empty();
      stub(temporal).lookAgain();
      untilEnded(temporal);
      untilStaffFind(temporal, ChangeIds.LOOK_AGAIN);
      record(temporal, "looks-again");
    }
  }

  /// As `docs/changing-workflows.md` tells them to look.
  private static void untilStaffFind(TestWorkflowEnvironment temporal, ChangeIds change) {
    var query = "TemporalChangeVersion = '%s-1'".formatted(change.id());
    until(() -> temporal.getWorkflowClient().listExecutions(query).findAny().isPresent());
  }

  private TestWorkflowEnvironment start() {
    return start(UnaryOperator.identity());
  }

  private TestWorkflowEnvironment start(UnaryOperator<String> queues) {
    var columns =
        SearchColumns.ALL.stream()
            .flatMap(
                column -> List.of("--search-attribute", column.getName() + "=Keyword").stream())
            .toArray(String[]::new);
    var temporal =
        TestWorkflowEnvironment.startLocal(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(GoldenHistories.clientOptions())
                .build(),
            TemporalDevServerOptions.newBuilder()
                .setExistingPath(System.getProperty("penguin.temporal"))
                .setDownloadEnabled(false)
                .setExtraArgs(columns)
                .build());
    world.registerWith(temporal, queues);
    temporal.start();
    return temporal;
  }

  private void record(TestWorkflowEnvironment temporal, String path) throws IOException {
    record(temporal, path, WorkflowIds.of(setup), "");
  }

  /// Every run of the four workflows; `-1` is the run before the newest, and so on back.
  private void record(
      TestWorkflowEnvironment temporal, String path, String setupRun, String entityPrefix)
      throws IOException {
    save(temporal, "setup", setupRun, path);
    save(temporal, "server", entityPrefix + WorkflowIds.of(world.server), path);
    save(temporal, "domain", entityPrefix + WorkflowIds.of(world.domain), path);
    save(temporal, "certificate", entityPrefix + WorkflowIds.of(world.certificate), path);
  }

  private static void save(TestWorkflowEnvironment temporal, String kind, String id, String path)
      throws IOException {
    var run = "";
    for (int back = 0; back == 0 || !run.isEmpty(); back++) {
      var history = temporal.getWorkflowClient().fetchHistory(id, run);
      GoldenHistories.keep(history, kind, path + (back == 0 ? "" : "-" + back));
      run =
          history
              .getEvents()
              .getFirst()
              .getWorkflowExecutionStartedEventAttributes()
              .getContinuedExecutionRunId();
    }
  }

  private void begin(TestWorkflowEnvironment temporal, Pace pace) {
    var _ = WorkflowClient.start(run(temporal)::run, order(pace));
  }

  private SetupWorkflow run(TestWorkflowEnvironment temporal) {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(
            SetupWorkflow.class,
            WorkflowOptions.newBuilder()
                .setTaskQueue(TaskQueues.DECISIONS)
                .setWorkflowId(WorkflowIds.of(setup))
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_FAIL)
                .build());
  }

  private BeginSetup order(Pace pace) {
    return new BeginSetup(
        new TenantId(new UUID(3, 2)),
        setup,
        new DomainName("acme-outreach.test"),
        pace,
        Optional.empty());
  }

  private SetupWorkflow stub(TestWorkflowEnvironment temporal) {
    return temporal.getWorkflowClient().newWorkflowStub(SetupWorkflow.class, WorkflowIds.of(setup));
  }

  private static void until(Callable<Boolean> condition) {
    await().atMost(Duration.ofSeconds(60)).until(condition);
  }

  /// Nothing is under way in any of them, so that a history is not cut in the middle.
  private void untilQuiet(TestWorkflowEnvironment temporal) {
    until(() ->
        Stream.of(
                WorkflowIds.of(world.server),
                WorkflowIds.of(world.domain),
                WorkflowIds.of(world.certificate))
            .noneMatch(id -> isBusy(temporal, id)));
  }

  private static boolean isBusy(TestWorkflowEnvironment temporal, String id) {
    var described =
        temporal
            .getWorkflowServiceStubs()
            .blockingStub()
            .describeWorkflowExecution(
                DescribeWorkflowExecutionRequest.newBuilder()
                    .setNamespace(temporal.getNamespace())
                    .setExecution(WorkflowExecution.newBuilder().setWorkflowId(id))
                    .build());
    return described.getPendingActivitiesCount() > 0 || described.hasPendingWorkflowTask();
  }

  private void untilEnded(TestWorkflowEnvironment temporal) {
    WorkflowStub.fromTyped(stub(temporal)).getResult(Void.class);
  }

  /// All workflow types of a worker.
  static Class<?>[] types() {
    return new Class<?>[] {
      SetupWorkflowImpl.class,
      ServerWorkflowImpl.class,
      DomainWorkflowImpl.class,
      CertificateWorkflowImpl.class,
      ProviderSweepWorkflowImpl.class,
      DomainSweepWorkflowImpl.class,
      HostSweepWorkflowImpl.class,
      RepairWorkflowImpl.class
    };
  }
}
