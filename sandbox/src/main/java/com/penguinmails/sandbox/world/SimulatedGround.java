package com.penguinmails.sandbox.world;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.dns.simulated.SimulatedDnsWorld;
import com.penguinmails.sandbox.host.SimulatedHosts;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer;
import com.penguinmails.sandbox.mail.simulated.SimulatedProbeHost;
import com.penguinmails.sandbox.vps.Machines;
import com.penguinmails.sandbox.vps.SimulatedMachines;
import com.penguinmails.workflows.model.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/// A network of simulated machines on loopback addresses, inside this process.
final class SimulatedGround implements Ground {
  private static final String NETWORK = "192.0.2.";

  private final Path directory;
  private final String prefix;
  private final LoopbackNetwork network;
  private final SimulatedHosts hosts;

  private SimulatedGround(Path directory, String prefix) {
    this.directory = directory;
    this.prefix = prefix;
    this.network = new LoopbackNetwork(prefix);
    this.hosts = SimulatedHosts.open(directory.resolve("hosts"), network);
  }

  /// @param prefix first three parts of the loopback addresses it takes
  static SimulatedGround in(Path directory, String prefix) {
    return new SimulatedGround(directory, prefix);
  }

  SimulatedHosts hosts() {
    return hosts;
  }

  @Override
  public DnsWorld startDns() {
    return SimulatedDnsWorld.start(directory.resolve("dns"), network);
  }

  @Override
  public ProbeHost startProbeHost(DnsWorld dns, String password) {
    return SimulatedProbeHost.start(place(dns, "probe"), password);
  }

  @Override
  public Machines machines(DnsWorld dns) {
    return new SimulatedMachines(hosts, dns, name -> place(dns, "mail/" + name));
  }

  private SimulatedMailServer.Place place(DnsWorld dns, String name) {
    return new SimulatedMailServer.Place(
        network, dns.resolver(), directory.resolve(name), Clock.systemUTC());
  }

  @Override
  public IpAddress address(int last) {
    return new IpAddress(NETWORK + last);
  }

  @Override
  public String cidr() {
    return NETWORK + "0/24";
  }

  @Override
  public InetSocketAddress reach(IpAddress address, int port) {
    return network.reach(address, port);
  }

  @Override
  public Optional<String> loopback() {
    return Optional.of(prefix);
  }

  @Override
  public void stop() {
    hosts.close();
  }

  @Override
  public void remove() {
    // All of it lies in the world's directory.
  }
}
