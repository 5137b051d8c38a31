package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.secret.VaultServer;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantMailboxes;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Secrets are kept in Vault, and it is sealed in the middle of a set-up, as after a restart of its
/// machine: nothing can be logged into any more. Staff open it, and the set-up goes on by itself.
@TestInstance(Lifecycle.PER_CLASS)
@Execution(ExecutionMode.SAME_THREAD)
@Timeout(900)
class VaultSealedIT {
  private static final String MIDDLE = "server/020-packages";

  private VaultServer vault;
  private TestedProduct tested;

  @BeforeAll
  void start(@TempDir Path directory) {
    vault = VaultServer.start(directory.resolve("vault"));
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}),
            world -> RunningProduct.start(world, vault.productSettings()));
    SharedProduct.limitPurchases(tested.world(), SharedProduct.AMPLE);
  }

  @AfterAll
  void stop() {
    tested.close();
    vault.close();
  }

  /// Before a login is kept, the work ends its patience and asks for attention.
  @Test
  void asksForAttentionAndGoesOnWhenOpened() {
    var name = new DomainName("vault-sealed-early.test");
    var ordered = order(name);
    vault.seal();
    try {
      new OrderedSetup(ordered, tested, name)
          .untilItTells(Cause.SECRET_STORE_UNAVAILABLE, "sealed");
    } finally {
      vault.unseal();
    }

    new OrderedSetup(ordered, tested, name).untilProved();
    assertBoughtOnce(name);
  }

  /// In the midst of the steps on a host, the step says what it waits for.
  @Test
  void theStepSaysWhatItWaitsForAndGoesOnWhenOpened() {
    var name = new DomainName("vault-sealed.test");
    var ordered = order(name);
    await().atMost(Duration.ofMinutes(3)).until(() -> ordered.hasBegun(MIDDLE));

    vault.seal();
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .untilAsserted(() -> assertThat(waitingFor(ordered)).isTrue());
      assertThat(tested.client().order("refused.test", requestFor("refused.test")).status())
          .as("an order whose secrets cannot be kept")
          .isEqualTo(503);
      assertThat(ordered.state()).isNotIn("DONE", "FAILED", "CANCELLED");
    } finally {
      vault.unseal();
    }

    new OrderedSetup(ordered, tested, name).untilProved();
    tellsWhileMailboxesAreMade(new OrderedSetup(ordered, tested, name), ordered);
    assertBoughtOnce(name);
    assertThat(tested.count("secret")).as("secrets in PostgreSQL").isZero();
  }

  /// Of a server that is done: its passwords are made when mailboxes are ordered.
  private void tellsWhileMailboxesAreMade(OrderedSetup done, TenantSetup setup) {
    var mailboxes = new TenantMailboxes(setup);
    vault.seal();
    try {
      mailboxes.order("while-sealed", List.of("ada", "bea"));
      done.untilItTells(Cause.SECRET_STORE_UNAVAILABLE, "sealed");
    } finally {
      vault.unseal();
    }

    mailboxes.untilAll("READY");
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(setup.causes()).isEmpty());
  }

  private static boolean waitingFor(TenantSetup setup) {
    for (var step : setup.look().path("steps")) {
      if (step.path("waitingFor").asText().equals(Cause.SECRET_STORE_UNAVAILABLE.name())) {
        assertThat(step.path("state").asText()).isEqualTo("WAITING");
        assertThat(step.path("whoCanHelp").asText()).isEqualTo("STAFF");
        assertThat(step.path("what").asText()).isEqualTo(Cause.SECRET_STORE_UNAVAILABLE.what());
        assertThat(step.path("nextStep").asText())
            .isEqualTo(Cause.SECRET_STORE_UNAVAILABLE.nextStep());
        return true;
      }
    }
    return false;
  }

  private TenantSetup order(DomainName name) {
    return tested.order(name.value(), requestFor(name.value()));
  }

  private Map<String, Object> requestFor(String domain) {
    return DemoTenant.of(tested.world()).purchase(new DomainName(domain));
  }

  private void assertBoughtOnce(DomainName name) {
    assertThat(
            tested.count(
                "server_order o JOIN setup s ON s.server_id = o.server_id"
                    + "  WHERE s.domain_name = '"
                    + name.value()
                    + "'"))
        .isEqualTo(1);
  }
}
