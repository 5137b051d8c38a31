package com.penguinmails.store.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.mailbox.MailboxCommands.Command;
import com.penguinmails.store.mailbox.MailboxCommands.NewMailbox;
import com.penguinmails.store.mailbox.MailboxCommands.Outcome;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox.State;
import com.penguinmails.store.server.DesiredHosts;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MailboxStoreIT {
  private static final Duration GRACE = Duration.ofDays(7);
  private static final HostSettings PLAIN =
      new HostSettings(List.of(), List.of(), List.of(), List.of());

  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static MailboxStore mailboxes;
  private static MailboxCommands commands;
  private static ServerStore servers;
  private TenantId tenant;
  private Setup setup;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    mailboxes = new MailboxStore(tenancy);
    commands = new MailboxCommands(tenancy);
    servers = new ServerStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void aFinishedSetUp() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    var wanted = Samples.newSetup(made.workspace(), "k1", "acme.test", "192.0.2.10");
    var setups = new SetupStore(tenancy);
    setup =
        as(() -> {
          var _ = setups.request(wanted);
          setups.finish(wanted.id(), Setup.State.DONE);
          issueCertificate(setups.get(wanted.id()));
          return setups.get(wanted.id());
        });
    postgres.ownedOnce(setup.domain());
  }

  @Test
  void takesAnOrderOnceAndRaisesTheVersionOnce() {
    long before = version();

    var first = order("many", "carl", "dora");
    var again = order("many", "carl", "dora");

    assertThat(again).isEqualTo(first);
    assertThat(version()).isEqualTo(before + 1);
    assertThat(parts(State.WANTED)).contains("carl", "dora");
    assertThat(order("many", "emil")).isInstanceOf(Outcome.KeyConflict.class);
  }

  @Test
  void takesAllOrNone() {
    var outcome = order("many", "anna", "carl");

    assertThat(outcome).isEqualTo(new Outcome.AddressesTaken(Map.of("anna", State.WANTED)));
    assertThat(find("carl")).isEmpty();
  }

  @Test
  void twoAtOnceAreOne() throws Exception {
    Callable<Outcome> order = () -> order("many", "carl");
    try (var threads = Executors.newFixedThreadPool(2)) {
      var both = threads.invokeAll(List.of(order, order));

      assertThat(both.get(0).get()).isEqualTo(both.get(1).get()).isInstanceOf(Outcome.Taken.class);
    }
  }

  @Test
  void refusesAnUnfinishedDomainAndAnotherTenantsMailbox() {
    var anna = find("anna").orElseThrow().id();
    var open = tenant;
    var other = new TenantStore(tenancy).create("Other");
    var theirs = Samples.newSetup(other.workspace(), "k1", "other.test", "192.0.2.11");
    tenant = other.id();
    var unfinished =
        as(() -> {
          var setups = new SetupStore(tenancy);
          var _ = setups.request(theirs);
          return setups.get(theirs.id());
        });

    var outcome =
        as(() -> commands.create(command("many", "x"), unfinished.domain(), List.of(one("carl"))));
    var removed = as(() -> commands.remove(command("remove", "x"), anna, GRACE));

    assertThat(outcome).isInstanceOf(Outcome.NotSetUp.class);
    assertThat(removed).isInstanceOf(Outcome.Unknown.class);
    tenant = open;
    assertThat(find("anna")).isPresent();
  }

  @Test
  void isReadyWhenTheHostHasItsLogin() {
    order("many", "carl");
    var carl = find("carl").orElseThrow().id();
    assertThat(as(() -> mailboxes.withoutLogin(setup.server(), 10))).containsExactly(carl);

    applied(version());
    assertThat(state("carl")).as("without a login").isEqualTo(State.WANTED);
    makeLogin("carl");
    applied(version() - 1);
    assertThat(state("carl")).as("of an older version").isEqualTo(State.WANTED);
    applied(version());

    assertThat(state("carl")).isEqualTo(State.READY);
    assertThat(as(() -> mailboxes.withoutLogin(setup.server(), 10))).isEmpty();
  }

  @Test
  void revealsOnceAlsoToTwoAtOnce() throws Exception {
    var carl = ready("carl");
    Callable<Optional<SecretRef>> reveal = () -> as(() -> commands.reveal(carl));
    try (var threads = Executors.newFixedThreadPool(2)) {
      var both = threads.invokeAll(List.of(reveal, reveal));
      var seen = List.of(both.get(0).get(), both.get(1).get());

      assertThat(seen.stream().filter(Optional::isPresent)).hasSize(1);
    }
    as(() -> {
      commands.unreveal(carl, login("carl"));
      return true;
    });
    assertThat(as(() -> commands.reveal(carl))).as("nobody saw it").isPresent();
    assertThat(as(() -> commands.reveal(carl))).isEmpty();
  }

  @Test
  void aNewPasswordMayBeRevealedWhenTheHostHasIt() {
    var carl = ready("carl");
    var _ = as(() -> commands.reveal(carl));
    var fresh = new SecretRef("mailbox/fresh", 1);

    as(() -> commands.resetPassword(command("reset", "x"), carl, fresh));
    as(() -> commands.resetPassword(command("reset", "x"), carl, fresh));
    assertThat(as(() -> commands.reveal(carl))).as("not on the host yet").isEmpty();
    assertThat(as(() -> mailboxes.loginsToDestroy(setup.server(), version())))
        .containsExactly(login("carl"));
    applied(version());

    assertThat(as(() -> mailboxes.loginsToDestroy(setup.server(), version()))).isEmpty();
    assertThat(as(() -> commands.reveal(carl))).contains(fresh);
  }

  @Test
  void aRemovedOneIsSuspendedUntilItIsTakenBack() {
    var carl = ready("carl");

    as(() -> commands.remove(command("remove", "x"), carl, GRACE));
    var after = find("carl").orElseThrow().removeAfter();
    as(() -> commands.remove(command("remove again", "x"), carl, GRACE.multipliedBy(9)));

    assertThat(life("carl")).contains(DesiredMailbox.Life.SUSPENDED);
    assertThat(find("carl").orElseThrow().removeAfter()).as("keeps its time").isEqualTo(after);
    assertThat(as(() -> mailboxes.nextRemoval(setup.server()))).isEqualTo(after);
    assertThat(order("more", "carl"))
        .isEqualTo(new Outcome.AddressesTaken(Map.of("carl", State.REMOVING)));
    as(() -> commands.restore(command("restore", "x"), carl));
    applied(version());
    assertThat(state("carl")).isEqualTo(State.READY);
    assertThat(life("carl")).contains(DesiredMailbox.Life.OPEN);
    assertThat(as(() -> mailboxes.nextRemoval(setup.server()))).isEmpty();
  }

  @Test
  void afterTheGraceItLeavesAndItsAddressIsFree() {
    var carl = ready("carl");
    as(() -> commands.remove(command("remove", "x"), carl, GRACE));
    var due = find("carl").orElseThrow().removeAfter().orElseThrow();

    assertThat(endGrace(due.minusMillis(1))).as("too early").isZero();
    assertThat(endGrace(due)).isEqualTo(1);
    assertThat(endGrace(due)).as("again").isZero();
    assertThat(life("carl")).contains(DesiredMailbox.Life.GONE);
    assertThat(as(() -> commands.restore(command("restore", "x"), carl)))
        .isEqualTo(new Outcome.NotNow(State.LEAVING));
    assertThat(as(() -> mailboxes.loginsToDestroy(setup.server(), version())))
        .containsExactly(login("carl"));
    applied(version());

    assertThat(find("carl")).isEmpty();
    assertThat(order("anew", "carl")).isInstanceOf(Outcome.Taken.class);
  }

  @Test
  void theSweepFindsWhatNobodyWasTold() {
    var sweep = new SweepStore(postgres.sweep());
    var told = ((Outcome.Taken) order("many", "carl")).told();
    var found = new SweepStore.FoundCommand(tenant, told.command());

    assertThat(sweep.untoldMailboxCommands(Duration.ZERO, 1000)).contains(found);
    assertThat(sweep.untoldMailboxCommands(Duration.ofMinutes(1), 1000)).doesNotContain(found);
    as(() -> {
      commands.recordTold(told.command());
      return true;
    });
    assertThat(sweep.untoldMailboxCommands(Duration.ZERO, 1000)).doesNotContain(found);
    assertThat(as(() -> commands.get(told.command())).isTold()).isTrue();
  }

  @Test
  void listsByPage() {
    order("many", "carl", "dora", "emil");

    var first = as(() -> mailboxes.ofDomain(setup.domain(), "", 2));
    var next = as(() -> mailboxes.ofDomain(setup.domain(), "ben", 2));

    assertThat(first).extracting(one -> one.address().localPart()).containsExactly("anna", "ben");
    assertThat(next).extracting(one -> one.address().localPart()).containsExactly("carl", "dora");
  }

  @Test
  void moreNamesWantANewerCertificate() {
    var certificates = new CertificateStore(tenancy);
    var names = List.of(setup.domainName().child("mail"), setup.domainName().child("mta-sts"));
    var more = List.of(new com.penguinmails.workflows.model.DomainName("mta-sts.second.test"));

    var same = as(() -> certificates.insertOrAddNames(setup.certificate(), setup.server(), names));
    var newer = as(() -> certificates.insertOrAddNames(setup.certificate(), setup.server(), more));

    assertThat(same.desiredVersion()).isEqualTo(1);
    assertThat(newer.desiredVersion()).isEqualTo(2);
    assertThat(as(() -> certificates.namesWith(setup.server(), more))).isEqualTo(3);
    as(() -> {
      certificates.dropNames(
          setup.server(), new com.penguinmails.workflows.model.DomainName("second.test"));
      certificates.dropNames(setup.server(), setup.domainName());
      return true;
    });
    assertThat(as(() -> certificates.get(setup.certificate())).names())
        .as("the server's own name stays")
        .containsExactly(setup.domainName().child("mail"));
  }

  private MailboxId ready(String localPart) {
    order("order-" + localPart, localPart);
    makeLogin(localPart);
    applied(version());
    assertThat(state(localPart)).isEqualTo(State.READY);
    return find(localPart).orElseThrow().id();
  }

  private Outcome order(String key, String... localParts) {
    return as(() ->
        commands.create(
            command(key, String.join(",", localParts)),
            setup.domain(),
            List.of(localParts).stream().map(MailboxStoreIT::one).toList()));
  }

  private static Command command(String key, String hash) {
    return new Command(UuidCreator.getTimeOrderedEpoch(), key, hash);
  }

  private static NewMailbox one(String localPart) {
    return new NewMailbox(new MailboxId(UuidCreator.getTimeOrderedEpoch()), localPart, "");
  }

  private static SecretRef login(String localPart) {
    return new SecretRef("mailbox/" + localPart, 1);
  }

  private void makeLogin(String localPart) {
    as(() -> {
      long version = servers.bumpDesiredVersion(setup.server());
      mailboxes.recordLogin(find(localPart).orElseThrow().id(), login(localPart), version);
      return true;
    });
  }

  private int endGrace(Instant now) {
    return as(
        () -> mailboxes.endGrace(setup.server(), now, servers.bumpDesiredVersion(setup.server())));
  }

  private void applied(long version) {
    as(() -> {
      mailboxes.settle(setup.server(), version);
      return true;
    });
  }

  private long version() {
    return as(() -> servers.get(setup.server()).desiredVersion());
  }

  private Optional<Mailbox> find(String localPart) {
    return as(() -> mailboxes.ofDomain(setup.domain())).stream()
        .filter(one -> one.address().localPart().equals(localPart))
        .findFirst();
  }

  private State state(String localPart) {
    return find(localPart).orElseThrow().state();
  }

  private List<String> parts(State state) {
    return as(() -> mailboxes.ofDomain(setup.domain())).stream()
        .filter(one -> one.state() == state)
        .map(one -> one.address().localPart())
        .toList();
  }

  private Optional<DesiredMailbox.Life> life(String localPart) {
    return as(() -> new DesiredHosts(tenancy).desiredHost(setup.server(), PLAIN))
        .mailboxes()
        .stream()
        .filter(one -> one.address().localPart().equals(localPart))
        .map(DesiredMailbox::life)
        .findFirst();
  }

  private void issueCertificate(Setup finished) {
    var now = Instant.parse("2026-11-21T00:00:00Z");
    new CertificateStore(tenancy)
        .recordIssued(
            finished.certificate(),
            new CertificateStore.Issued(
                new SecretRef("certificate/a", 1),
                now,
                now.plus(Duration.ofDays(90)),
                now.plus(Duration.ofDays(60)),
                "ab",
                List.of(
                    finished.domainName().child("mail"), finished.domainName().child("mta-sts"))));
  }

  private <T> T as(Supplier<T> work) {
    return tenancy.as(tenant, work);
  }
}
