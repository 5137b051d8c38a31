package com.penguinmails.sandbox.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DockerHostIT {
  private static final String INSTANCE = "dockerhostit";
  private static DockerEngine engine;
  private static DockerHost host;

  @BeforeAll
  static void rent() {
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    var network = engine.network(INSTANCE);
    host = DockerHost.rent(engine, network, "host", network.address(20), "one-time", List.of());
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    assertThat(engine.containers(INSTANCE)).isEmpty();
    engine.close();
  }

  @Test
  void bootsAsAMachineWouldAndKeepsDiskAndAddress() {
    var boot = host.container().exec("systemctl", "is-system-running");
    assertThat(boot.standardOutput()).isEqualToIgnoringNewLines("running");

    // A template is renamed over the file, as on a machine.
    var renamed =
        host.container()
            .exec("sh", "-c", "echo mail.example > /etc/n && mv /etc/n /etc/hostname && sync");
    assertThat(renamed.exitCode()).as(renamed.standardError()).isZero();
    host.container().stop();
    assertThat(host.container().isRunning()).isFalse();
    host.container().start();
    host.awaitBoot();

    assertThat(host.container().exec("hostname").standardOutput()).isEqualTo("mail.example\n");
    assertThat(host.container().exec("ip", "-4", "-o", "address").standardOutput())
        .contains(host.address().value() + "/24");
  }

  @Test
  void reachesDebiansMirror() {
    assertThat(host.container().exec("apt-get", "update", "-q").exitCode()).isZero();
  }

  @Test
  void findsItsNetworkAgain() {
    assertThat(engine.network(INSTANCE)).isEqualTo(engine.network(INSTANCE));
  }
}
