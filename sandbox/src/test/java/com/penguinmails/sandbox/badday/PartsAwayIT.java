package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.context.ConfigurableApplicationContext;

/// A part of our own is away in the middle of a set-up: Temporal, PostgreSQL, every worker. Nobody
/// has to do anything but bring it back; until then who looks is told what stands still, and why.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class PartsAwayIT {
  private static final String MIDDLE = "server/020-packages";
  private static final Duration AWAY = Duration.ofSeconds(5);

  /// A worker's poll at Temporal lasts a minute: so long nobody can tell that it is dead. Then
  /// comes the reserve for busy machines, and the page's next heartbeat.
  private static final Duration UNTIL_MISSED = Duration.ofMinutes(4);

  private SandboxWorld world;
  private ConfigurableApplicationContext api;
  private ConfigurableApplicationContext worker;
  private TenantClient client;

  @BeforeEach
  void start(@TempDir Path directory) {
    world = SandboxWorld.start(SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}));
    api = RunningProduct.startApi(world);
    worker = RunningProduct.startWorker(world);
    client = DemoTenant.of(world).client();
  }

  @AfterEach
  void stop() {
    client.close();
    worker.close();
    api.close();
    world.destroy();
  }

  @Test
  void takesOrdersWhileTemporalIsAway() {
    var begun = order("temporal-dies.test");
    untilInTheMiddle(begun);
    world.temporal().kill();

    var ordered = order("temporal-away.test");
    for (var setup : List.of(begun, ordered)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(() -> assertTells(setup.look(), "TEMPORAL_AWAY"));
    }
    staysAway(() -> {
      assertThat(ordered.state()).isNotIn("DONE", "FAILED", "CANCELLED");
      assertThat(begun.state()).isNotIn("DONE", "FAILED", "CANCELLED");
    });

    world.temporal().restart();
    for (var setup : List.of(begun, ordered)) {
      untilNothingIsMissed(setup);
    }
    begun.untilState("DONE");
    ordered.untilState("DONE");
    assertThat(begun.causes()).isEmpty();
    assertThat(ordered.causes()).isEmpty();
    assertBoughtOnce(2);
  }

  @Test
  void goesOnWhenPostgresIsBack() {
    var setup = order("postgres-away.test");
    untilInTheMiddle(setup);

    world.database().kill();
    staysAway(() -> {
      var answer = client.look(setup.id());
      assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
      assertThat(answer.body().path("type").asText()).isEqualTo("/problems/unavailable");
      assertThat(answer.body().toString()).contains("Nothing is lost: ask again");
    });

    world.database().restart();
    setup.untilState("DONE");
    assertBoughtOnce(1);
  }

  @Test
  void theOpenPageGoesOnWhenAWorkerIsBack() {
    var setup = order("no-worker.test");
    List<JsonNode> told = new CopyOnWriteArrayList<>();
    List<String> seen = new CopyOnWriteArrayList<>();
    var page =
        CompletableFuture.runAsync(() ->
            client.follow(
                setup.id(),
                (event, data) -> {
                  seen.add(event);
                  if (event.equals("state")) {
                    told.add(data);
                  }
                  return true;
                }));
    untilInTheMiddle(setup);

    worker.close();
    await()
        .atMost(UNTIL_MISSED)
        .untilAsserted(() -> {
          assertThat(told).isNotEmpty();
          assertTells(told.getLast(), "WORKERS_AWAY");
        });
    assertTells(setup.look(), "WORKERS_AWAY");
    assertThat(page).as("stays open").isNotDone();
    int before = seen.size();

    worker = RunningProduct.startWorker(world);
    untilNothingIsMissed(setup);
    await().atMost(Duration.ofMinutes(3)).until(page::isDone);
    assertThat(page).isCompleted();
    assertThat(seen).as("told of the rest").hasSizeGreaterThan(before);
    assertThat(told.getLast().path("attention")).as("nobody is missed at its end").isEmpty();
    assertThat(setup.state()).isEqualTo("DONE");
    assertThat(setup.causes()).isEmpty();
    assertBoughtOnce(1);
  }

  /// Pebble keeps nothing: the account, the order and its own root are gone. Its new root must be
  /// trusted first, by the sandbox' probe; a real authority keeps its roots.
  @Test
  void ordersAgainFromAnAuthorityThatForgotEverything() {
    var setup = order("forgetful-authority.test");
    var authority = world.acmeFaults();
    authority.plan("finalize-order", new Fault.CutBefore(), 1000);
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          var step = setup.step("certificate/issue");
          assertThat(step.path("waitingFor").asText())
              .as("%s", step)
              .isEqualTo(Cause.CA_UNREACHABLE.name());
          assertThat(step.path("nextStep").asText()).isEqualTo(Cause.CA_UNREACHABLE.nextStep());
          assertThat(step.path("whoCanHelp").asText())
              .isEqualTo(Cause.CA_UNREACHABLE.helper().name());
        });

    world.restartAuthority();
    authority.heal();
    worker.close();
    worker = RunningProduct.startWorker(world);

    setup.untilState("DONE");
    assertThat(authority.requests("order-plz")).as("the first was forgotten").hasSize(2);
    assertBoughtOnce(1);
  }

  /// Asserts that a set-up's answer, or its page, says who of ours is away, that nobody but our
  /// staff has to act, and what happens then.
  private static void assertTells(JsonNode setup, String cause) {
    assertThat(setup.path("attention")).as("%s", setup).hasSize(1);
    var told = setup.path("attention").path(0);
    assertThat(told.path("cause").asText()).isEqualTo(cause);
    assertThat(told.path("what").asText()).contains("is away", "Nothing is lost");
    assertThat(told.path("nextStep").asText()).contains("our staff", "goes on by itself");
    assertThat(told.path("whoActs").asText()).isEqualTo("STAFF");
  }

  private static void untilNothingIsMissed(TenantSetup setup) {
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(setup.causes()).isEmpty());
  }

  /// Looks for a while.
  private static void staysAway(ThrowingRunnable look) {
    await().during(AWAY).atMost(AWAY.multipliedBy(4)).untilAsserted(look);
  }

  private TenantSetup order(String domain) {
    var name = new DomainName(domain);
    return TenantSetup.order(client, domain, DemoTenant.of(world).purchase(name));
  }

  private static void untilInTheMiddle(TenantSetup setup) {
    await().atMost(Duration.ofMinutes(2)).until(() -> setup.hasBegun(MIDDLE));
  }

  private void assertBoughtOnce(int setups) {
    assertThat(world.hostwinds().charges()).as("the bill").hasSize(setups);
  }
}
