package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.setup.ProofVerdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The main job over HTTP, as a tenant does it: a bare host becomes a mail server that is proved by
/// a real message; a cancelled set-up takes back what it made.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(900)
class FirstMailIT {
  private SandboxWorld world;
  private RunningProduct product;
  private TenantClient client;

  @BeforeAll
  void start(@TempDir Path directory) {
    world = SandboxWorld.start(directory);
    product = RunningProduct.start(world);
    client = DemoTenant.of(world).client();
  }

  @AfterAll
  void stop() {
    product.close();
    world.destroy();
  }

  @Test
  void provesABareHostByARealMessage() {
    var request = DemoTenant.of(world).request(new DomainName("first-mail.test"), 0);

    var ordered = client.order("first-mail", request);
    var again = client.order("first-mail", request);
    var setup = ordered.body().path("id").asText();
    untilState(setup, "DONE");

    assertThat(ordered.status()).isEqualTo(202);
    assertThat(again.body().path("id").asText()).isEqualTo(setup);
    var whole = client.look(setup).body();
    assertThat(whole.path("attention")).isEmpty();
    assertThat(texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(texts(whole.path("proof").path("checks"), "verdict")).containsOnly("PASSED");
    assertThat(texts(whole.path("steps"), "state")).containsOnly("DONE");
  }

  @Test
  void takesBackExactlyItsOwnWhenCancelledHalfWay() {
    var domain = new DomainName("half-way.test");
    var request = DemoTenant.of(world).request(domain, 1);
    world.dns().put(domain, RecordName.of(domain), DnsRecord.Type.TXT, "a tenant's own record");
    var setup = client.order("half-way", request).body().path("id").asText();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> isRunning(client.look(setup).body(), "server/020-packages"));

    assertThat(client.command(setup, "cancel", "enough").status()).isEqualTo(202);
    untilState(setup, "CANCELLED");

    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.MX)).isEmpty();
    assertThat(world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("a tenant's own record");
    var host = world.host(1, domain.child("mail"));
    assertThat(host.container().exec("test", "-e", "/etc/penguin").exitCode()).isNotZero();
    assertThat(host.container().exec("id", "penguin").exitCode()).isNotZero();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() ->
            assertThat(
                    host.container()
                        .exec("sh", "-c", "ls -d /var/lib/penguin /usr/local/lib/penguin")
                        .standardOutput())
                .isEmpty());
  }

  private void untilState(String setup, String state) {
    await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> assertThat(client.look(setup).body().path("state").asText()).isEqualTo(state));
  }

  private static boolean isRunning(JsonNode setup, String step) {
    return StreamSupport.stream(setup.path("steps").spliterator(), false)
        .anyMatch(one ->
            one.path("step").asText().equals(step) && one.path("state").asText().equals("RUNNING"));
  }

  private static java.util.List<String> texts(JsonNode array, String field) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(one -> one.path(field).asText())
        .toList();
  }
}
