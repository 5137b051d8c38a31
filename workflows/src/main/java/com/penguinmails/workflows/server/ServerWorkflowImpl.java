package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.server.OrderActivities.NotBought;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.server.OrderActivities.RecordFound;
import com.penguinmails.workflows.server.ServerActivities.ApplyStep;
import com.penguinmails.workflows.server.ServerActivities.ContactHost;
import com.penguinmails.workflows.server.ServerActivities.HostInspected;
import com.penguinmails.workflows.server.ServerActivities.HostProbed;
import com.penguinmails.workflows.server.ServerActivities.InspectHost;
import com.penguinmails.workflows.server.ServerActivities.ProbeHost;
import com.penguinmails.workflows.server.ServerActivities.ReadServer;
import com.penguinmails.workflows.server.ServerActivities.RetireHost;
import com.penguinmails.workflows.server.ServerActivities.ServerFacts;
import com.penguinmails.workflows.server.ServerActivities.StepApplied;
import com.penguinmails.workflows.server.ServerActivities.VersionApplied;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.IncidentActivities.RecordDecision;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Requests;
import com.penguinmails.workflows.temporal.Stopped;
import com.penguinmails.workflows.temporal.Trouble;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;

/// See [ServerWorkflow].
public final class ServerWorkflowImpl implements ServerWorkflow {
  private static final int MAX_ROUNDS =
      3; // a step may undo what an earlier one needs; not for ever

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(45);

  private final BeginServer order;
  private final String self;
  private final Requests requests;
  private final EntityLoop loop;
  private final ServerPurchase purchase;
  private final ServerMailboxes mailboxes;
  private boolean isRetired;

  @WorkflowInit
  public ServerWorkflowImpl(BeginServer order) {
    this.order = order;
    this.self = WorkflowIds.of(order.server());
    var carried =
        order.carried().orElse(new ServerState(0, List.of(order.wanted()), Optional.empty()));
    this.requests =
        new Requests(self, order.wanted().setup(), carried.reached(), carried.waiting());
    this.loop =
        new EntityLoop(order.tenant(), self, requests, order.pace(), order.carried().isPresent());
    this.purchase =
        new ServerPurchase(
            order.tenant(),
            order.server(),
            self,
            order.pace(),
            loop,
            requests::setup,
            () -> facts().order());
    this.mailboxes =
        new ServerMailboxes(
            order.tenant(), order.server(), order.pace(), this::facts, carried.nextRemoval());
  }

  @Override
  public void run(BeginServer begin) {
    while (!isRetired) {
      loop.turn(this::makeAsWanted, mailboxes.due());
      if (!isRetired && loop.isRunLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(
            new BeginServer(
                order.tenant(), order.server(), order.wanted(), order.pace(), Optional.of(view())));
      }
    }
  }

  @Override
  public void wanted(Wanted wanted) {
    loop.wanted(wanted);
  }

  @Override
  public ServerState adopt(AdoptServer adopted) {
    var bought = bought();
    var counts =
        looking(adopted, bought.provider())
            .found(
                new RecordFound(
                    order.tenant(),
                    order.server(),
                    bought.order(),
                    adopted.found(),
                    Optional.of(adopted.person())))
            .counts();
    if (!counts.equals(adopted.found())) {
      throw refused("server %s was found for it before, and counts".formatted(counts));
    }
    loop.ring();
    return view();
  }

  @Override
  public ServerState confirmNotBought(ConfirmNotBought confirmed) {
    var bought = bought();
    if (bought.found().isPresent()) {
      throw refused("server %s was found for it".formatted(bought.found().get()));
    }
    if (confirmed.attempt() < 1 || confirmed.attempt() > bought.tries()) {
      throw refused(
          "there was no try %d: it was tried %d times"
              .formatted(confirmed.attempt(), bought.tries()));
    }
    orders("Writing that nothing was bought, as " + confirmed.person() + " says")
        .confirmNotBought(
            new NotBought(
                order.tenant(),
                order.server(),
                bought.order(),
                confirmed.person(),
                confirmed.attempt()));
    loop.ring();
    return view();
  }

  @Override
  public void checkAdopt(AdoptServer adopted) {
    refuseWhileTrying();
  }

  @Override
  public void checkConfirmNotBought(ConfirmNotBought confirmed) {
    refuseWhileTrying();
  }

  private OrderFacts bought() {
    return facts().order().orElseThrow(() -> refused("no server is being bought for it"));
  }

  /// Fails the Update, not the run.
  private ApplicationFailure refused(String why) {
    return ApplicationFailure.newNonRetryableFailure(self + ": " + why, FailureType.REFUSED.name());
  }

  private void refuseWhileTrying() {
    if (purchase.isTrying()) {
      throw new IllegalStateException(
          self + " is being bought at this moment; look again at the provider in some minutes");
    }
  }

  /// Asks the provider for its name, and no longer than a person waits for an answer.
  private OrderActivities looking(AdoptServer adopted, String provider) {
    return Workflow.newActivityStub(
        OrderActivities.class,
        ActivityProfiles.vpsWithin(
            "Writing that %s is ours, as %s says".formatted(adopted.found(), adopted.person()),
            provider,
            order.pace(),
            order.pace().patience().compareTo(ANSWERED_WITHIN) < 0
                ? order.pace().patience()
                : ANSWERED_WITHIN));
  }

  private OrderActivities orders(String summary) {
    return Workflow.newActivityStub(
        OrderActivities.class, ActivityProfiles.store(summary, order.pace()));
  }

  @Override
  public ServerState view() {
    return new ServerState(requests.reached(), requests.open(), mailboxes.nextRemoval());
  }

  private long makeAsWanted() {
    while (true) {
      var facts = facts();
      loop.makes(facts.desiredVersion());
      loop.hasOpenIncident(facts.isIncidentOpen());
      if (facts.isRetireWanted()) {
        retire(facts);
        return facts.desiredVersion();
      }
      if (facts.order().filter(bought -> !bought.isAccepted()).isPresent()) {
        purchase.obtain(facts.order().orElseThrow());
        continue; // its address is known now, or something else is to be done
      }
      if (!facts.isContacted()) {
        meet(facts);
      }
      facts = mailboxes.settled(facts);
      if (facts.isRetireWanted()) {
        continue;
      }
      var reached = converge(facts);
      if (reached.isPresent()) {
        loop.says(
            "%s (%s) is as it should be, version %d."
                .formatted(facts.hostname(), facts.address(), reached.getAsLong()));
        return reached.getAsLong();
      }
    }
  }

  private ServerFacts facts() {
    return activities(ActivityProfiles.store("Reading how far the server is", order.pace()))
        .facts(new ReadServer(order.tenant(), order.server()));
  }

  private void meet(ServerFacts facts) {
    loop.says("Meeting " + facts.address() + " for the first time.");
    var inspected =
        ssh("Looking at " + facts.address() + " before changing anything")
            .inspect(new InspectHost(order.tenant(), order.server(), requests.setup()));
    accept(inspected);
    ssh("First contact with " + facts.address())
        .contact(new ContactHost(order.tenant(), order.server(), requests.setup()));
  }

  private void accept(HostInspected inspected) {
    var against = PreflightDecision.of(inspected);
    Workflow.newActivityStub(
            IncidentActivities.class,
            ActivityProfiles.store("Recording whether the server is fit", order.pace()))
        .decide(
            RecordDecision.of(
                order.tenant(),
                requests.setup(),
                self,
                "preflight",
                Map.of("seen", inspected.evidence()),
                against
                    .map(trouble -> Answer.UNFIT.about(trouble.cause().name()))
                    .orElseGet(Answer.FIT::given),
                Workflow.getInfo().getRunId()));
    against.ifPresent(trouble -> {
      throw new Stopped(trouble);
    });
  }

  /// Answers the version reached; none when the server is to go. A newer version is taken along:
  /// hosts are compared with the newest, and steps applied as the newest wants them.
  private OptionalLong converge(ServerFacts facts) {
    var wanted = facts;
    var name = facts.hostname();
    for (int round = 0; ; round++) {
      loop.says("Bringing " + name + " to version " + wanted.desiredVersion() + ".");
      var probed = probe(wanted);
      if (probed.version() > wanted.desiredVersion()) {
        var newer = facts();
        loop.makes(newer.desiredVersion());
        wanted = mailboxes.settled(newer);
        if (wanted.isRetireWanted()) {
          return OptionalLong.empty();
        }
        round = 0; // what is wanted since then is no failure of what was done
        if (!wanted.equals(newer)) {
          continue; // logins were made that the host was not compared with
        }
      }
      if (probed.toApply().isEmpty()) {
        activities(
                ActivityProfiles.store(name + " is at version " + probed.version(), order.pace()))
            .applied(new VersionApplied(order.tenant(), order.server(), probed.version()));
        return OptionalLong.of(probed.version());
      }
      if (round == MAX_ROUNDS) {
        throw new Stopped(
            new Trouble(
                Cause.HOST_STEP_FAILED,
                "Applied %d times and still not as it should be: %s"
                    .formatted(MAX_ROUNDS, String.join(", ", probed.toApply()))));
      }
      var known = new TreeSet<>(probed.names());
      var toApply = new TreeSet<>(probed.toApply());
      while (!toApply.isEmpty()) {
        if (requests.newest() > wanted.desiredVersion()) {
          wanted = mailboxes.settled(facts());
          if (wanted.isRetireWanted()) {
            return OptionalLong.empty();
          }
          round = 0;
        }
        var applied = apply(toApply.removeFirst(), wanted, probed);
        // Steps that came with a newer plan have never run: no look is needed to know it.
        applied.newPlan().stream().filter(known::add).forEach(toApply::add);
      }
    }
  }

  private HostProbed probe(ServerFacts wanted) {
    long version = wanted.desiredVersion();
    return ssh("Comparing " + wanted.hostname() + " with version " + version)
        .probe(new ProbeHost(order.tenant(), order.server(), requests.setup(), version));
  }

  private StepApplied apply(String step, ServerFacts wanted, HostProbed probed) {
    var summary = "Step " + step + " on " + wanted.hostname();
    return activities(ActivityProfiles.sshStep(summary, order.pace()))
        .apply(
            new ApplyStep(
                order.tenant(),
                order.server(),
                requests.setup(),
                wanted.desiredVersion(),
                probed.bundle(),
                step));
  }

  private void retire(ServerFacts facts) {
    if (!facts.isRetired()) {
      if (facts.order().isPresent()) {
        loop.says("Giving " + facts.hostname() + " back.");
        purchase.giveBack(facts.order().get());
      } else {
        loop.says("Removing from " + facts.address() + " what we put there.");
        ssh("Removing from " + facts.address() + " what we put there")
            .retire(new RetireHost(order.tenant(), order.server(), requests.setup()));
      }
    }
    isRetired = true;
  }

  private ServerActivities ssh(String summary) {
    return activities(ActivityProfiles.ssh(summary, order.pace()));
  }

  private static ServerActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(ServerActivities.class, options);
  }
}
