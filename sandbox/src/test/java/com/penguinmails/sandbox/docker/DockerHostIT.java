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
  void getsItsPasswordWhereARentWasKilledBeforeAndKeepsTheOneItHas() {
    var network = engine.network(INSTANCE);
    var address = network.address(21);
    var image = engine.image(DockerHost.image());
    var killed = new Container.Wish("killed", image, address, List.of(), List.of());
    var container = Container.start(engine, network, killed);
    assertThat(rootPassword(container)).as("as the image leaves it").isEqualTo("*");

    DockerHost.rent(engine, network, "killed", address, "one-time", List.of());
    var set = rootPassword(container);
    assertThat(set).startsWith("$");

    DockerHost.rent(engine, network, "killed", address, "another", List.of());
    assertThat(rootPassword(container)).isEqualTo(set);
    container.exec("passwd", "--lock", "root");
    DockerHost.rent(engine, network, "killed", address, "another", List.of());
    assertThat(rootPassword(container)).as("locked by its owner").isEqualTo("!" + set);
  }

  @Test
  void reachesDebiansMirror() {
    assertThat(host.container().exec("apt-get", "update", "-q").exitCode()).isZero();
  }

  @Test
  void findsItsNetworkAgain() {
    assertThat(engine.network(INSTANCE)).isEqualTo(engine.network(INSTANCE));
  }

  private static String rootPassword(Container container) {
    return container.exec("getent", "shadow", "root").standardOutput().split(":")[1];
  }
}
