package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The tenant's host goes away in the middle of a set-up: somebody presses its reset button while
/// packages are being unpacked, then its cable is pulled while Dovecot is set up. It ends proved,
/// without anybody doing anything.
@Timeout(900)
class HostAwayIT {
  private static final DomainName DOMAIN = new DomainName("host-away.test");

  // Keep-alives need nearly that long to give a silent connection up.
  private static final Duration AWAY_AT_LEAST = Duration.ofSeconds(20);

  private TestedProduct tested;

  @BeforeEach
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(directory);
  }

  @AfterEach
  void stop() {
    tested.close();
  }

  @Test
  void goesOnAfterAResetAndALostNetwork() {
    var request = DemoTenant.of(tested.world()).request(DOMAIN, 0);
    var host = tested.world().host(0, DOMAIN.child("mail"));
    var setup = tested.order("host-away", request);

    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !halfInstalled(host).isBlank());
    host.reset();
    assertThat(halfInstalled(host)).isNotBlank();

    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> assertThat(runs(host, "250-dovecot")).as("%s", setup.look()).isTrue());
    host.disconnect();
    var pulled = Instant.now();
    await()
        .atMost(Duration.ofMinutes(3))
        .untilAsserted(() -> {
          assertThat(stateOf(setup, "server/250-dovecot"))
              .as("%s", setup.look())
              .isEqualTo("WAITING");
          assertThat(Instant.now()).isAfter(pulled.plus(AWAY_AT_LEAST));
        });
    host.reconnect();
    setup.untilState("DONE");

    assertThat(setup.causes()).isEmpty();
    assertThat(halfInstalled(host)).isEmpty();
    assertThat(host.container().exec("systemctl", "--failed", "--no-legend").standardOutput())
        .isEmpty();
  }

  private static String stateOf(TenantSetup setup, String step) {
    return setup.step(step).path("state").asText();
  }

  private static boolean runs(DockerHost host, String step) {
    return host.container()
            .exec("sh", "-c", "systemctl is-active -q \"pm-$1-*.service\"", "sh", step)
            .exitCode()
        == 0;
  }

  private static String halfInstalled(DockerHost host) {
    return host.container().exec("dpkg", "--audit").standardOutput();
  }
}
