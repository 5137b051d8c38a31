package com.penguinmails.sandbox.vps;

import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Docker containers in the simulated provider's racks: systemd and sshd for real.
public final class DockerMachines implements Machines {
  private final DockerEngine engine;
  private final SandboxNetwork network;
  private final DnsWorld dns;
  private final Map<String, DockerHost> hosts = new ConcurrentHashMap<>();

  public DockerMachines(DockerEngine engine, SandboxNetwork network, DnsWorld dns) {
    this.engine = engine;
    this.network = network;
    this.dns = dns;
  }

  /// The machine of a server that runs.
  public Optional<DockerHost> find(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  @Override
  public void run(String name, IpAddress address, String rootPassword) {
    var running = hosts.get(name);
    if (running != null && !running.address().equals(address)) {
      hosts.put(name, running.movedTo(address));
    }
    hosts.put(
        name, DockerHost.rent(engine, network, "rack-" + name, address, rootPassword, List.of()));
  }

  @Override
  public void stop(String name) {
    find(name).ifPresent(host -> host.container().stop());
  }

  @Override
  public void reboot(String name) {
    find(name).ifPresent(DockerHost::reset);
  }

  @Override
  public void reinstall(String name, IpAddress address, String rootPassword) {
    remove(name);
    run(name, address, rootPassword);
  }

  @Override
  public void remove(String name) {
    Optional.ofNullable(hosts.remove(name)).ifPresent(host -> host.container().remove());
  }

  @Override
  public void setReverseName(IpAddress address, DomainName name) {
    dns.setPtr(address, name);
  }
}
