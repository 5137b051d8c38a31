package com.penguinmails.workflows.certificate;

import com.penguinmails.workflows.certificate.CertificateActivities.Authorise;
import com.penguinmails.workflows.certificate.CertificateActivities.CertificateFacts;
import com.penguinmails.workflows.certificate.CertificateActivities.CheckCaa;
import com.penguinmails.workflows.certificate.CertificateActivities.CompleteOrder;
import com.penguinmails.workflows.certificate.CertificateActivities.HideChallenges;
import com.penguinmails.workflows.certificate.CertificateActivities.Issued;
import com.penguinmails.workflows.certificate.CertificateActivities.OpenOrder;
import com.penguinmails.workflows.certificate.CertificateActivities.Ordered;
import com.penguinmails.workflows.certificate.CertificateActivities.ReadCertificate;
import com.penguinmails.workflows.certificate.CertificateActivities.RetireCertificate;
import com.penguinmails.workflows.certificate.CertificateActivities.ShowChallenges;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.IncidentActivities.RecordDecision;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Entities;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Replies;
import com.penguinmails.workflows.temporal.Requests;
import com.penguinmails.workflows.temporal.Stopped;
import com.penguinmails.workflows.temporal.Trouble;
import com.penguinmails.workflows.temporal.Waiting;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// See [CertificateWorkflow].
public final class CertificateWorkflowImpl implements CertificateWorkflow {
  private static final int MOST_LOOKS = 20; // for who shares a certificate, until it is issued

  private final BeginCertificate order;
  private final String self;
  private final Requests requests;
  private final Replies replies;
  private final EntityLoop loop;
  private Optional<Instant> renewAfter;
  private int looks; // for who shares the next certificate
  private SetupId page; // of this turn, whoever asks meanwhile: an order is shown as one
  private boolean isRetired;

  @WorkflowInit
  public CertificateWorkflowImpl(BeginCertificate order) {
    this.order = order;
    this.self = WorkflowIds.of(order.certificate());
    var carried =
        order
            .carried()
            .orElse(
                new CertificateState(
                    0, List.of(order.wanted()), new TreeMap<>(), Optional.empty()));
    this.requests =
        new Requests(self, order.wanted().setup(), carried.reached(), carried.waiting());
    this.replies = new Replies(carried.replies());
    this.renewAfter = carried.renewAfter();
    this.page = requests.setup();
    this.loop =
        new EntityLoop(order.tenant(), self, requests, order.pace(), order.carried().isPresent());
  }

  @Override
  public void run(BeginCertificate begin) {
    while (!isRetired) {
      loop.turn(this::makeAsWanted, renewal());
      if (!isRetired && loop.isRunLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(
            new BeginCertificate(
                order.tenant(),
                order.certificate(),
                order.name(),
                order.server(),
                order.wanted(),
                order.pace(),
                Optional.of(view())));
      }
    }
  }

  @Override
  public void wanted(Wanted wanted) {
    if (wanted.isTakeBack()) {
      loop.wanted(wanted); // the names that go may be those an order waits for
    } else {
      requests.add(wanted); // names that come have the next certificate
    }
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
  public CertificateState view() {
    return new CertificateState(requests.reached(), requests.open(), replies.reached(), renewAfter);
  }

  /// Without a date there is something to be issued, whether or not anybody waits for it.
  private Optional<EntityLoop.Due> renewal() {
    long due = renewAfter.map(Instant::toEpochMilli).orElse(0L);
    return Optional.of(
        new EntityLoop.Due(
            Duration.ofMillis(Math.max(1, due - Workflow.currentTimeMillis())),
            "Until the certificate of " + order.name() + " is due for renewal"));
  }

  private long makeAsWanted() {
    var facts = facts();
    if (requests.reached() > 0 && !facts.isRetireWanted() && isDue(facts.renewAfter())) {
      gather();
      facts = facts();
    }
    page = requests.setup();
    if (facts.isRetireWanted()) {
      retire(facts);
      return facts.desiredVersion();
    }
    long serverVersion = facts.serverVersion();
    renewAfter = facts.renewAfter();
    if (isDue(renewAfter)) {
      allowedByCaa();
      var issued = issue();
      looks = 0;
      serverVersion = issued.serverVersion();
      renewAfter = Optional.of(issued.renewAfter());
    }
    install(serverVersion);
    loop.says("Installed; renewed after " + renewAfter.orElseThrow() + ".");
    return facts.desiredVersion(); // domains owned meanwhile want a newer version
  }

  private CertificateFacts facts() {
    var facts =
        activities(ActivityProfiles.store("Reading how far the certificate is", order.pace()))
            .facts(new ReadCertificate(order.tenant(), order.certificate()));
    loop.makes(facts.desiredVersion());
    loop.hasOpenIncident(facts.isIncidentOpen());
    return facts;
  }

  /// Domains that come to a server one after the other share the next certificate: authorities
  /// limit how many a name may be in. Until nobody asked for a while.
  private void gather() {
    loop.says("Waiting for further domains that share the next certificate.");
    var summary = "Until no further domain comes to the server of " + order.name();
    do {
      requests.hear();
      looks++;
      Waiting.until(order.pace().poll(), summary, () -> false);
    } while (requests.isRung() && looks < MOST_LOOKS);
  }

  private static boolean isDue(Optional<Instant> renewAfter) {
    return renewAfter.filter(due -> due.toEpochMilli() > Workflow.currentTimeMillis()).isEmpty();
  }

  private void allowedByCaa() {
    loop.says("Checking CAA of " + order.name() + ".");
    var checked =
        loop.interruptible(() ->
            activities(
                    ActivityProfiles.dns(
                        "Does " + order.name() + " allow our CA? (CAA)", order.pace()))
                .checkCaa(new CheckCaa(order.tenant(), order.certificate(), page)));
    Workflow.newActivityStub(
            IncidentActivities.class,
            ActivityProfiles.store("Recording what CAA says", order.pace()))
        .decide(
            RecordDecision.of(
                order.tenant(),
                page,
                self,
                "caa",
                Map.of("name", order.name().value(), "seen", checked.explanation()),
                checked.isAllowed() ? Answer.CAA_ALLOWS.given() : Answer.CAA_FORBIDS.given(),
                Workflow.getInfo().getRunId()));
    if (!checked.isAllowed()) {
      throw new Stopped(new Trouble(Cause.CA_FORBIDDEN_BY_CAA, checked.explanation()));
    }
  }

  private Issued issue() {
    loop.says("Ordering a certificate for " + order.name() + ".");
    var ordered =
        acme("Ordering the certificate of " + order.name())
            .order(new OpenOrder(order.tenant(), order.certificate(), page));
    try {
      showChallenges(ordered);
      return loop.interruptible(() -> {
        acme("Waiting for the CA to look at " + order.name())
            .authorise(
                new Authorise(
                    order.tenant(), order.certificate(), page, ordered.url(), order.pace().poll()));
        return acme("Fetching the certificate of " + order.name())
            .complete(
                new CompleteOrder(
                    order.tenant(), order.certificate(), page, ordered.url(), order.pace().poll()));
      });
    } finally {
      Workflow.newDetachedCancellationScope(() -> hideChallenges(ordered)).run();
    }
  }

  private void showChallenges(Ordered ordered) {
    loop.interruptible(() ->
        activities(ActivityProfiles.dns("Showing the CA that the names are ours", order.pace()))
            .showChallenges(
                new ShowChallenges(
                    order.tenant(),
                    order.certificate(),
                    page,
                    ordered.challenges(),
                    order.pace().poll())));
  }

  private void hideChallenges(Ordered ordered) {
    activities(ActivityProfiles.dns("Taking the challenge records away", order.pace()))
        .hideChallenges(
            new HideChallenges(order.tenant(), order.certificate(), page, ordered.challenges()));
  }

  private void install(long serverVersion) {
    loop.says("Installing the certificate, server version " + serverVersion + ".");
    loop.interruptible(() -> {
      while (!replies.has(WorkflowIds.of(order.server()), serverVersion)) {
        askServer(serverVersion);
      }
      return serverVersion;
    });
  }

  private void askServer(long version) {
    var server = WorkflowIds.of(order.server());
    var wanted = new Wanted(version, self, page);
    Entities.ask(
        "ServerWorkflow",
        server,
        new BeginServer(order.tenant(), order.server(), wanted, order.pace(), Optional.empty()),
        wanted,
        Entities.About.server(order.tenant(), order.name(), "existing"));
    Waiting.until(
        order.pace().askAgain(),
        "Until the server has the certificate of " + order.name(),
        () -> replies.has(server, version));
  }

  private void retire(CertificateFacts facts) {
    if (!facts.isRetired()) {
      activities(ActivityProfiles.store("Ending the certificate of " + order.name(), order.pace()))
          .retire(new RetireCertificate(order.tenant(), order.certificate()));
    }
    isRetired = true;
  }

  private CertificateActivities acme(String summary) {
    return activities(ActivityProfiles.acme(summary, order.pace()));
  }

  private static CertificateActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(CertificateActivities.class, options);
  }
}
