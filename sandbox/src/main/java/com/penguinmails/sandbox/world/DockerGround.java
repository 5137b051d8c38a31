package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.dns.DockerDnsWorld;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.sandbox.mail.DockerProbeHost;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.vps.DockerMachines;
import com.penguinmails.sandbox.vps.Machines;
import com.penguinmails.workflows.model.IpAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A network of containers.
final class DockerGround implements Ground {
  private static final int FIRST_HOST = 20;

  private final DockerEngine engine;
  private final SandboxNetwork network;
  private final Map<Integer, DockerHost> hosts = new ConcurrentHashMap<>();

  private DockerGround(DockerEngine engine, SandboxNetwork network) {
    this.engine = engine;
    this.network = network;
  }

  /// @param isNew containers of that name are without their directory, or of a killed test: they go
  /// @throws com.penguinmails.sandbox.docker.NoDockerEngine with how to get one
  static DockerGround connect(String instance, boolean isNew) {
    var engine = DockerEngine.connect();
    if (isNew) {
      engine.cleanUp(instance);
    }
    return new DockerGround(engine, engine.network(instance));
  }

  DockerEngine engine() {
    return engine;
  }

  SandboxNetwork network() {
    return network;
  }

  DockerHost host(int number, String password) {
    return hosts.computeIfAbsent(
        number,
        _ ->
            DockerHost.rent(
                engine,
                network,
                "host-" + number,
                network.address(FIRST_HOST + number),
                password,
                List.of()));
  }

  void giveBack(int number) {
    var host = hosts.remove(number);
    if (host != null) {
      host.container().remove();
    }
  }

  @Override
  public DnsWorld startDns() {
    return DockerDnsWorld.start(engine, network);
  }

  @Override
  public ProbeHost startProbeHost(DnsWorld dns, String password) {
    return DockerProbeHost.start(engine, network, dns.recursive(), password);
  }

  @Override
  public Machines machines(DnsWorld dns) {
    return new DockerMachines(engine, network, dns);
  }

  @Override
  public IpAddress address(int last) {
    return network.address(last);
  }

  @Override
  public String cidr() {
    return network.cidr();
  }

  @Override
  public InetSocketAddress reach(IpAddress address, int port) {
    return new InetSocketAddress(address.toInetAddress(), port);
  }

  @Override
  public Optional<String> loopback() {
    return Optional.empty();
  }

  @Override
  public void stop() {
    try (engine) {
      engine.containers(network.instance()).parallelStream()
          .filter(Container::isRunning)
          .forEach(Container::stop);
    }
  }

  @Override
  public void remove() {
    engine.cleanUp(network.instance());
    hosts.clear();
  }
}
