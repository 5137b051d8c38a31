package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/// The world as far as workflows see it, kept in memory: what a set-up has made is state here, and
/// answers come from that state. Faults are set by activity name and stay until they are lifted.
final class InMemoryWorld {
  /// Nothing happens by itself within a test: whoever waits is asked again in 20 s, tried in 30
  /// min.
  static final Pace PACE =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofMinutes(30),
          Duration.ofMillis(50),
          Duration.ofSeconds(30),
          0);

  static final Instant NEVER_IN_A_TEST = Instant.parse("2099-01-01T00:00:00Z");

  final ServerId server = new ServerId(new UUID(1, 1));
  final DomainId domain = new DomainId(new UUID(1, 2));
  final CertificateId certificate = new CertificateId(new UUID(1, 3));
  final List<String> calls = new CopyOnWriteArrayList<>();
  final List<Cause> incidents = new CopyOnWriteArrayList<>();
  final List<String> decisions = new CopyOnWriteArrayList<>();
  final List<Instant> orderedAt = new CopyOnWriteArrayList<>(); // certificates
  final Map<String, Cause> faults = new ConcurrentHashMap<>();
  final Map<String, String> hostSteps = Collections.synchronizedMap(new TreeMap<>());

  volatile Stage stage = Stage.STARTED;
  final AtomicLong serverVersion = new AtomicLong(1);
  volatile long appliedVersion;
  final AtomicInteger versionsMeanwhile = new AtomicInteger(); // wanted while the host is looked at
  final Semaphore steps = new Semaphore(1_000); // a step waits for its turn
  final Semaphore publishes = new Semaphore(1_000); // records are written in their turn
  volatile boolean isHostStubborn; // applied steps are undone at once
  volatile Optional<Instant> resumableUntil = Optional.empty(); // cancelled, and not yet for good
  volatile boolean isContacted;
  volatile boolean isClaimed; // the proof is in the zone
  volatile boolean isOwned;
  volatile boolean isPublished;
  volatile boolean isRetireWanted; // server and certificate
  volatile boolean isDomainRetireWanted;
  final AtomicLong domainVersion = new AtomicLong(1);
  final ServerId earlierServer = new ServerId(new UUID(1, 4));
  final AtomicLong earlierVersion = new AtomicLong(7);
  volatile long earlierApplied = 7;
  volatile boolean isProvedBefore; // on the earlier server
  volatile boolean isMoved; // from there
  volatile boolean isServerInService; // said so; whether its run is there is another matter
  volatile Runnable afterMove = () -> {};
  volatile Runnable afterIssue = () -> {};
  volatile ServerId domainServer = server;
  volatile Optional<ServerId> publishedFor = Optional.empty();
  volatile boolean isServerRetired;
  final AtomicLong certificateVersion = new AtomicLong(1);
  volatile boolean isCertificateIssued;
  volatile boolean isCertificateOrdered; // and not fetched yet
  volatile boolean isNameLacking; // a domain came to the server since the issue
  volatile boolean isCaaForbidding;
  volatile boolean isCaSlow;
  volatile Instant renewAfter = NEVER_IN_A_TEST;
  volatile boolean isDkimWrong;
  volatile boolean isIncidentOpen; // of a run that was lost
  volatile Optional<Stage> over = Optional.empty(); // what the row says of a set-up that has ended
  final InMemoryMailboxes mailboxes = new InMemoryMailboxes(serverVersion);
  volatile Optional<InMemoryProvider> provider = Optional.empty(); // a server is to be bought

  InMemoryWorld() {
    hostSteps.put("030-packages", "ABSENT");
    hostSteps.put("250-postfix", "ABSENT");
  }

  /// An earlier set-up of the domain was proved, on another server.
  void provedBefore() {
    isProvedBefore = true;
    isOwned = true;
    isPublished = true;
    domainServer = earlierServer;
    publishedFor = Optional.of(earlierServer);
  }

  /// Temporal's in-memory server at work in this world. Whoever asks for it closes it.
  TestWorkflowEnvironment inMemoryTemporal() {
    return inMemoryTemporal(UnaryOperator.identity());
  }

  /// As above, on other queues.
  TestWorkflowEnvironment inMemoryTemporal(UnaryOperator<String> queues) {
    var temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setUseTimeskipping(false)
                .setWorkflowServiceStubsOptions(
                    WorkflowServiceStubsOptions.newBuilder()
                        .addGrpcClientInterceptor(new LateCancels())
                        .build())
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(PenguinDataConverter.clear())
                        .build())
                .build());
    SearchColumns.ALL.forEach(
        column -> temporal.registerSearchAttribute(column.getName(), column.getValueType()));
    registerWith(temporal, queues);
    temporal.start();
    return temporal;
  }

  /// Registers all workflows and, on every queue, the activities of this world.
  void registerWith(TestWorkflowEnvironment temporal) {
    registerWith(temporal, UnaryOperator.identity());
  }

  /// As above, on other queues.
  void registerWith(TestWorkflowEnvironment temporal, UnaryOperator<String> queues) {
    temporal
        .newWorker(queues.apply(TaskQueues.DECISIONS))
        .registerWorkflowImplementationTypes(ChangeIds.shown(), GoldenHistoriesRecorder.types());
    for (var queue :
        List.of(
            TaskQueues.STORE, TaskQueues.SSH, TaskQueues.DNS, TaskQueues.ACME, TaskQueues.MAIL)) {
      var worker = temporal.newWorker(queues.apply(queue));
      provider.ifPresent(worker::registerActivitiesImplementations);
      worker.registerActivitiesImplementations(
          new Setups(),
          new Incidents(),
          new Servers(),
          new Domains(),
          new Certificates(),
          new Proofs(),
          mailboxes);
    }
    provider.ifPresent(seller ->
        temporal
            .newWorker(queues.apply(TaskQueues.vps("hostwinds")))
            .registerActivitiesImplementations(seller));
  }

  private boolean isServerBeingBought() {
    return provider.filter(seller -> !seller.isAccepted).isPresent();
  }

  private void act(String name) {
    if (resumableUntil.isPresent() && !name.startsWith("Setup.")) {
      throw ApplicationFailure.newNonRetryableFailure(
          "not begun", FailureType.REFUSED.name(), Cause.SETUP_HELD.name());
    }
    calls.add(name);
    var fault = faults.get(name);
    if (fault != null) {
      throw ApplicationFailure.newNonRetryableFailure(
          name + " was refused on purpose", FailureType.REFUSED.name(), fault.name());
    }
  }

  final class Setups implements SetupActivities {
    @Override
    public SetupFacts begin(ReadSetup order) {
      act("Setup.Begin");
      if (stage == Stage.STARTED && resumableUntil.isEmpty()) {
        stage = Stage.BUILDING;
      }
      return now();
    }

    @Override
    public SetupFacts facts(ReadSetup order) {
      act("Setup.Facts");
      return now();
    }

    private SetupFacts now() {
      return new SetupFacts(
          stage,
          server,
          provider.isPresent() ? "hostwinds" : "existing",
          domain,
          new DomainName("acme-outreach.test"),
          certificate,
          serverVersion.get(),
          domainVersion.get(),
          !isOwned,
          Optional.of(certificateVersion.get()),
          resumableUntil,
          !domainServer.equals(server) || isMoved,
          isServerInService);
    }

    @Override
    public SetupFacts moveDomain(MoveDomain order) {
      act("Setup.MoveDomain");
      if (!domainServer.equals(server)) {
        moveTo(server);
        isMoved = true;
        afterMove.run();
      }
      return now();
    }

    private void moveTo(ServerId there) {
      domainServer = there;
      domainVersion.incrementAndGet();
      serverVersion.incrementAndGet();
      earlierVersion.incrementAndGet();
    }

    @Override
    public SetupFacts endHold(ReadSetup order) {
      calls.add("Setup.EndHold");
      if (resumableUntil.filter(until -> !until.isAfter(Instant.now())).isPresent()) {
        resumableUntil = Optional.empty();
        stage = Stage.CANCELLING;
      }
      return now();
    }

    @Override
    public void enter(EnterStage order) {
      act("Setup.Enter");
      stage = order.stage();
    }

    @Override
    public RetireVersions wantRetired(ReadSetup order) {
      act("Setup.WantRetired");
      if (isProvedBefore) {
        if (domainServer.equals(server)) {
          moveTo(earlierServer);
        }
      } else if (!isDomainRetireWanted) {
        isDomainRetireWanted = true;
        domainVersion.incrementAndGet();
      }
      isRetireWanted = true;
      provider.ifPresent(seller -> seller.isLeaving = true);
      return new RetireVersions(
          serverVersion.get() + 1,
          isProvedBefore && !isMoved ? RetireVersions.NOTHING : domainVersion.get(),
          certificateVersion.get() + 1,
          Optional.of(new EarlierServer(earlierServer, "existing", earlierVersion.get()))
              .filter(_ -> isMoved));
    }
  }

  final class Incidents implements IncidentActivities {
    @Override
    public void open(SetupActivities.OpenIncident order) {
      calls.add("Incident.Open " + order.cause());
      incidents.add(order.cause());
    }

    @Override
    public void close(CloseIncidents order) {
      calls.add("Incident.Close");
      isIncidentOpen = false;
    }

    @Override
    public void decide(RecordDecision order) {
      decisions.add(order.step() + ": " + order.answer());
    }
  }

  final class Servers implements ServerActivities {
    @Override
    public ServerFacts facts(ReadServer order) {
      if (order.server().equals(earlierServer)) {
        return new ServerFacts(
            "mail.earlier.test",
            "192.0.2.9",
            earlierVersion.get(),
            earlierApplied,
            true,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            false);
      }
      return new ServerFacts(
          "mail.acme-outreach.test",
          "192.0.2.10",
          serverVersion.get() + (isRetireWanted ? 1 : 0),
          appliedVersion,
          isContacted,
          isRetireWanted,
          isServerRetired,
          provider.map(InMemoryProvider::facts),
          mailboxes.facts(),
          isIncidentOpen);
    }

    @Override
    public HostInspected inspect(InspectHost order) {
      act("Server.Inspect");
      return new HostInspected("debian", "12", "x86_64", 2_048, 20_000, 0, List.of());
    }

    @Override
    public HostContacted contact(ContactHost order) {
      act("Server.Contact");
      isContacted = true;
      return new HostContacted("SHA256:abc");
    }

    @Override
    public HostProbed probe(ProbeHost order) {
      act("Server.Probe");
      long version = order.version();
      if (order.server().equals(earlierServer)) {
        return new HostProbed(version, "earlier-" + version, List.of());
      }
      if (versionsMeanwhile.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        version = serverVersion.incrementAndGet();
        mailboxes.versionRaised();
        hostSteps.put("250-postfix", "ABSENT");
      }
      return new HostProbed(
          version,
          "bundle-" + version,
          hostSteps.entrySet().stream()
              .map(step -> new StepState(step.getKey(), step.getValue(), ""))
              .toList());
    }

    @Override
    public StepApplied apply(ApplyStep order) {
      act("Server.Apply");
      steps.acquireUninterruptibly();
      hostSteps.put(order.name(), isHostStubborn ? "ABSENT" : "OK");
      var isNewest = order.bundle().equals("bundle-" + serverVersion.get());
      return new StepApplied("done", isNewest ? List.of() : List.copyOf(hostSteps.keySet()));
    }

    @Override
    public void applied(VersionApplied order) {
      if (order.server().equals(earlierServer)) {
        earlierApplied = order.version();
        return;
      }
      appliedVersion = order.version();
      mailboxes.applied(order.version());
    }

    @Override
    public HostRetired retire(RetireHost order) {
      act("Server.Retire");
      isServerRetired = true;
      return new HostRetired("removed");
    }
  }

  final class Domains implements DomainActivities {
    @Override
    public DomainPrepared prepare(PrepareDomain order) {
      long version = domainVersion.get();
      act("Domain.Prepare");
      return new DomainPrepared(
          version,
          Optional.of("pm202611").filter(_ -> !isDomainRetireWanted),
          false,
          domainServer.equals(server) && isServerBeingBought(),
          !isOwned,
          isIncidentOpen);
    }

    @Override
    public ClaimShown claim(ShowClaim order) {
      act("Domain.Claim");
      isClaimed = true;
      return new ClaimShown(new RecordName("_penguinmails-challenge.acme-outreach.test"), false);
    }

    @Override
    public DomainOwned own(OwnDomain order) {
      act("Domain.Own");
      if (isClaimed && !isOwned) {
        isOwned = true;
        certificateVersion.incrementAndGet();
      }
      return new DomainOwned(2);
    }

    @Override
    public AddressKnown awaitAddress(AwaitAddress order) {
      if (isServerBeingBought()) {
        throw notYet(Cause.SERVER_ADDRESS_AWAITED, Duration.ofMillis(100));
      }
      return new AddressKnown("known");
    }

    @Override
    public RecordsPlanned plan(PlanRecords order) {
      calls.add("Domain.Plan");
      var fault = faults.get("Domain.Plan");
      return new RecordsPlanned(
          14,
          14,
          fault == null ? List.of() : List.of(new Finding(fault, "found on purpose")),
          Optional.empty());
    }

    @Override
    public RecordsPublished publish(PublishRecords order) {
      act("Domain.Publish");
      publishes.acquireUninterruptibly();
      isPublished = true;
      publishedFor = Optional.of(domainServer);
      return new RecordsPublished(14, Optional.empty());
    }

    @Override
    public RecordsVerified verify(VerifyRecords order) {
      calls.add("Domain.Verify");
      if (faults.containsKey("Domain.Verify")) {
        throw notYet(Cause.DNS_NOT_VISIBLE, order.poll());
      }
      return new RecordsVerified(14, 4);
    }

    @Override
    public RecordsWithdrawn withdraw(WithdrawRecords order) {
      act("Domain.Withdraw");
      isClaimed = false;
      isPublished = false;
      publishedFor = Optional.empty();
      return new RecordsWithdrawn(14);
    }
  }

  final class Certificates implements CertificateActivities {
    @Override
    public CertificateFacts facts(ReadCertificate order) {
      return new CertificateFacts(
          certificateVersion.get() + (isRetireWanted ? 1 : 0),
          isCertificateIssued && !isNameLacking ? Optional.of(renewAfter) : Optional.empty(),
          serverVersion.get(),
          isRetireWanted,
          false,
          isIncidentOpen);
    }

    @Override
    public CaaChecked checkCaa(CheckCaa order) {
      act("Certificate.CheckCaa");
      return isCaaForbidding
          ? new CaaChecked(false, "A CAA record forbids it.")
          : new CaaChecked(true, "No CAA record forbids it.");
    }

    @Override
    public Ordered order(OpenOrder order) {
      act("Certificate.Order");
      orderedAt.add(Instant.now());
      isCertificateOrdered = true;
      return new Ordered(
          URI.create("https://ca.test/order/1"), List.of("mail.acme-outreach.test"), List.of());
    }

    @Override
    public ChallengesShown showChallenges(ShowChallenges order) {
      act("Certificate.ShowChallenges");
      return new ChallengesShown(1);
    }

    @Override
    public Authorised authorise(Authorise order) {
      act("Certificate.Authorise");
      if (isServerBeingBought() || isCaSlow) {
        // A certificate wants a new version of its server, which begins its looks anew.
        throw notYet(Cause.CA_AUTHORISATION_FAILED, Duration.ofMillis(100));
      }
      return new Authorised();
    }

    @Override
    public Issued complete(CompleteOrder order) {
      act("Certificate.Complete");
      if (isCertificateOrdered) {
        isCertificateOrdered = false;
        isNameLacking = false;
        if (isCertificateIssued) {
          renewAfter = NEVER_IN_A_TEST; // the first one may fall due, its successors do not
        }
        isCertificateIssued = true;
        hostSteps.putIfAbsent("240-tls", "ABSENT"); // a step of its own, from now on
        serverVersion.incrementAndGet(); // the host is to show it
        afterIssue.run();
      }
      return new Issued(renewAfter.plus(Duration.ofDays(30)), renewAfter, serverVersion.get());
    }

    @Override
    public void hideChallenges(HideChallenges order) {
      act("Certificate.HideChallenges");
    }

    @Override
    public void retire(RetireCertificate order) {
      act("Certificate.Retire");
    }
  }

  final class Proofs implements ProofActivities {
    @Override
    public ProofSent send(SendProof order) {
      act("Proof.Send");
      return over.map(stage -> new ProofSent("", Optional.of(stage)))
          .orElseGet(() -> new ProofSent("token-" + order.attempt()));
    }

    @Override
    public ProofJudged receive(ReceiveProof order) {
      act("Proof.Receive");
      return new ProofJudged(
          ProofVerdict.REQUIRED.stream()
              .filter(name -> !name.startsWith("tls"))
              .sorted()
              .map(name ->
                  name.equals("dkim") && isDkimWrong
                      ? ProofCheck.failed(name, "wrong selector")
                      : ProofCheck.passed(name, "good"))
              .toList());
    }

    @Override
    public ProofJudged inspect(InspectServer order) {
      act("Proof.Inspect");
      return new ProofJudged(
          ProofVerdict.REQUIRED.stream()
              .filter(name -> name.startsWith("tls"))
              .sorted()
              .map(name -> ProofCheck.passed(name, "good"))
              .toList());
    }
  }

  private static ApplicationFailure notYet(Cause cause, Duration next) {
    return ApplicationFailure.newBuilder()
        .setMessage("not there yet")
        .setType(FailureType.NOT_YET.name())
        .setDetails(cause.name())
        .setNextRetryDelay(next)
        .build();
  }
}
