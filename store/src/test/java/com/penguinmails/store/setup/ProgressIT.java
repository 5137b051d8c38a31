package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.setup.Progress.State;
import com.penguinmails.store.setup.ProgressFeed.Event;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ProgressIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static ProgressStore progress;
  private TenantId tenant;
  private SetupId setup;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    progress = new ProgressStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newSetup() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    var wanted = Samples.newSetup(made.workspace(), "k", "acme.test", "192.0.2.10");
    setup = wanted.id();
    tenancy.run(tenant, () -> new SetupStore(tenancy).request(wanted));
  }

  @Test
  void neverLeavesDone() {
    report(State.RUNNING, 1, "");
    report(State.DONE, 1, "ok");

    var late = report(State.RUNNING, 1, "");
    var retried = report(State.RUNNING, 2, "");

    assertThat(late).isFalse();
    assertThat(retried).isFalse();
    assertThat(only().state()).isEqualTo(State.DONE);
  }

  @Test
  void runsAgainAfterAFailureOnlyWithALaterAttempt() {
    report(State.FAILED, 1, "apt lock");

    var stale = report(State.RUNNING, 1, "");
    var next = report(State.RUNNING, 2, "");
    var old = report(State.FAILED, 1, "apt lock");

    assertThat(stale).isFalse();
    assertThat(next).isTrue();
    assertThat(old).isFalse();
    assertThat(only().attempts()).isEqualTo(2);
    assertThat(only().state()).isEqualTo(State.RUNNING);
  }

  @Test
  void waitsForSomebodyAndGoesOn() {
    var waiting = of(State.WAITING, 1, "").waitingFor("dns-not-delegated", Helper.TENANT);
    tenancy.run(tenant, () -> progress.report(setup, waiting));
    var seen = only();
    report(State.RUNNING, 1, "");

    assertThat(seen.whoCanHelp()).contains(Helper.TENANT);
    assertThat(only().waitingFor()).isEmpty();
  }

  @Test
  void percentNeverFallsWithinAnAttempt() {
    tenancy.run(tenant, () -> progress.report(setup, of(State.RUNNING, 1, "").percent(60)));
    var back =
        tenancy.as(tenant, () -> progress.report(setup, of(State.RUNNING, 1, "").percent(40)));
    tenancy.run(tenant, () -> progress.report(setup, of(State.RUNNING, 2, "").percent(10)));

    assertThat(back).isFalse();
    assertThat(only().percent()).hasValue(10);
  }

  @Test
  void measuresARunningStepOnly() {
    report(State.RUNNING, 1, "");
    tenancy.run(tenant, () -> progress.measured(setup, "server/090-unbound", 40));
    tenancy.run(tenant, () -> progress.measured(setup, "server/unknown", 50));
    var running = only();
    report(State.DONE, 1, "ok");
    tenancy.run(tenant, () -> progress.measured(setup, "server/090-unbound", 60));

    assertThat(running.percent()).hasValue(40);
    assertThat(only().percent()).isNotEqualTo(OptionalInt.of(60));
    assertThat(only().state()).isEqualTo(State.DONE);
  }

  @Test
  void numbersChangesInTheOrderOfCommits() throws Exception {
    List<Callable<Boolean>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      var step = "step/" + i;
      calls.add(() ->
          tenancy.as(
              tenant,
              () ->
                  progress.report(
                      setup,
                      ProgressReport.of(
                          EntityKind.SETUP, setup.value(), step, step, State.DONE, 1, ""))));
    }
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var future : threads.invokeAll(calls)) {
        assertThat(future.get()).isTrue();
      }
    }

    var after = tenancy.reading(tenant, () -> progress.changedAfter(setup, 15));

    assertThat(after).extracting(Progress::sequence).containsExactly(16L, 17L, 18L, 19L, 20L);
    assertThat(tenancy.reading(tenant, () -> progress.of(setup))).hasSize(20);
  }

  @Test
  void tellsFollowersAndResyncsAfterTheConnectionIsLost() {
    List<Event> events = new CopyOnWriteArrayList<>();
    List<Event> others = new CopyOnWriteArrayList<>();
    try (var feed = new ProgressFeed(postgres.unpooledApp());
        var following = feed.follow(setup, events::add);
        var other = feed.follow(new SetupId(UUID.randomUUID()), others::add)) {
      await().until(() -> events.contains(Event.RESYNC));

      report(State.RUNNING, 1, "");
      await().until(() -> events.contains(Event.CHANGED));
      events.clear();
      killListener();
      await().until(() -> events.contains(Event.RESYNC));
      report(State.DONE, 1, "");
      await().until(() -> events.contains(Event.CHANGED));

      assertThat(others).doesNotContain(Event.CHANGED);
    }
  }

  @Test
  void listensToNobodyAfterClose() {
    List<Event> events = new CopyOnWriteArrayList<>();
    var feed = new ProgressFeed(postgres.unpooledApp());
    feed.follow(setup, events::add);
    await().until(() -> events.contains(Event.RESYNC));

    feed.close();

    await().until(() -> listeners() == 0);
  }

  private static void killListener() {
    JdbcClient.create(postgres.superuser())
        .sql(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE query LIKE 'LISTEN %' AND datname = current_database()
            """)
        .query(Boolean.class)
        .list();
  }

  private static int listeners() {
    return JdbcClient.create(postgres.superuser())
        .sql(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE query LIKE 'LISTEN %' AND datname = current_database()
            """)
        .query(Integer.class)
        .single();
  }

  private boolean report(State state, int attempts, String evidence) {
    return tenancy.as(tenant, () -> progress.report(setup, of(state, attempts, evidence)));
  }

  private ProgressReport of(State state, int attempts, String evidence) {
    return ProgressReport.of(
        EntityKind.SETUP,
        setup.value(),
        "server/090-unbound",
        "Resolver",
        state,
        attempts,
        evidence);
  }

  private Progress only() {
    return tenancy.reading(tenant, () -> progress.of(setup)).getFirst();
  }
}
