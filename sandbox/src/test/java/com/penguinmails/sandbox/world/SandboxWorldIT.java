package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.sandbox.vps.SimulatedHostwinds;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.InstallationStore;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole world, started, stopped, found again, and thrown away.
class SandboxWorldIT {
  private static final String INSTANCE = "sandboxworldit";
  private static final DomainName DOMAIN = new DomainName("acme.test");

  @TempDir private Path directory;

  @AfterEach
  void cleanUp() {
    try (var engine = DockerEngine.connect()) {
      engine.cleanUp(INSTANCE);
    }
  }

  @Test
  void resumesFromItsDirectoryAndLeavesNothingRunning() throws IOException {
    Map<String, Object> before;
    long temporalPid;
    try (var world = SandboxWorld.start(plan(false))) {
      before = world.workerProperties();
      temporalPid = world.temporal().pid();
      var zone = world.dns().delegate(DOMAIN);
      world.dns().put(DOMAIN, RecordName.of(DOMAIN), DnsRecord.Type.TXT, "kept over the night");
      var host = world.host(0, DOMAIN.child("mail"));
      assertThat(host.container().exec("touch", "/root/kept").exitCode()).isZero();
      assertThat(zone.server()).isEqualTo(world.network().address(3));
      assertReachable(world, host.address().value());
      assertThatThrownBy(() -> SandboxWorld.start(plan(false)))
          .hasMessageContaining("Another process uses the sandbox");
    }
    assertThat(runningContainers()).isEmpty();
    assertThat(ProcessHandle.of(temporalPid).filter(ProcessHandle::isAlive)).isEmpty();

    try (var world = SandboxWorld.start(plan(false))) {
      var after = world.workerProperties();
      for (var name :
          List.of("spring.datasource.url", "penguin.worker.temporal.address", "server.port")) {
        assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
      }
      assertThat(world.dns().read(DOMAIN, RecordName.of(DOMAIN), DnsRecord.Type.TXT))
          .extracting(DnsRecord::value)
          .containsExactly("kept over the night");
      var host = world.host(0, DOMAIN.child("mail"));
      assertThat(host.container().exec("test", "-e", "/root/kept").exitCode()).isZero();
      world.destroy();
    }
    try (var engine = DockerEngine.connect()) {
      assertThat(engine.containers(INSTANCE)).isEmpty();
    }
  }

  @Test
  void goesAwayWithoutATraceWhenThrownAway() {
    try (var world = SandboxWorld.start(plan(true))) {
      assertThat(world.apiProperties()).containsEntry("penguin.installation.kind", "test");
    }

    assertThat(directory.resolve("world")).doesNotExist();
    try (var engine = DockerEngine.connect()) {
      assertThat(engine.containers(INSTANCE)).isEmpty();
    }
  }

  private SandboxWorld.Plan plan(boolean isThrowAway) {
    return new SandboxWorld.Plan(
        directory.resolve("world"),
        Depth.DOCKER,
        INSTANCE,
        isThrowAway,
        SimulatedHostwinds.Timing.quick(),
        false,
        (_, _) -> {});
  }

  private void assertReachable(SandboxWorld world, String host) throws IOException {
    var installation =
        new InstallationStore(new Tenancy(world.appDataSource())).find().orElseThrow();
    assertThat(installation.isLive()).isFalse();
    assertThat(world.temporal().ui().toString()).contains(TemporalServer.NAMESPACE);
    for (int port : List.of(25, 993)) {
      connect(world.probeHost().address().value(), port);
    }
    connect(host, 22);
    assertThat(world.workerProperties())
        .containsEntry(
            "penguin.worker.acme.directory", world.acmeFaults().acmeDirectory().toString());
    assertThat(world.acmeFaults().acmeDirectory()).isNotEqualTo(world.pebble().acmeDirectory());
    for (var name : List.of("mx.probe.test", "20.%d.213.10.in-addr.arpa")) {
      var asked = new RecordName(name.formatted(world.network().subnet()));
      var type = name.startsWith("mx") ? DnsRecord.Type.A : DnsRecord.Type.PTR;
      assertThat(world.dns().resolver().askRecursive(asked, type))
          .as("%s", asked)
          .hasSize(2)
          .allSatisfy(
              answer -> assertThat(answer.answer()).isInstanceOf(Resolver.Answer.Found.class));
    }
    assertThat(Files.getPosixFilePermissions(directory.resolve("world/keys/master.keys")))
        .hasSize(2);
  }

  private static void connect(String address, int port) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 5_000);
      assertThat(socket.isConnected()).isTrue();
    }
  }

  private static List<Container> runningContainers() {
    try (var engine = DockerEngine.connect()) {
      return engine.containers(INSTANCE).stream().filter(Container::isRunning).toList();
    }
  }
}
