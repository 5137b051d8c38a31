package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The tenant cancels a set-up whose server is bought and half made. That can be taken back for a
/// while, which other bad days do not wait for: so it has a product of its own.
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(900)
class CancelledByMistakeIT {
  private static final Duration GRACE = Duration.ofSeconds(45);
  private static final String MIDDLE = "server/020-packages";
  private static final String HELD = "setup/held-1";

  private TestedProduct tested;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}),
            world ->
                RunningProduct.start(
                    world, Map.of("penguin.api.cancel-grace", GRACE.toSeconds() + "s")));
    SharedProduct.limitPurchases(tested.world(), SharedProduct.AMPLE);
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  void goesOnWhereItWasAndBuysNothingAgain() {
    var name = new DomainName("cancelled-by-mistake.test");
    var setup = order(name);
    var ordered = new OrderedSetup(setup, tested, name);
    await().atMost(Duration.ofMinutes(3)).until(() -> setup.hasBegun(MIDDLE));

    setup.cancel();
    assertThat(setup.state()).isEqualTo("HELD");
    assertThat(setup.look().path("resumableUntil").asText()).isNotBlank();
    ordered.assertStepTells(HELD, Cause.SETUP_HELD);
    await().atMost(GRACE.dividedBy(2)).until(() -> inState(setup, "RUNNING").isEmpty());
    var done = inState(setup, "DONE");
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(6))
        .until(() -> inState(setup, "DONE").equals(done));
    assertThat(setup.look().path("attention")).isEmpty();

    assertThat(resume(setup, "taken-back")).isEqualTo(202);
    assertThat(resume(setup, "taken-back")).as("again").isEqualTo(202);
    ordered.untilProved();
    assertThat(setup.step(HELD).path("state").asText()).isEqualTo("DONE");
    assertThat(tested.labels(setup)).hasSize(1);
    assertThat(ordered.bought()).hasSize(1);
  }

  @Test
  void takesBackWhatItMadeWhenNobodyResumes() {
    var name = new DomainName("cancelled-on-purpose.test");
    var setup = order(name);
    await().atMost(Duration.ofMinutes(3)).until(() -> setup.hasBegun(MIDDLE));

    setup.cancel();
    assertThat(setup.state()).isEqualTo("HELD");
    // Somebody gave the server up at its seller meanwhile.
    var no = "Instance is being deleted.";
    tested.world().hostwinds().plan("shutdown", new ProviderFault.SaysNo(no), 1);
    setup.untilState("CANCELLED");

    var answer = tested.client().command(setup.id(), "resume", "too-late");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.body().path("type").asText()).isEqualTo("/problems/too-late-to-resume");
    assertThat(setup.causes()).as("its server is staff's to give up").containsOnly("SERVER_PARKED");
    assertThat(setup.look().path("attention").toString())
        .contains("runs on, for its seller refused to switch it off", no);
  }

  private TenantSetup order(DomainName name) {
    return tested.order(name.value(), DemoTenant.of(tested.world()).purchase(name));
  }

  private int resume(TenantSetup setup, String key) {
    return tested.client().command(setup.id(), "resume", key).status();
  }

  private static Set<String> inState(TenantSetup setup, String state) {
    var found = new HashSet<String>();
    for (var step : setup.look().path("steps")) {
      if (step.path("state").asText().equals(state)) {
        found.add(step.path("step").asText());
      }
    }
    return found;
  }
}
