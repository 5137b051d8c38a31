package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.domain.DkimKeyStore;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.DomainStore.FormerServer;
import com.penguinmails.store.domain.RecordStateStore;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.server.DesiredHosts;
import com.penguinmails.store.setup.RetirementStore.Retirement;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a cancelled set-up may take back.
class RetirementIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupStore setups;
  private static RetirementStore retirements;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    setups = new SetupStore(tenancy);
    retirements = new RetirementStore(tenancy);
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

  @Test
  void takesEverythingOfALoneSetup() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    long before = serverVersion(setup);

    assertThat(want(setup)).isEqualTo(new Retirement(true, true, Optional.empty()));
    assertThat(want(setup)).as("again").isEqualTo(new Retirement(true, true, Optional.empty()));

    assertThat(wanted(setup)).containsExactly(true, true, true);
    assertThat(serverVersion(setup)).isEqualTo(before + 2);
    assertThat(domain(setup).desiredVersion()).isEqualTo(2);
  }

  @Test
  void leavesAServerOnWhichAnotherDomainLives() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    var other = ordered("k2", "other.test", "192.0.2.10");
    long before = serverVersion(setup);

    assertThat(want(setup)).isEqualTo(new Retirement(false, true, Optional.empty()));
    want(setup);

    assertThat(wanted(setup)).containsExactly(true, false, false);
    assertThat(serverVersion(setup)).as("without the domain").isEqualTo(before + 1);
    assertThat(wanted(other)).containsExactly(false, false, false);
  }

  @Test
  void leavesWhatAnEarlierSetupProved() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var again = ordered("k2", "acme.test", "192.0.2.10");

    assertThat(want(again)).isEqualTo(new Retirement(false, false, Optional.empty()));

    assertThat(again.domain()).isEqualTo(proved.domain());
    assertThat(wanted(again)).containsExactly(false, false, false);
    assertThat(domain(again).desiredVersion()).isEqualTo(1);
  }

  /// Else somebody could log in with a mailbox that nobody has.
  @Test
  void takesTheMailboxesBackThatWereOrderedForTheSameServer() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var again = ordered("k2", "acme.test", "192.0.2.10", "anna", "carl");
    tenancy.run(tenant, () -> makeLogin(again, "carl"));
    long before = serverVersion(proved);

    var expected = new Retirement(false, false, Optional.of(proved.server()));
    assertThat(want(again)).isEqualTo(expected);
    assertThat(want(again)).as("again").isEqualTo(expected);

    assertThat(serverVersion(proved)).isEqualTo(before + 1);
  }

  private static void makeLogin(Setup setup, String localPart) {
    var mailboxes = new MailboxStore(tenancy);
    mailboxes.ofDomain(setup.domain()).stream()
        .filter(mailbox -> mailbox.address().localPart().equals(localPart))
        .forEach(mailbox ->
            mailboxes.recordLogin(mailbox.id(), new SecretRef("mailbox/" + localPart, 1), 1));
  }

  /// Records name the earlier one until the other is proved.
  @Test
  void keepsADomainOnBothServersWhileItMoves() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    postgres.ownedOnce(proved.domain());
    tenancy.run(
        tenant,
        () ->
            new DkimKeyStore(tenancy)
                .insertOrFind(proved.domain(), "pm1", new SecretRef("dkim/a", 1), "AAAA"));
    var second = ordered("k2", "acme.test", "192.0.2.11");
    start(second);
    assertThat(hosts(second)).isEmpty();

    move(second);
    assertThat(hosts(proved)).containsExactly("acme.test");
    assertThat(hosts(second)).containsExactly("acme.test");
    long before = serverVersion(proved);

    finish(second);
    assertThat(hosts(proved)).isEmpty();
    assertThat(hosts(second)).containsExactly("acme.test");
    assertThat(serverVersion(proved)).as("without the domain").isEqualTo(before + 1);
  }

  private List<String> hosts(Setup setup) {
    var settings = new HostSettings(List.of(), List.of(), List.of(), List.of());
    return tenancy
        .reading(
            tenant, () -> new DesiredHosts(tenancy).desiredHost(setup.server(), settings).domains())
        .stream()
        .map(domain -> domain.name().value())
        .toList();
  }

  /// The server that was ordered never came.
  @Test
  void leavesADomainWhereItIsUntilAnotherServerCanTakeIt() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var second = ordered("k2", "acme.test", "192.0.2.11");
    assertThat(second.server()).isNotEqualTo(proved.server());
    assertThat(domain(second).server()).isEqualTo(proved.server());

    cancel(second);
    assertThat(want(second)).isEqualTo(new Retirement(true, false, Optional.empty()));

    assertThat(wanted(second)).containsExactly(false, true, true);
    assertThat(wanted(proved)).containsExactly(false, false, false);
    assertThat(domain(second).server()).isEqualTo(proved.server());
    assertThat(domain(second).desiredVersion()).isEqualTo(1);
    assertThat(move(second)).as("too late").isFalse();
    assertThat(domain(second).server()).isEqualTo(proved.server());
  }

  @Test
  void givesADomainBackThatHasMoved() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var second = ordered("k2", "acme.test", "192.0.2.11", "anna", "carl");
    start(second);
    assertThat(move(second)).isTrue();
    assertThat(move(second)).as("again").isTrue();
    assertThat(domain(second).server()).isEqualTo(second.server());
    assertThat(domain(second).desiredVersion()).isEqualTo(2);
    assertThat(formerServers(second)).containsExactly("192.0.2.10");
    long before = serverVersion(proved);

    cancel(second);
    var expected = new Retirement(true, true, Optional.of(proved.server()));
    assertThat(want(second)).isEqualTo(expected);
    assertThat(want(second)).as("again").isEqualTo(expected);

    assertThat(domain(second).server()).isEqualTo(proved.server());
    assertThat(domain(second).desiredVersion()).isEqualTo(3);
    assertThat(serverVersion(proved)).isEqualTo(before + 1);
    assertThat(wanted(second)).containsExactly(false, true, true);
    assertThat(formerServers(second)).containsExactly("192.0.2.11");
    assertThat(tenancy.reading(tenant, () -> setups.facts(proved.id())).mailboxes())
        .extracting(mailbox -> mailbox.address().localPart())
        .as("carl was ordered with it")
        .containsExactly("anna", "ben");
  }

  @Test
  void knowsAGivenUpServerByItsWholeAddress() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var second = ordered("k2", "acme.test", "192.0.2.1");
    start(second);
    move(second);
    cancel(second);
    want(second);

    ours(proved, "v=spf1 ip4:192.0.2.10 ~all");
    assertThat(givenUp(proved)).isEmpty();

    ours(proved, "v=spf1 ip4:192.0.2.1 ip4:192.0.2.10 ~all");
    assertThat(givenUp(proved)).containsExactly("192.0.2.1");
  }

  @Test
  void takesTheNamesOfADomainThatHasMovedForGood() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var second = ordered("k2", "acme.test", "192.0.2.11");
    start(second);
    move(second);
    assertThat(names(proved)).containsExactly("mail.acme.test", "mta-sts.acme.test");

    finish(second);

    assertThat(names(proved)).as("its own stays").containsExactly("mail.acme.test");
    assertThat(names(second)).containsExactly("mail.acme.test", "mta-sts.acme.test");
  }

  @Test
  void leavesAServerToWhichAnotherDomainIsToCome() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    finish(proved);
    var first = ordered("k2", "other.test", "192.0.2.11");
    var coming = ordered("k3", "acme.test", "192.0.2.11");

    cancel(first);
    assertThat(want(first).isServerLeaving()).isFalse();
    cancel(coming);
    assertThat(want(coming).isServerLeaving()).isTrue();
  }

  @Test
  void takesEverythingOfAProvedSetupThatIsGivenUp() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    finish(setup);

    assertThat(want(retired(setup))).isEqualTo(new Retirement(true, true, Optional.empty()));

    assertThat(wanted(setup)).containsExactly(true, true, true);
  }

  /// The domain works where it went, with the mailboxes that were ordered before.
  @Test
  void takesTheServerThatADomainHasLeftAndNothingElse() {
    var first = ordered("k1", "acme.test", "192.0.2.10");
    finish(first);
    var second = ordered("k2", "acme.test", "192.0.2.11");
    start(second);
    move(second);
    finish(second);
    tenancy.run(tenant, () -> makeLogin(second, "anna"));

    long before = domain(second).desiredVersion();
    assertThat(want(retired(first))).isEqualTo(new Retirement(true, true, Optional.empty()));
    assertThat(want(get(first)))
        .as("again")
        .isEqualTo(new Retirement(true, true, Optional.empty()));
    assertThat(domain(second).desiredVersion()).as("without the address").isEqualTo(before + 1);
    assertThat(formerServers(second)).containsExactly("192.0.2.10");

    assertThat(wanted(first)).as("domain, certificate, server").containsExactly(false, true, true);
    assertThat(wanted(second)).containsExactly(false, false, false);
    assertThat(domain(second).server()).isEqualTo(second.server());
    assertThat(tenancy.reading(tenant, () -> setups.facts(second.id())).mailboxes())
        .hasSize(2)
        .allSatisfy(mailbox -> assertThat(mailbox.isWanted()).isTrue());

    tenancy.run(tenant, () -> setups.finish(first.id(), Setup.State.CANCELLED));
    assertThat(want(retired(second))).isEqualTo(new Retirement(true, true, Optional.empty()));
  }

  private Setup get(Setup setup) {
    return tenancy.reading(tenant, () -> setups.get(setup.id()));
  }

  private Setup retired(Setup setup) {
    var holds = new HoldStore(tenancy);
    tenancy.as(tenant, () -> holds.retire(setup.id(), Duration.ZERO));
    return tenancy.as(
        tenant,
        () -> {
          holds.endRetiring(setup.id());
          return setups.get(setup.id());
        });
  }

  private void start(Setup setup) {
    tenancy.run(tenant, () -> setups.recordStarted(setup.id()));
  }

  private void finish(Setup setup) {
    tenancy.run(tenant, () -> setups.finish(setup.id(), Setup.State.DONE));
  }

  private void cancel(Setup setup) {
    tenancy.as(tenant, () -> setups.requestCancel(setup.id()));
  }

  private boolean move(Setup setup) {
    return tenancy.as(tenant, () -> setups.moveDomain(setup.id()));
  }

  private Domain domain(Setup setup) {
    return tenancy.reading(tenant, () -> new DomainStore(tenancy).get(setup.domain()));
  }

  private List<String> formerServers(Setup setup) {
    return addresses(setup, former -> true);
  }

  private List<String> givenUp(Setup setup) {
    return addresses(setup, FormerServer::isGivenUp);
  }

  private List<String> addresses(Setup setup, Predicate<FormerServer> which) {
    return tenancy
        .reading(tenant, () -> new DomainStore(tenancy).formerServers(setup.domain()))
        .stream()
        .filter(which)
        .map(former -> former.address().value())
        .toList();
  }

  private void ours(Setup setup, String value) {
    var record = new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.TXT, value, 300);
    tenancy.run(
        tenant,
        () -> {
          var records = new RecordStateStore(tenancy);
          records.want(setup.domain(), List.of(record));
          records.markOurs(setup.domain(), record);
        });
  }

  private List<String> names(Setup setup) {
    return tenancy
        .reading(tenant, () -> new CertificateStore(tenancy).get(setup.certificate()))
        .names()
        .stream()
        .map(DomainName::value)
        .toList();
  }

  private Setup ordered(String key, String domain, String address) {
    return ordered(Samples.newSetup(workspace, key, domain, address));
  }

  private Setup ordered(String key, String domain, String address, String... mailboxes) {
    var plain = Samples.newSetup(workspace, key, domain, address);
    return ordered(
        new NewSetup(
            plain.id(),
            workspace,
            key,
            plain.requestHash(),
            plain.server(),
            plain.domain(),
            List.of(mailboxes),
            plain.certificate(),
            plain.certificateNames()));
  }

  private Setup ordered(NewSetup wanted) {
    return tenancy.as(
        tenant,
        () -> {
          setups.request(wanted);
          return setups.get(wanted.id());
        });
  }

  private Retirement want(Setup setup) {
    return tenancy.as(tenant, () -> retirements.want(setup));
  }

  private List<Boolean> wanted(Setup setup) {
    return tenancy.reading(
        tenant,
        () ->
            Stream.of(
                    retirements.isWanted(setup.domain()),
                    retirements.isWanted(setup.certificate()),
                    retirements.isWanted(setup.server()))
                .toList());
  }

  private long serverVersion(Setup setup) {
    return tenancy.reading(tenant, () -> setups.facts(setup.id()).server().desiredVersion());
  }
}
