package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.NewSetup.ServerChoice;
import com.penguinmails.store.setup.SetupStore.Requested;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SetupStoreIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupStore setups;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    setups = new SetupStore(tenancy);
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
  void writesASetupWithEverythingItNeeds() {
    var wanted = Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10");

    var answer = request(wanted);
    var facts = tenancy.reading(tenant, () -> setups.facts(wanted.id()));

    assertThat(answer).isInstanceOf(Requested.Created.class);
    assertThat(facts.setup().state()).isEqualTo(Setup.State.REQUESTED);
    assertThat(facts.server().address().value()).isEqualTo("192.0.2.10");
    assertThat(facts.server().firstLogin()).isPresent();
    assertThat(facts.domain().zoneSettings()).containsEntry("port", "53");
    assertThat(facts.domain().server()).isEqualTo(facts.server().id());
    assertThat(facts.mailboxes())
        .extracting(mailbox -> mailbox.address().toString())
        .containsExactly("anna@acme.test", "ben@acme.test");
    assertThat(facts.certificate().names()).hasSize(2);
    assertThat(facts.proof()).isEmpty();
  }

  @Test
  void answersTheSameKeyWithTheSameSetupEvenWhenItIsFinished() {
    var first = request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));
    var created = ((Requested.Created) first).setup();
    tenancy.run(tenant, () -> setups.finish(created.id(), Setup.State.DONE));

    var second = request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));

    assertThat(second).isInstanceOf(Requested.Same.class);
    assertThat(((Requested.Same) second).setup().id()).isEqualTo(created.id());
  }

  @Test
  void refusesTheSameKeyForAnotherRequest() {
    request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));

    var second = request(Samples.newSetup(workspace, "k1", "other.test", "192.0.2.11"));

    assertThat(second).isInstanceOf(Requested.KeyConflict.class);
  }

  @Test
  void refusesASecondOpenSetupOfADomainAndAllowsItOnceFinished() {
    var first = request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));
    var created = ((Requested.Created) first).setup();

    var busy = request(Samples.newSetup(workspace, "k2", "acme.test", "192.0.2.10"));
    tenancy.run(tenant, () -> setups.finish(created.id(), Setup.State.CANCELLED));
    var again = request(Samples.newSetup(workspace, "k3", "acme.test", "192.0.2.10"));

    assertThat(busy).isEqualTo(new Requested.DomainBusy(created.id()));
    assertThat(again).isInstanceOf(Requested.Created.class);
    assertThat(((Requested.Created) again).setup().server()).isEqualTo(created.server());
  }

  @Test
  void refusesAServerThatIsBeingGivenBack() {
    var first = request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));
    var cancelled = ((Requested.Created) first).setup();
    tenancy.as(tenant, () -> new RetirementStore(tenancy).want(cancelled));

    var leaving = request(Samples.newSetup(workspace, "k2", "other.test", "192.0.2.10"));
    tenancy.run(tenant, () -> new ServerStore(tenancy).retire(cancelled.server()));
    var again = request(Samples.newSetup(workspace, "k3", "other.test", "192.0.2.10"));

    assertThat(leaving).isEqualTo(new Requested.ServerLeaving());
    assertThat(((Requested.Created) again).setup().server()).isNotEqualTo(cancelled.server());
  }

  /// Until then its first set-up may be cancelled, and the server go.
  @Test
  void takesFurtherDomainsOnlyOnAServerThatIsProved() {
    var first = request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10"));
    var created = ((Requested.Created) first).setup();
    tenancy.run(tenant, () -> new ServerStore(tenancy).recordApplied(created.server(), 1));
    var further =
        onServer(Samples.newSetup(workspace, "k2", "other.test", "192.0.2.99"), created.server());

    assertThat(request(further)).isEqualTo(new Requested.ServerUnknown());
    tenancy.run(tenant, () -> setups.finish(created.id(), Setup.State.DONE));
    assertThat(request(further)).isInstanceOf(Requested.Created.class);
  }

  /// Its zone can send that name to one address only.
  @Test
  void refusesAnotherServerForADomainThatNamesOneOthersNeed() {
    var first =
        ((Requested.Created) request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10")))
            .setup();
    tenancy.run(
        tenant,
        () -> {
          new ServerStore(tenancy).recordApplied(first.server(), 1);
          setups.finish(first.id(), Setup.State.DONE);
        });
    var coming =
        onServer(Samples.newSetup(workspace, "k2", "other.test", "192.0.2.99"), first.server());
    assertThat(request(coming)).isInstanceOf(Requested.Created.class);
    var away = Samples.newSetup(workspace, "k3", "acme.test", "192.0.2.11");
    var named = Samples.newSetup(workspace, "k4", "named.test", "192.0.2.20");
    var beside = Samples.newSetup(workspace, "k5", "acme.test", "192.0.2.20");

    assertThat(request(away)).isEqualTo(new Requested.ServerNameNeeded());
    assertThat(request(named)).isInstanceOf(Requested.Created.class);
    assertThat(request(beside)).as("it has a name").isInstanceOf(Requested.Created.class);
  }

  private static NewSetup onServer(NewSetup plain, ServerId server) {
    return new NewSetup(
        plain.id(),
        plain.workspace(),
        plain.idempotencyKey(),
        plain.requestHash(),
        new ServerChoice.Known(server),
        plain.domain(),
        plain.mailboxes(),
        plain.certificate(),
        plain.certificateNames());
  }

  @Test
  void createsOneSetupWhenTheSameRequestArrivesManyTimesAtOnce() throws Exception {
    List<Callable<Requested>> calls = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      calls.add(() -> request(Samples.newSetup(workspace, "k1", "acme.test", "192.0.2.10")));
    }

    List<Requested> answers = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(8)) {
      for (var future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
    }

    assertThat(answers).filteredOn(Requested.Created.class::isInstance).hasSize(1);
    assertThat(answers).filteredOn(Requested.Same.class::isInstance).hasSize(15);
    assertThat(tenancy.reading(tenant, () -> setups.newest(Optional.empty(), 10))).hasSize(1);
  }

  @Test
  void letsOneOfManyKeysWinADomain() throws Exception {
    List<Callable<Requested>> calls = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      var key = "k" + i;
      calls.add(() -> request(Samples.newSetup(workspace, key, "acme.test", "192.0.2.10")));
    }

    List<Requested> answers = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var future : threads.invokeAll(calls)) {
        answers.add(future.get());
      }
    }

    assertThat(answers).filteredOn(Requested.Created.class::isInstance).hasSize(1);
    assertThat(answers).filteredOn(Requested.DomainBusy.class::isInstance).hasSize(11);
  }

  @Test
  void cancelsOnceAndNeverAfterTheEnd() {
    var created =
        ((Requested.Created) request(Samples.newSetup(workspace, "k1", "a.test", "192.0.2.10")))
            .setup();

    var first = tenancy.as(tenant, () -> setups.requestCancel(created.id()));
    var second = tenancy.as(tenant, () -> setups.requestCancel(created.id()));
    tenancy.run(tenant, () -> setups.finish(created.id(), Setup.State.CANCELLED));
    tenancy.run(tenant, () -> setups.finish(created.id(), Setup.State.DONE));
    var late = tenancy.as(tenant, () -> setups.requestCancel(created.id()));

    assertThat(first).isTrue();
    assertThat(second).isTrue();
    assertThat(late).isFalse();
    assertThat(tenancy.reading(tenant, () -> setups.get(created.id())).state())
        .isEqualTo(Setup.State.CANCELLED);
  }

  private Requested request(NewSetup wanted) {
    return tenancy.as(tenant, () -> setups.request(wanted));
  }
}
