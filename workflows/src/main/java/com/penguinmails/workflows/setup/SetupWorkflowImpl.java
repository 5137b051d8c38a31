package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.certificate.CertificateWorkflow.BeginCertificate;
import com.penguinmails.workflows.domain.DomainWorkflow.BeginDomain;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.setup.IncidentActivities.CloseIncidents;
import com.penguinmails.workflows.setup.IncidentActivities.RecordDecision;
import com.penguinmails.workflows.setup.ProofActivities.InspectServer;
import com.penguinmails.workflows.setup.ProofActivities.ProofJudged;
import com.penguinmails.workflows.setup.ProofActivities.ReceiveProof;
import com.penguinmails.workflows.setup.ProofActivities.SendProof;
import com.penguinmails.workflows.setup.SetupActivities.EnterStage;
import com.penguinmails.workflows.setup.SetupActivities.MoveDomain;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;
import com.penguinmails.workflows.setup.SetupActivities.ReadSetup;
import com.penguinmails.workflows.setup.SetupActivities.RetireVersions;
import com.penguinmails.workflows.setup.SetupActivities.SetupFacts;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Entities;
import com.penguinmails.workflows.temporal.Replies;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.Trouble;
import com.penguinmails.workflows.temporal.Waiting;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// See [SetupWorkflow].
public final class SetupWorkflowImpl implements SetupWorkflow {
  private static final String OWN_SERVER = "existing"; // the tenant's: nothing is bought
  private static final Duration CLOCKS_DIFFER = Duration.ofMillis(500);

  private final BeginSetup order;
  private final String self;
  private final Replies replies;
  private final Set<String> running = new TreeSet<>(); // entities that most likely have a run
  private Stage stage;
  private int proofAttempts;
  private boolean isCancelWanted;
  private boolean isRetryWanted;
  private boolean isOwned; // the domain is the tenant's
  private boolean isHoldDue; // the row is to be looked at: it says, or said, that all is held
  private @Nullable CancellationScope story;

  @WorkflowInit
  public SetupWorkflowImpl(BeginSetup order) {
    this.order = order;
    this.self = WorkflowIds.of(order.setup());
    var carried = order.carried().orElse(new SetupState(Stage.STARTED, new TreeMap<>(), 0, false));
    this.replies = new Replies(carried.replies());
    this.stage = carried.stage();
    this.proofAttempts = carried.proofAttempts();
    this.isCancelWanted = carried.isCancelWanted();
  }

  @Override
  public void run(BeginSetup begin) {
    var facts =
        store("Reading how far the set-up is").begin(new ReadSetup(order.tenant(), order.setup()));
    stage = facts.stage();
    if (stage == Stage.PROVED || stage == Stage.CANCELLED) {
      return; // given up, and that was taken back, or another run was quicker
    }
    if (facts.isServerInService()) {
      running.add(WorkflowIds.of(facts.server()));
      running.add(WorkflowIds.of(facts.certificate()));
    }
    isCancelWanted |= stage == Stage.CANCELLING;
    isHoldDue |= facts.resumableUntil().isPresent();
    do {
      if (isHoldDue) {
        facts = held();
      }
      if (!isCancelWanted) {
        tell(facts);
      }
    } while (isHoldDue && !isCancelWanted && stage != Stage.PROVED);
    if (isCancelWanted && stage != Stage.PROVED) {
      takeBack(facts);
    }
    Workflow.await(Workflow::isEveryHandlerFinished);
  }

  /// Waits as long as the row says that the set-up is held. Answers how far it is then: it goes on,
  /// or what it made is to be taken back.
  private SetupFacts held() {
    while (true) {
      isHoldDue = false; // a command that comes while we look makes us look again
      var facts =
          store("Looking whether the cancel is taken back")
              .endHold(new ReadSetup(order.tenant(), order.setup()));
      if (isHoldDue) {
        continue;
      }
      stage = facts.stage();
      isCancelWanted |= stage == Stage.CANCELLING;
      if (facts.resumableUntil().isEmpty()) {
        return facts;
      }
      var until = facts.resumableUntil().get();
      Workflow.setCurrentDetails(
          "**Cancelled by the tenant**, who can take it back until %s. Nothing is done meanwhile."
              .formatted(until));
      Waiting.until(
          untilNextLook(until),
          "Until the cancel can no longer be taken back: " + until,
          () -> isHoldDue || isRunLong());
      if (isRunLong()) {
        continueAsNew();
      }
    }
  }

  /// A command may be lost, so the row is looked at now and then; and at its time, by the clock of
  /// the database, which may be a little behind.
  private Duration untilNextLook(Instant until) {
    var left = Duration.between(Instant.ofEpochMilli(Workflow.currentTimeMillis()), until);
    var look = left.compareTo(order.pace().askAgain()) < 0 ? left : order.pace().askAgain();
    return look.compareTo(CLOCKS_DIFFER) > 0 ? look : CLOCKS_DIFFER;
  }

  private void tell(SetupFacts facts) {
    story =
        Workflow.newCancellationScope(() -> {
          build(facts);
          prove();
        });
    try {
      story.run();
    } catch (CanceledFailure cancelled) {
      Workflow.getLogger(SetupWorkflowImpl.class).info("Cancelled or held at stage {}", stage);
    } catch (ActivityFailure failure) {
      if (!(failure.getCause() instanceof CanceledFailure)) {
        throw failure;
      }
    }
  }

  @Override
  public Accepted cancel() {
    if (stage != Stage.PROVED && !isCancelWanted) {
      isCancelWanted = true;
      if (story != null) {
        story.cancel();
      }
    }
    return new Accepted(isCancelWanted && stage != Stage.CANCELLED ? Stage.CANCELLING : stage);
  }

  @Override
  public Accepted hold() {
    lookAtRow();
    return new Accepted(stage);
  }

  @Override
  public void lookAgain() {
    if (ChangeIds.LOOK_AGAIN.isTakenHere()) {
      lookAtRow();
    }
  }

  private void lookAtRow() {
    if (stage != Stage.PROVED && !isCancelWanted) {
      isHoldDue = true;
      if (story != null) {
        story.cancel();
      }
    }
  }

  @Override
  public Accepted resume() {
    isHoldDue = true;
    return new Accepted(stage);
  }

  @Override
  public Accepted retry() {
    isRetryWanted = true;
    return new Accepted(stage);
  }

  @Override
  public void done(Done reply) {
    replies.add(reply);
  }

  @Override
  public void stuck(Stuck reply) {
    replies.add(reply);
  }

  @Override
  public void owned(Owned reply) {
    isOwned = true;
  }

  @Override
  public SetupView view() {
    return new SetupView(stage, replies.anyStuck().map(Stuck::cause));
  }

  private void build(SetupFacts facts) {
    if (stage.compareTo(Stage.BUILDING) > 0) {
      return;
    }
    var details = "Making server, domain and certificate for " + facts.domainName() + ".";
    if (stage == Stage.STARTED) {
      enter(Stage.BUILDING, details); // it was held before it began
    } else {
      show(details);
    }
    var wanted = facts;
    if (facts.isOwnershipAwaited()) {
      boolean isBought = !facts.provider().equals(OWN_SERVER);
      untilOwned(facts, isBought ? List.of(domain(facts)) : List.of(server(facts), domain(facts)));
      wanted = read("Reading what is wanted now that the domain is owned"); // keys were made
    }
    if (wanted.isMoveAwaited()) {
      move(wanted);
    } else {
      untilReached(
          List.of(server(wanted), domain(wanted), certificate(wanted)),
          "Until server, domain and certificate are ready");
    }
  }

  /// The domain works on another server. It stays there, records and all, until this one can take
  /// it; and no record names this one before it has the domain.
  private void move(SetupFacts facts) {
    untilReached(
        List.of(server(facts), certificate(facts)),
        "Until the new server can take " + facts.domainName());
    var moved =
        store("Moving " + facts.domainName() + " to its new server")
            .moveDomain(new MoveDomain(order.tenant(), order.setup(), order.pace().poll()));
    untilReached(List.of(server(moved)), "Until the new server has " + facts.domainName());
    untilReached(List.of(domain(moved)), "Until the records name the new server");
    // Logins that the domain made meanwhile.
    var newest = read("Reading what is wanted by now");
    untilReached(
        List.of(server(newest), certificate(newest)), "Until the new server has every mailbox");
  }

  private Asked server(SetupFacts facts) {
    return new Asked(
        WorkflowIds.of(facts.server()), facts.serverVersion(), v -> askServer(facts, v));
  }

  private Asked domain(SetupFacts facts) {
    return new Asked(
        WorkflowIds.of(facts.domain()), facts.domainVersion(), v -> askDomain(facts, v));
  }

  private Asked certificate(SetupFacts facts) {
    return new Asked(
        WorkflowIds.of(facts.certificate()),
        facts.certificateVersion().orElse(1L),
        v -> askCertificate(facts, v, false));
  }

  /// Nothing is bought and no certificate is ordered for what may be somebody else's domain. What
  /// can begin without is asked for meanwhile. The domain's run tells; should that be lost, the row
  /// says so too.
  private void untilOwned(SetupFacts facts, List<Asked> asked) {
    var summary = "Until " + facts.domainName() + " is proved to be the tenant's";
    until(() -> isOwned, asked, summary, () -> isOwned |= !read(summary).isOwnershipAwaited());
  }

  private SetupFacts read(String summary) {
    return store(summary).facts(new ReadSetup(order.tenant(), order.setup()));
  }

  private void prove() {
    enter(Stage.PROVING, "A real message is on its way through the new server.");
    for (var trouble = look(); trouble.isPresent(); trouble = look()) {
      waitFor(trouble.get());
    }
    if (stage != Stage.PROVING) {
      show("It had come to this before: the run is from an older copy of Temporal's data.");
      incidents("Closing what was open").close(new CloseIncidents(order.tenant(), self));
      return;
    }
    stage = Stage.PROVED; // from here on a cancel comes too late
    enter(Stage.PROVED, "Proved by a real message.");
    incidents("Closing what was open").close(new CloseIncidents(order.tenant(), self));
  }

  private Optional<Trouble> look() {
    proofAttempts++;
    try {
      var sent =
          proof("Sending a real message through the new server")
              .send(new SendProof(order.tenant(), order.setup(), proofAttempts));
      if (sent.over().isPresent() && ChangeIds.OVER_BEFORE_THE_PROOF.isTakenHere()) {
        stage = sent.over().get();
        isCancelWanted |= stage == Stage.CANCELLING;
        return Optional.empty();
      }
      var inspected =
          Async.function(() ->
              proof("Looking at the server from outside")
                  .inspect(new InspectServer(order.tenant(), order.setup(), proofAttempts)));
      var received =
          proof("Waiting for the message in the probe mailbox")
              .receive(
                  new ReceiveProof(
                      order.tenant(),
                      order.setup(),
                      proofAttempts,
                      sent.token(),
                      order.pace().poll()));
      return verdict(received, inspected.get());
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      return Optional.of(Trouble.of(failure));
    }
  }

  private Optional<Trouble> verdict(ProofJudged received, ProofJudged inspected) {
    var checks = new ArrayList<ProofCheck>(received.checks());
    checks.addAll(inspected.checks());
    var against = ProofVerdict.of(checks);
    incidents("Recording the proof's verdict")
        .decide(
            RecordDecision.of(
                order.tenant(),
                order.setup(),
                self,
                "proof-" + proofAttempts,
                Map.of(
                    "checks",
                    String.valueOf(checks.size()),
                    "seen",
                    against.map(Trouble::evidence).orElse("every check passed")),
                against
                    .map(trouble -> Answer.NOT_PROVED.about(trouble.cause().name()))
                    .orElseGet(Answer.PROVED::given),
                Workflow.getInfo().getRunId()));
    return against;
  }

  private void waitFor(Trouble trouble) {
    incidents("Telling who can help: " + trouble.cause())
        .open(
            new OpenIncident(
                order.tenant(), order.setup(), self, trouble.cause(), List.of(trouble.evidence())));
    Workflow.setCurrentDetails("**Not proved yet:** " + trouble.forStaff());
    Waiting.until(
        order.pace().recheck(),
        "Until the proof is tried again: " + trouble.cause(),
        () -> isRetryWanted);
    isRetryWanted = false;
    if (isRunLong()) {
      continueAsNew(); // a PTR record may take its owner weeks
    }
  }

  private void takeBack(SetupFacts facts) {
    enter(Stage.CANCELLING, "Taking back what the set-up made.");
    var retired =
        store("Wanting server, domain and certificate gone")
            .wantRetired(new ReadSetup(order.tenant(), order.setup()));
    // Not waited for: it may be away, and the tenant have ordered another for that.
    retired
        .earlier()
        .ifPresent(there -> askServer(facts, there.server(), there.provider(), there.version()));
    untilReached(
        Stream.of(
                new Asked(
                    WorkflowIds.of(facts.certificate()),
                    retired.certificate(),
                    v -> askCertificate(facts, v, true)),
                new Asked(
                    WorkflowIds.of(facts.domain()), retired.domain(), v -> askDomain(facts, v)),
                new Asked(
                    WorkflowIds.of(facts.server()), retired.server(), v -> askServer(facts, v)))
            .filter(asked -> asked.version() != RetireVersions.NOTHING)
            .toList(),
        "Until everything is taken back");
    enter(Stage.CANCELLED, "Cancelled; what the set-up made is taken back.");
  }

  private void untilReached(List<Asked> asked, String summary) {
    until(
        () -> asked.stream().allMatch(a -> replies.has(a.workflowId(), a.version())),
        asked,
        summary,
        () -> {});
  }

  /// @param look before they are asked again
  private void until(Supplier<Boolean> reached, List<Asked> asked, String summary, Runnable look) {
    while (!reached.get()) {
      var asking =
          asked.stream()
              .filter(a -> !replies.has(a.workflowId(), a.version()))
              .map(a -> Async.procedure(a::ask))
              .toList();
      Promise.allOf(asking).get();
      isRetryWanted = false;
      Waiting.until(
          order.pace().askAgain(), summary, () -> reached.get() || isRetryWanted || isRunLong());
      if (isRunLong()) {
        continueAsNew();
      }
      if (!reached.get()) {
        look.run();
      }
    }
  }

  private void askServer(SetupFacts facts, long version) {
    askServer(facts, facts.server(), facts.provider(), version);
  }

  private void askServer(SetupFacts facts, ServerId server, String provider, long version) {
    var wanted = new Wanted(version, self, order.setup());
    Entities.ask(
        "ServerWorkflow",
        WorkflowIds.of(server),
        new BeginServer(order.tenant(), server, wanted, order.pace(), Optional.empty()),
        wanted,
        Entities.About.server(order.tenant(), facts.domainName(), provider),
        !running.add(WorkflowIds.of(server)));
  }

  private void askDomain(SetupFacts facts, long version) {
    var wanted = new Wanted(version, self, order.setup());
    Entities.ask(
        "DomainWorkflow",
        WorkflowIds.of(facts.domain()),
        new BeginDomain(
            order.tenant(),
            facts.domain(),
            facts.domainName(),
            wanted,
            order.pace(),
            Optional.empty()),
        wanted,
        Entities.About.domain(order.tenant(), facts.domainName(), facts.provider()),
        !running.add(WorkflowIds.of(facts.domain())));
  }

  private void askCertificate(SetupFacts facts, long version, boolean isTakeBack) {
    var wanted = new Wanted(version, self, order.setup(), isTakeBack);
    Entities.ask(
        "CertificateWorkflow",
        WorkflowIds.of(facts.certificate()),
        new BeginCertificate(
            order.tenant(),
            facts.certificate(),
            facts.domainName(),
            facts.server(),
            wanted,
            order.pace(),
            Optional.empty()),
        wanted,
        Entities.About.certificate(order.tenant(), facts.domainName(), facts.provider()),
        !running.add(WorkflowIds.of(facts.certificate())));
  }

  private void enter(Stage next, String details) {
    store("Stage: " + next).enter(new EnterStage(order.tenant(), order.setup(), next));
    stage = next;
    show(details);
  }

  /// What staff read of the run.
  private void show(String details) {
    Workflow.upsertTypedSearchAttributes(SearchColumns.STAGE.valueSet(stage.name()));
    Workflow.setCurrentDetails(details);
  }

  private boolean isRunLong() {
    var info = Workflow.getInfo();
    return info.isContinueAsNewSuggested()
        || (order.pace().eventsPerRun() > 0
            && info.getHistoryLength() > order.pace().eventsPerRun());
  }

  private void continueAsNew() {
    Workflow.await(Workflow::isEveryHandlerFinished);
    Workflow.continueAsNew(
        new BeginSetup(
            order.tenant(),
            order.setup(),
            order.domain(),
            order.pace(),
            Optional.of(new SetupState(stage, replies.reached(), proofAttempts, isCancelWanted))));
  }

  private ProofActivities proof(String summary) {
    return Workflow.newActivityStub(
        ProofActivities.class, ActivityProfiles.mail(summary, order.pace()));
  }

  private SetupActivities store(String summary) {
    return Workflow.newActivityStub(
        SetupActivities.class, ActivityProfiles.store(summary, order.pace()));
  }

  private IncidentActivities incidents(String summary) {
    return Workflow.newActivityStub(
        IncidentActivities.class, ActivityProfiles.store(summary, order.pace()));
  }

  /// One entity that is asked for one version, and how.
  private record Asked(String workflowId, long version, java.util.function.LongConsumer how) {
    void ask() {
      how.accept(version);
    }
  }
}
