package com.penguinmails.activities.setup;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.secret.SecretFields;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.MailProbe.ProbeMailbox;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.proof.ProofStore.Proof;
import com.penguinmails.store.setup.SetupFacts;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// See [ProofActivities].
public final class ProofActivitiesImpl implements ProofActivities {
  private final Stores stores;
  private final SecretStore secrets;
  private final MailProbe probe;
  private final ProbeMailbox mailbox;
  private final String probeAddress;

  /// @param probeAddress the probe mailbox's address
  public ProofActivitiesImpl(
      Stores stores,
      SecretStore secrets,
      MailProbe probe,
      ProbeMailbox mailbox,
      String probeAddress) {
    this.stores = stores;
    this.secrets = secrets;
    this.probe = probe;
    this.mailbox = mailbox;
    this.probeAddress = probeAddress;
  }

  @Override
  public ProofSent send(SendProof order) {
    var facts = facts(order.tenant(), order.setup());
    if (isOver(facts)) {
      return new ProofSent("", Optional.of(SetupActivitiesImpl.stageOf(facts.setup())));
    }
    var proof = stores.tenancy().as(order.tenant(), () -> proofForThisAttempt(order.setup()));
    var login = firstLogin(order.tenant(), facts);
    probe.submit(
        new MailProbe.Submission(
            facts.server().address(),
            facts.server().hostname(),
            login.address(),
            login.password(),
            probeAddress,
            proof.token()));
    stores.tenancy().run(order.tenant(), () -> stores.proofs().recordSent(proof.id()));
    return new ProofSent(proof.token());
  }

  /// A message that arrived in an earlier attempt proves nothing about the server as it is now.
  private Proof proofForThisAttempt(SetupId setup) {
    var open = stores.proofs().openOrFind(setup);
    if (open.arrivedAt().isEmpty()) {
      return open;
    }
    stores.proofs().finish(open.id());
    return stores.proofs().openOrFind(setup);
  }

  /// Whoever asks then has an older copy of Temporal's data: a proof that was finished stays as it
  /// is, and what is given back is not asked.
  private static boolean isOver(SetupFacts facts) {
    return SetupActivitiesImpl.stageOf(facts.setup()).compareTo(Stage.PROVING) > 0;
  }

  private static ProofJudged judgedBefore(SetupFacts facts) {
    return new ProofJudged(facts.proof().map(Proof::checks).orElse(List.of()));
  }

  @Override
  public ProofJudged receive(ReceiveProof order) {
    var facts = facts(order.tenant(), order.setup());
    if (isOver(facts)) {
      return judgedBefore(facts);
    }
    var arrival =
        probe
            .fetch(mailbox, order.token())
            .orElseThrow(() ->
                Failures.notYet(
                    Cause.PROOF_MESSAGE_NOT_ARRIVED,
                    "The message sent through %s (%s) has not arrived at %s yet. Receivers may hold back the first mail of a new server for some minutes (greylisting)."
                        .formatted(
                            facts.server().hostname(),
                            facts.server().address(),
                            mailbox.hostname()),
                    order.poll()));
    var checks =
        probe.judge(
            arrival,
            new MailProbe.Expected(
                facts.domain().name(),
                facts.dkimKeys().getLast().selector(),
                facts.server().address()));
    return recorded(order.tenant(), order.setup(), new ProofJudged(checks), true);
  }

  @Override
  public ProofJudged inspect(InspectServer order) {
    var facts = facts(order.tenant(), order.setup());
    if (isOver(facts)) {
      return judgedBefore(facts);
    }
    var login = firstLogin(order.tenant(), facts);
    var checks =
        probe.inspect(
            new MailProbe.Server(
                facts.server().address(),
                facts.server().hostname(),
                login.address(),
                login.password()));
    return recorded(order.tenant(), order.setup(), new ProofJudged(checks), false);
  }

  private ProofJudged recorded(
      TenantId tenant, SetupId setup, ProofJudged judged, boolean isArrived) {
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              var proof = stores.proofs().openOrFind(setup);
              if (isArrived) {
                stores.proofs().recordArrived(proof.id());
              }
              stores.proofs().recordChecks(proof.id(), List.copyOf(judged.checks()));
            });
    return judged;
  }

  private SetupFacts facts(TenantId tenant, SetupId setup) {
    return stores.tenancy().reading(tenant, () -> stores.setups().facts(setup));
  }

  private MailboxLogin firstLogin(TenantId tenant, SetupFacts facts) {
    var first =
        facts.mailboxes().stream()
            .filter(mailbox -> mailbox.isWanted() && mailbox.login().isPresent())
            .min(Comparator.comparing(Mailbox::createdAt))
            .orElseThrow(() ->
                new IllegalStateException(
                    "domain " + facts.domain().id() + " has no mailbox with a login"));
    return new MailboxLogin(
        first.address(),
        SecretFields.read(secrets, tenant, first.login().orElseThrow(), "password"));
  }

  private record MailboxLogin(EmailAddress address, String password) {
    @Override
    public String toString() {
      return "MailboxLogin[…]";
    }
  }
}
