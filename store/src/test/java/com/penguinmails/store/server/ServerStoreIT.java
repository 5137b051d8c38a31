package com.penguinmails.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.certificate.CertificateStore.Issued;
import com.penguinmails.store.domain.DkimKeyStore;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.proof.ProofStore;
import com.penguinmails.store.setup.NewSetup;
import com.penguinmails.store.setup.RetirementStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupFacts;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerStoreIT {
  private static final HostSettings PLAIN =
      new HostSettings(List.of(), List.of(), List.of(), List.of());
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static ServerStore servers;
  private static SetupStore setups;
  private TenantId tenant;
  private SetupFacts facts;
  private ServerId server;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    servers = new ServerStore(tenancy);
    setups = new SetupStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newSetup() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    facts = request(made.id(), Samples.newSetup(made.workspace(), "k", "acme.test", "192.0.2.10"));
    server = facts.server().id();
  }

  @Test
  void pinsTheFirstHostKeyAndThenOnlyOurOwn() {
    var first = tenancy.as(tenant, () -> servers.pinSeenHostKey(server, "SHA256:a"));
    var other = tenancy.as(tenant, () -> servers.pinSeenHostKey(server, "SHA256:b"));
    var wrong = tenancy.as(tenant, () -> servers.pinOwnHostKey(server, "SHA256:b", "SHA256:own"));
    var own = tenancy.as(tenant, () -> servers.pinOwnHostKey(server, "SHA256:a", "SHA256:own"));
    var again = tenancy.as(tenant, () -> servers.pinOwnHostKey(server, "SHA256:a", "SHA256:own"));

    assertThat(first).isTrue();
    assertThat(other).isFalse();
    assertThat(wrong).isFalse();
    assertThat(own).isTrue();
    assertThat(again).isTrue();
    assertThat(get().pinnedFingerprint()).contains("SHA256:own");
  }

  @Test
  void countsVersionsAndNeverGoesBack() {
    var two = tenancy.as(tenant, () -> servers.bumpDesiredVersion(server));
    tenancy.run(tenant, () -> servers.recordApplied(server, 2));
    tenancy.run(tenant, () -> servers.recordApplied(server, 1));

    assertThat(two).isEqualTo(2);
    assertThat(get().appliedVersion()).isEqualTo(2);
    assertThat(get().isConverged()).isTrue();
    assertThatThrownBy(() -> tenancy.run(tenant, () -> servers.recordApplied(server, 9)))
        .hasStackTraceContaining("server_check");
  }

  @Test
  void leavesOutOfTheDesiredHostWhatIsNotMadeYet() {
    var empty = desired();
    makeKeysLoginsAndCertificate();
    var claimed = desired();
    postgres.ownedOnce(facts.domain().id());
    var full = desired();

    assertThat(claimed.domains()).as("nobody proved it yet").isEmpty();
    assertThat(claimed.mailboxes()).isEmpty();
    assertThat(empty.domains()).isEmpty();
    assertThat(empty.mailboxes()).isEmpty();
    assertThat(empty.certificate()).isEmpty();
    assertThat(full.domains().getFirst().dkimKeys()).hasSize(1);
    assertThat(full.mailboxes()).hasSize(2);
    assertThat(full.certificate()).isPresent();
    assertThat(full.hostname().value()).isEqualTo("mail.acme.test");
  }

  @Test
  void leavesOutWhatIsToGo() {
    makeKeysLoginsAndCertificate();
    postgres.ownedOnce(facts.domain().id());
    assertThat(desired().domains()).hasSize(1);

    tenancy.as(tenant, () -> new RetirementStore(tenancy).want(facts.setup()));

    assertThat(desired().domains()).isEmpty();
    assertThat(desired().mailboxes()).isEmpty();
  }

  @Test
  void theSigningKeyIsLastDuringARotation() {
    var keys = new DkimKeyStore(tenancy);
    var domain = facts.domain().id();
    postgres.ownedOnce(domain);
    tenancy.run(
        tenant,
        () -> {
          keys.insertOrFind(domain, "pm1", new SecretRef("dkim/a", 1), "AAAA");
          keys.switchTo(domain, "pm1");
        });
    tenancy.run(tenant, () -> keys.insertOrFind(domain, "pm2", new SecretRef("dkim/b", 1), "BBBB"));
    var before = selectors();
    tenancy.run(tenant, () -> keys.switchTo(domain, "pm2"));

    assertThat(before).containsExactly("pm2", "pm1");
    assertThat(selectors()).containsExactly("pm1", "pm2");
  }

  @Test
  void aNewOrderOnTheSameServerCorrectsUserAndLoginUntilOursIsProved() {
    var servers = new ServerStore(tenancy);
    var first = atNewAddress("root", new SecretRef("setup/a", 1));
    var corrected = atNewAddress("admin", new SecretRef("setup/b", 1));
    var late = atNewAddress("other", new SecretRef("setup/c", 1));

    var added = tenancy.as(tenant, () -> servers.insertOrFind(first, AT_77));
    var found = tenancy.as(tenant, () -> servers.insertOrFind(corrected, AT_77));
    tenancy.run(tenant, () -> servers.recordLoginProved(found.id()));
    var unchanged = tenancy.as(tenant, () -> servers.insertOrFind(late, AT_77));

    assertThat(found.id()).isEqualTo(added.id());
    assertThat(found.firstUser()).isEqualTo("admin");
    assertThat(found.firstLogin()).contains(new SecretRef("setup/b", 1));
    assertThat(unchanged.firstUser()).isEqualTo("admin");
    assertThat(unchanged.firstLogin()).contains(new SecretRef("setup/b", 1));
  }

  private static final IpAddress AT_77 = new IpAddress("192.0.2.77");

  private static ServerStore.NewServer atNewAddress(String user, SecretRef login) {
    return new ServerStore.NewServer(
        new ServerId(UUID.randomUUID()),
        "existing",
        Stack.DEBIAN,
        22,
        new DomainName("mail.acme.test"),
        user,
        Optional.of(login));
  }

  @Test
  void aProofPassesOnlyWhenItsMessageArrivedAndAllChecksPassed() {
    var proofs = new ProofStore(tenancy);
    var setup = facts.setup().id();
    var proof = tenancy.as(tenant, () -> proofs.openOrFind(setup));
    var same = tenancy.as(tenant, () -> proofs.openOrFind(setup));
    tenancy.run(
        tenant, () -> proofs.recordChecks(proof.id(), List.of(ProofCheck.passed("dkim", "ok"))));
    var unsent = tenancy.as(tenant, () -> proofs.finish(proof.id()));

    var next = tenancy.as(tenant, () -> proofs.openOrFind(setup));
    tenancy.run(
        tenant,
        () -> {
          proofs.recordSent(next.id());
          proofs.recordArrived(next.id());
          proofs.recordChecks(next.id(), List.of(ProofCheck.failed("ptr", "none")));
          proofs.recordChecks(next.id(), List.of(ProofCheck.passed("ptr", "mail.acme.test")));
        });
    var passed = tenancy.as(tenant, () -> proofs.finish(next.id()));

    assertThat(same.token()).isEqualTo(proof.token());
    assertThat(unsent).isFalse();
    assertThat(next.id()).isNotEqualTo(proof.id());
    assertThat(passed).isTrue();
  }

  @Test
  void theSweepFindsWhatNobodyTookUp() {
    var sweep = new SweepStore(postgres.sweep());
    var setup = facts.setup().id();

    var before = sweep.setupsWithoutRun(Duration.ZERO, 1000);
    var young = sweep.setupsWithoutRun(Duration.ofMinutes(1), 1000);
    tenancy.run(tenant, () -> setups.recordStarted(setup));
    var after = sweep.setupsWithoutRun(Duration.ZERO, 1000);

    assertThat(before).contains(new SweepStore.FoundSetup(tenant, setup));
    assertThat(young).isEmpty();
    assertThat(after).doesNotContain(new SweepStore.FoundSetup(tenant, setup));
    assertThat(tenancy.reading(tenant, () -> setups.get(setup)).state())
        .isEqualTo(Setup.State.RUNNING);
  }

  private void makeKeysLoginsAndCertificate() {
    tenancy.run(
        tenant,
        () -> {
          new DkimKeyStore(tenancy)
              .insertOrFind(facts.domain().id(), "pm1", new SecretRef("dkim/a", 1), "AAAA");
          var mailboxes = new MailboxStore(tenancy);
          for (var mailbox : facts.mailboxes()) {
            mailboxes.recordLogin(mailbox.id(), new SecretRef("mailbox/" + mailbox.id(), 1), 1);
          }
          var now = Instant.parse("2026-11-21T00:00:00Z");
          new CertificateStore(tenancy)
              .recordIssued(
                  facts.certificate().id(),
                  new Issued(
                      new SecretRef("certificate/a", 1),
                      now,
                      now.plus(Duration.ofDays(90)),
                      now.plus(Duration.ofDays(60)),
                      "ab",
                      List.of()));
        });
  }

  private DesiredHost desired() {
    return tenancy.reading(tenant, () -> new DesiredHosts(tenancy).desiredHost(server, PLAIN));
  }

  private List<String> selectors() {
    return desired().domains().getFirst().dkimKeys().stream()
        .map(DesiredHost.DkimKey::selector)
        .toList();
  }

  private Server get() {
    return tenancy.reading(tenant, () -> servers.get(server));
  }

  private static SetupFacts request(TenantId tenant, NewSetup wanted) {
    return tenancy.as(
        tenant,
        () -> {
          setups.request(wanted);
          return setups.facts(wanted.id());
        });
  }
}
