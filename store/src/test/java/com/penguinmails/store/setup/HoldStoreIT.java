package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.server.Claim;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.HoldStore.Retiring;
import com.penguinmails.store.setup.NewSetup.ServerChoice;
import com.penguinmails.store.setup.SetupStore.Requested;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Cancels that can be taken back.
class HoldStoreIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Money PRICE = new Money(999, "USD");

  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupStore setups;
  private static HoldStore holds;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    setups = new SetupStore(tenancy);
    holds = new HoldStore(tenancy);
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
  void holdsOnceAndSaysUntilWhen() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");

    hold(setup, HOUR);
    var held = get(setup);
    hold(setup, Duration.ofDays(2));

    assertThat(get(setup)).as("once").isEqualTo(held);
    assertThat(held.state()).isEqualTo(Setup.State.HELD);
    assertThat(held.resumableUntil().orElseThrow())
        .isBetween(Instant.now().plusSeconds(3_000), Instant.now().plusSeconds(3_700));
    var line = line(setup, "setup/held-1");
    assertThat(line.state()).isEqualTo(Progress.State.WAITING);
    assertThat(line.waitingFor()).contains("setup-held");
    assertThat(line.whoCanHelp()).contains(Helper.TENANT);
  }

  @Test
  void goesOnWhereItWasAndMayBeHeldAgain() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    tenancy.run(tenant, () -> setups.recordStarted(setup.id()));
    tenancy.run(tenant, () -> setups.enterStage(setup.id(), "PROVING"));
    hold(setup, HOUR);

    resume(setup);
    var resumed = get(setup);
    resume(setup);

    assertThat(get(setup)).as("once").isEqualTo(resumed);
    assertThat(resumed.state()).isEqualTo(Setup.State.RUNNING);
    assertThat(resumed.stage()).isEqualTo("PROVING");
    assertThat(resumed.resumableUntil()).isEmpty();
    assertThat(resumed.cancelRequestedAt()).isEmpty();
    assertThat(line(setup, "setup/held-1").state()).isEqualTo(Progress.State.DONE);
    assertThat(audited(setup)).containsExactly("setup.held", "setup.resumed");

    assertThat(hold(setup, HOUR).holds()).isEqualTo(2);
    assertThat(line(setup, "setup/held-2").state()).isEqualTo(Progress.State.WAITING);
  }

  @Test
  void isNotTakenBackAfterItsTime() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    hold(setup, Duration.ZERO);

    assertThat(resume(setup).state()).as("its time is over").isEqualTo(Setup.State.HELD);
    end(setup);
    end(setup);

    assertThat(resume(setup).state()).isEqualTo(Setup.State.CANCELLING);
    assertThat(hold(setup, HOUR).state()).isEqualTo(Setup.State.CANCELLING);
    assertThat(line(setup, "setup/held-1").state()).isEqualTo(Progress.State.DONE);
    assertThat(audited(setup)).containsExactly("setup.held", "setup.hold_ended");
  }

  @Test
  void doesNotEndBeforeItsTimeNorHoldWhatHasEnded() {
    var held = ordered("k1", "acme.test", "192.0.2.10");
    hold(held, HOUR);
    var done = ordered("k2", "other.test", "192.0.2.11");
    tenancy.run(tenant, () -> setups.finish(done.id(), Setup.State.DONE));

    end(held);

    assertThat(get(held).state()).isEqualTo(Setup.State.HELD);
    assertThat(hold(done, HOUR).state()).isEqualTo(Setup.State.DONE);
    assertThat(resume(done).state()).isEqualTo(Setup.State.DONE);
  }

  @Test
  void eitherResumesOrEndsNeverBoth() throws Exception {
    for (int round = 0; round < 8; round++) {
      var setup = ordered("k" + round, "acme" + round + ".test", "192.0.2." + (20 + round));
      hold(setup, Duration.ofMillis(40));
      List<Callable<Setup>> calls =
          List.of(
              () -> {
                end(setup);
                return get(setup);
              },
              () -> resume(setup),
              () -> {
                end(setup);
                return get(setup);
              },
              () -> resume(setup));
      try (var threads = Executors.newFixedThreadPool(4)) {
        for (var call : threads.invokeAll(calls)) {
          call.get();
        }
      }
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> {
            end(setup);
            return get(setup).state() != Setup.State.HELD;
          });

      assertThat(audited(setup)).as("round %d", round).hasSize(2);
    }
  }

  /// Work on a shared server goes on for whoever was not cancelled.
  @Test
  void holdsASharedServerOnlyWithEverySetupOnIt() {
    var one = ordered("k1", "acme.test", "192.0.2.10");
    var other = ordered("k2", "other.test", "192.0.2.10");
    assertThat(isHeld(one, EntityKind.DOMAIN)).isFalse();

    hold(one, HOUR);
    assertThat(isHeld(one, EntityKind.DOMAIN)).isTrue();
    assertThat(isHeld(one, EntityKind.SETUP)).isTrue();
    assertThat(isHeld(one, EntityKind.SERVER)).isFalse();
    assertThat(isHeld(other, EntityKind.DOMAIN)).isFalse();

    hold(other, HOUR);
    assertThat(isHeld(one, EntityKind.SERVER)).isTrue();
    assertThat(isHeld(other, EntityKind.CERTIFICATE)).isTrue();
  }

  /// Its certificate is renewed and its host converged for the domain that works there.
  @Test
  void doesNotHoldAServerOnWhichADomainIsProved() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    tenancy.run(tenant, () -> setups.finish(proved.id(), Setup.State.DONE));
    var elsewhere = ordered("k2", "acme.test", "192.0.2.11");
    var further = ordered("k3", "other.test", "192.0.2.10");

    hold(further, HOUR);

    assertThat(isHeld(further, EntityKind.SERVER)).isFalse();
    assertThat(isHeld(further, EntityKind.CERTIFICATE)).isFalse();
    assertThat(isHeld(further, EntityKind.DOMAIN)).isTrue();

    tenancy.run(tenant, () -> setups.recordStarted(elsewhere.id()));
    tenancy.as(tenant, () -> setups.moveDomain(elsewhere.id()));
    assertThat(isHeld(further, EntityKind.SERVER)).as("nobody else is there").isTrue();
  }

  /// The way from there until the server is wanted away is not a time to buy.
  @Test
  void letsNobodyPayForAServerWhoseSetupIsCancelled() {
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    var setup = orderedToBuy(order);
    tenancy.as(tenant, () -> new SetupStore(tenancy).requestCancel(setup.id()));

    assertThat(tenancy.as(tenant, () -> new OrderStore(tenancy).claimPurchase(order, 1, PRICE)))
        .isEqualTo(new Claim.Leaving());
  }

  @Test
  void letsNobodyPayForAServerWhileItsSetupIsHeld() {
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    var setup = orderedToBuy(order);
    var orders = new OrderStore(tenancy);

    hold(setup, HOUR);
    assertThat(tenancy.as(tenant, () -> orders.claimPurchase(order, 1, PRICE)))
        .isEqualTo(new Claim.Leaving());

    resume(setup);
    assertThat(tenancy.as(tenant, () -> orders.claimPurchase(order, 1, PRICE)))
        .isEqualTo(new Claim.Claimed());
  }

  @Test
  void theSweepFindsWhoseTimeIsOver() {
    var sweep = new SweepStore(postgres.sweep());
    var over = ordered("k1", "acme.test", "192.0.2.10");
    var held = ordered("k2", "other.test", "192.0.2.11");
    hold(over, Duration.ZERO);
    hold(held, HOUR);

    assertThat(sweep.setupsNoLongerHeld(Duration.ZERO, 1_000))
        .contains(new SweepStore.FoundSetup(tenant, over.id()))
        .doesNotContain(new SweepStore.FoundSetup(tenant, held.id()));
    assertThat(sweep.setupsNoLongerHeld(Duration.ofMinutes(1), 1_000))
        .doesNotContain(new SweepStore.FoundSetup(tenant, over.id()));
  }

  @Test
  void whatIsProvedStaysUntilItCanNoLongerBeTakenBackThatItIsGivenUp() {
    var sweep = new SweepStore(postgres.sweep());
    var setup = proved("k1", "acme.test", "192.0.2.10");

    retire(setup, HOUR);
    var retiring = get(setup);
    assertThat(retire(setup, Duration.ZERO)).isEqualTo(new Retiring.Wanted(retiring));
    assertThat(get(setup)).as("once").isEqualTo(retiring);
    endRetiring(setup);
    assertThat(get(setup).state()).isEqualTo(Setup.State.DONE);
    assertThat(line(setup, "setup/retire-1").waitingFor()).contains("setup-retiring");
    assertThat(sweep.setupsToRetire(1_000)).doesNotContain(found(setup));
    assertThat(again("k2", "acme.test", "192.0.2.11"))
        .as("its domain is busy")
        .isEqualTo(new Requested.DomainBusy(setup.id()));

    assertThat(resume(setup).resumableUntil()).isEmpty();
    assertThat(line(setup, "setup/retire-1").state()).isEqualTo(Progress.State.DONE);
    endRetiring(setup);
    assertThat(get(setup).state()).isEqualTo(Setup.State.DONE);

    retire(setup, Duration.ZERO);
    assertThat(sweep.setupsToRetire(1_000)).contains(found(setup));
    assertThat(sweep.setupsNoLongerHeld(Duration.ZERO, 1_000)).doesNotContain(found(setup));
    assertThat(resume(setup).resumableUntil()).as("too late").isPresent();
    endRetiring(setup);
    endRetiring(setup);

    var open = get(setup);
    assertThat(open.state()).isEqualTo(Setup.State.CANCELLING);
    assertThat(open.finishedAt()).isEmpty();
    assertThat(open.provedAt()).isPresent();
    assertThat(retire(setup, HOUR)).as("it is under way").isInstanceOf(Retiring.Wanted.class);
    assertThat(audited(setup))
        .containsExactly(
            "setup.retire_wanted", "setup.resumed", "setup.retire_wanted", "setup.retiring");
  }

  @Test
  void givesUpOnlyWhatIsProvedAndTheEarlierOneFirst() {
    var first = proved("k1", "acme.test", "192.0.2.10");
    var second = ordered("k2", "acme.test", "192.0.2.11");
    assertThat(retire(second, HOUR)).isEqualTo(new Retiring.NotProved(get(second)));
    hold(second, HOUR);
    assertThat(retire(second, HOUR)).as("cancelled").isInstanceOf(Retiring.NotProved.class);
    resume(second);
    assertThat(retire(first, HOUR)).isEqualTo(new Retiring.DomainBusy(second.id()));

    tenancy.run(tenant, () -> setups.finish(second.id(), Setup.State.DONE));
    assertThat(retire(second, HOUR)).isEqualTo(new Retiring.EarlierStands(first.id()));
    assertThat(retire(first, HOUR)).isInstanceOf(Retiring.Wanted.class);
  }

  private Setup proved(String key, String domain, String address) {
    var setup = ordered(key, domain, address);
    tenancy.run(tenant, () -> setups.finish(setup.id(), Setup.State.DONE));
    return setup;
  }

  private Requested again(String key, String domain, String address) {
    return tenancy.as(
        tenant, () -> setups.request(Samples.newSetup(workspace, key, domain, address)));
  }

  private Retiring retire(Setup setup, Duration grace) {
    return tenancy.as(tenant, () -> holds.retire(setup.id(), grace));
  }

  private void endRetiring(Setup setup) {
    tenancy.run(tenant, () -> holds.endRetiring(setup.id()));
  }

  private SweepStore.FoundSetup found(Setup setup) {
    return new SweepStore.FoundSetup(tenant, setup.id());
  }

  private Setup ordered(String key, String domain, String address) {
    return request(Samples.newSetup(workspace, key, domain, address));
  }

  private Setup orderedToBuy(OrderId order) {
    var own = Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10");
    var server = own.domain().server();
    return request(
        new NewSetup(
            own.id(),
            workspace,
            own.idempotencyKey(),
            own.requestHash(),
            new ServerChoice.Bought(
                new NewServer(
                    server,
                    "hostwinds",
                    Stack.DEBIAN,
                    22,
                    own.domain().name().child("mail"),
                    "root",
                    Optional.empty()),
                new NewOrder(
                    order,
                    server,
                    OrderLabel.of("abc123", order),
                    "101",
                    "1",
                    PRICE,
                    Optional.empty())),
            own.domain(),
            own.mailboxes(),
            own.certificate(),
            own.certificateNames()));
  }

  private Setup request(NewSetup wanted) {
    return tenancy.as(
        tenant,
        () -> {
          setups.request(wanted);
          return setups.get(wanted.id());
        });
  }

  private Setup hold(Setup setup, Duration grace) {
    return tenancy.as(tenant, () -> holds.hold(setup.id(), grace));
  }

  private Setup resume(Setup setup) {
    return tenancy.as(tenant, () -> holds.resume(setup.id()));
  }

  private void end(Setup setup) {
    tenancy.run(tenant, () -> holds.end(setup.id()));
  }

  private Setup get(Setup setup) {
    return tenancy.reading(tenant, () -> setups.get(setup.id()));
  }

  private boolean isHeld(Setup setup, EntityKind on) {
    return tenancy.reading(tenant, () -> holds.isHeld(setup.id(), on));
  }

  private Progress line(Setup setup, String step) {
    return tenancy.reading(tenant, () -> new ProgressStore(tenancy).of(setup.id())).stream()
        .filter(one -> one.step().equals(step))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> audited(Setup setup) {
    return JdbcClient.create(postgres.superuser())
        .sql(
            """
            SELECT action FROM audit_event
            WHERE entity_id = :id AND action IN ('setup.held', 'setup.resumed', 'setup.hold_ended',
              'setup.retire_wanted', 'setup.retiring')
            ORDER BY id
            """)
        .param("id", setup.id().value())
        .query((row, number) -> row.getString("action"))
        .list();
  }
}
