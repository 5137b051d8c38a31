package com.penguinmails.store.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.certificate.CertificateStore.Certificate;
import com.penguinmails.store.certificate.CertificateStore.Issued;
import com.penguinmails.store.certificate.ChallengeStore.Left;
import com.penguinmails.store.setup.RetirementStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which names a certificate of several domains is ordered for, and what of it is in zones.
class CertificateStoreIT {
  private static final String ADDRESS = "192.0.2.10";

  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupStore setups;
  private static CertificateStore certificates;
  private static ChallengeStore challenges;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    setups = new SetupStore(tenancy);
    certificates = new CertificateStore(tenancy);
    challenges = new ChallengeStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newTenant() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    workspace = made.workspace();
  }

  /// One that nobody proved, or somebody else has by now, must not hold up the others.
  @Test
  void ordersOnlyNamesOfDomainsThatAreOwned() {
    var first = ordered("one.test", ADDRESS);
    var second = ordered("two.test", ADDRESS);
    assertThat(orderable(first)).isEmpty();

    own(first, true);
    assertThat(orderable(first)).containsExactly("mail.one.test", "mta-sts.one.test");
    issue(first);
    assertThat(certificate(first).goodUntil()).as("two.test is not to be had yet").isPresent();

    own(second, true);
    assertThat(certificate(first).goodUntil()).isEmpty();
    assertThat(orderable(second))
        .containsExactly("mail.one.test", "mail.two.test", "mta-sts.one.test", "mta-sts.two.test");

    own(first, false);
    assertThat(orderable(second)).as("lost").containsExactly("mail.two.test", "mta-sts.two.test");
  }

  @Test
  void keepsTheNameOfAServerWhoseDomainIsCancelled() {
    var first = ordered("host.test", ADDRESS);
    own(first, true);
    own(ordered("guest.test", ADDRESS), true);

    tenancy.as(tenant, () -> setups.requestCancel(first.id()));
    tenancy.as(tenant, () -> new RetirementStore(tenancy).want(first));

    assertThat(orderable(first))
        .containsExactly("mail.guest.test", "mail.host.test", "mta-sts.guest.test");
  }

  /// The domain is still on its other server when the new one gets its certificate.
  @Test
  void ordersNamesOfADomainThatIsToComeAndNotOfOneThatLeft() {
    var earlier = ordered("moving.test", ADDRESS);
    own(earlier, true);
    tenancy.run(tenant, () -> setups.finish(earlier.id(), Setup.State.DONE));

    var coming = ordered("moving.test", "192.0.2.11");
    assertThat(orderable(coming)).containsExactly("mail.moving.test", "mta-sts.moving.test");

    tenancy.run(tenant, () -> setups.recordStarted(coming.id()));
    tenancy.as(tenant, () -> setups.moveDomain(coming.id()));
    assertThat(orderable(coming)).containsExactly("mail.moving.test", "mta-sts.moving.test");
    assertThat(orderable(earlier)).as("the server's own").containsExactly("mail.moving.test");
  }

  @Test
  void leavesTheNamesOfADomainBelowTheOneThatLeaves() {
    var above = ordered("above.test", ADDRESS);
    ordered("news.above.test", ADDRESS);

    tenancy.run(tenant, () -> certificates.dropNames(above.server(), above.domainName()));

    assertThat(certificate(above).names())
        .extracting(DomainName::value)
        .containsExactly("mail.above.test", "mail.news.above.test", "mta-sts.news.above.test");
  }

  @Test
  void knowsTheChallengesThatMayBeInAZone() {
    var setup = ordered("one.test", ADDRESS);
    var first = challenge("first");
    var second = challenge("second");

    allow(setup, first, second);
    assertThat(left(setup)).containsExactly(first, second);
    assertThat(isAnyEnded(setup, first, second)).isFalse();

    tenancy.run(tenant, () -> challenges.end(setup.certificate(), List.of(first)));
    assertThat(left(setup)).as("not taken away yet").containsExactly(first, second);
    assertThat(isAnyEnded(setup, first, second)).isTrue();

    tenancy.run(tenant, () -> challenges.hidden(setup.certificate(), List.of(first, second)));
    assertThat(left(setup)).as("the second may be shown still").containsExactly(second);

    allow(setup, first);
    assertThat(left(setup)).as("ordered again").containsExactly(first, second);
    assertThat(isAnyEnded(setup, first, second)).isFalse();
  }

  private void allow(Setup setup, DnsRecord... records) {
    tenancy.run(tenant, () -> challenges.allow(setup.certificate(), setup.id(), List.of(records)));
  }

  private List<DnsRecord> left(Setup setup) {
    return tenancy.reading(tenant, () -> challenges.left(setup.certificate())).stream()
        .map(Left::record)
        .toList();
  }

  private boolean isAnyEnded(Setup setup, DnsRecord... records) {
    return tenancy.reading(
        tenant, () -> challenges.isAnyEnded(setup.certificate(), List.of(records)));
  }

  private static DnsRecord challenge(String value) {
    return new DnsRecord(new RecordName("_acme-challenge.one.test"), DnsRecord.Type.TXT, value, 60);
  }

  private Setup ordered(String domain, String address) {
    var wanted = Samples.newSetup(workspace, domain + address, domain, address);
    return tenancy.as(
        tenant,
        () -> {
          setups.request(wanted);
          return setups.get(wanted.id());
        });
  }

  private static void own(Setup setup, boolean isOwned) {
    JdbcClient.create(postgres.superuser())
        .sql("UPDATE domain SET owned_at = CASE WHEN :owned THEN now() END WHERE id = :id")
        .param("owned", isOwned)
        .param("id", setup.domain().value())
        .update();
  }

  private void issue(Setup setup) {
    var now = Instant.parse("2026-11-21T00:00:00Z");
    tenancy.run(
        tenant,
        () ->
            certificates.recordIssued(
                setup.certificate(),
                new Issued(
                    new SecretRef("certificate/a", 1),
                    now,
                    now.plus(Duration.ofDays(90)),
                    now.plus(Duration.ofDays(60)),
                    "ab",
                    certificates.get(setup.certificate()).orderableNames())));
  }

  private List<String> orderable(Setup setup) {
    return certificate(setup).orderableNames().stream().map(DomainName::value).toList();
  }

  private Certificate certificate(Setup setup) {
    return tenancy.reading(tenant, () -> certificates.get(setup.certificate()));
  }
}
