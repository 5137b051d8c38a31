package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.core.ThrowingRunnable;
import org.springframework.context.ConfigurableApplicationContext;

/// A simulated world with the product on top that one test has for itself, to take a part of it
/// away in the middle of a set-up. Nobody has to do anything but bring the part back.
final class OwnProduct implements AutoCloseable {
  private static final String MIDDLE = "server/020-packages";
  private static final Duration AWAY = Duration.ofSeconds(5);

  private final SandboxWorld world;
  private final ConfigurableApplicationContext api;
  private final TenantClient client;
  private ConfigurableApplicationContext worker;

  private OwnProduct(SandboxWorld world) {
    this.world = world;
    api = RunningProduct.startApi(world);
    worker = RunningProduct.startWorker(world);
    client = DemoTenant.of(world).client();
  }

  /// Removed as a whole when it comes up in part only.
  static OwnProduct start(Path directory) {
    var world = SandboxWorld.start(SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}));
    try {
      return new OwnProduct(world);
    } catch (RuntimeException e) {
      world.destroy();
      throw e;
    }
  }

  SandboxWorld world() {
    return world;
  }

  TenantClient client() {
    return client;
  }

  void stopWorker() {
    worker.close();
  }

  void startWorker() {
    worker = RunningProduct.startWorker(world);
  }

  /// Orders a set-up whose server is to be bought.
  TenantSetup order(String domain) {
    var name = new DomainName(domain);
    return TenantSetup.order(client, domain, DemoTenant.of(world).purchase(name));
  }

  static void untilInTheMiddle(TenantSetup setup) {
    await().atMost(Duration.ofMinutes(2)).until(() -> setup.hasBegun(MIDDLE));
  }

  /// Looks for a while.
  static void staysAway(ThrowingRunnable look) {
    await().during(AWAY).atMost(AWAY.multipliedBy(4)).untilAsserted(look);
  }

  /// Asserts that a set-up's answer, or its page, says who of ours is away, that nobody but our
  /// staff has to act, and what happens then.
  static void assertTells(JsonNode setup, String cause) {
    assertThat(setup.path("attention")).as("%s", setup).hasSize(1);
    var told = setup.path("attention").path(0);
    assertThat(told.path("cause").asText()).isEqualTo(cause);
    assertThat(told.path("what").asText()).contains("is away", "Nothing is lost");
    assertThat(told.path("nextStep").asText()).contains("our staff", "goes on by itself");
    assertThat(told.path("whoActs").asText()).isEqualTo("STAFF");
  }

  static void untilNothingIsMissed(TenantSetup setup) {
    await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> assertThat(setup.causes()).isEmpty());
  }

  void assertBoughtOnce(int setups) {
    assertThat(world.hostwinds().charges()).as("the bill").hasSize(setups);
  }

  @Override
  public void close() {
    client.close();
    worker.close();
    api.close();
    world.destroy();
  }
}
