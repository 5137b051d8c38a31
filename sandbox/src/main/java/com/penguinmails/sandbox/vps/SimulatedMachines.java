package com.penguinmails.sandbox.vps;

import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.host.HostView;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.host.SimulatedHosts;
import com.penguinmails.sandbox.mail.simulated.DebianMailFiles;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration;
import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.springframework.util.FileSystemUtils;

/// Simulated hosts in the simulated provider's racks, each with what its files say about mail: what
/// our steps place there is what its ports do.
public final class SimulatedMachines implements Machines {
  private final SimulatedHosts hosts;
  private final DnsWorld dns;
  private final Function<String, SimulatedMailServer.Place> places;
  private final Map<String, SimulatedMailServer> mail = new ConcurrentHashMap<>();

  /// @param places where the mail of a host is kept, by its name
  public SimulatedMachines(
      SimulatedHosts hosts, DnsWorld dns, Function<String, SimulatedMailServer.Place> places) {
    this.hosts = hosts;
    this.dns = dns;
    this.places = places;
  }

  @Override
  public void run(String name, IpAddress address, String rootPassword) {
    if (hosts.find(name).filter(known -> !known.address().equals(address)).isPresent()) {
      Optional.ofNullable(mail.remove(name)).ifPresent(SimulatedMailServer::close);
      hosts.move(name, address);
    }
    var host = hosts.rent(name, address, rootPassword);
    mail.computeIfAbsent(name, _ -> serveMail(host));
  }

  private SimulatedMailServer serveMail(SimulatedHost host) {
    var server = SimulatedMailServer.start(places.apply(host.name()), configuration(host.view()));
    host.listen((view, _) -> {
      if (mail.get(host.name()) == server) { // not one of before a move
        server.reload(configuration(view));
      }
    });
    return server;
  }

  private static MailConfiguration configuration(HostView view) {
    return DebianMailFiles.read(
        view.address(), view::file, view.isOn() ? view.activeUnits() : Set.of());
  }

  @Override
  public void stop(String name) {
    hosts.find(name).ifPresent(SimulatedHost::powerOff);
  }

  @Override
  public void reboot(String name) {
    hosts.find(name).ifPresent(SimulatedHost::reset);
  }

  @Override
  public void reinstall(String name, IpAddress address, String rootPassword) {
    hosts
        .find(name)
        .ifPresent(host -> {
          throwMailAway(name);
          host.reinstall(rootPassword);
          var _ = mail.computeIfAbsent(name, _ -> serveMail(host));
        });
  }

  @Override
  public void remove(String name) {
    throwMailAway(name);
    hosts.giveBack(name);
  }

  /// Mailboxes and queue are on the machine's disk.
  private void throwMailAway(String name) {
    var server = mail.remove(name);
    if (server != null) {
      server.close();
    }
    var kept = places.apply(name).directory();
    try {
      FileSystemUtils.deleteRecursively(kept);
    } catch (IOException e) {
      throw new UncheckedIOException(kept + " cannot be removed", e);
    }
  }

  @Override
  public Optional<SimulatedMailServer> mail(String name) {
    return Optional.ofNullable(mail.get(name));
  }

  @Override
  public void setReverseName(IpAddress address, DomainName name) {
    dns.setPtr(address, name);
  }

  /// Ends all connections; mailboxes and queues stay.
  @Override
  public void close() {
    mail.values().forEach(SimulatedMailServer::close);
    mail.clear();
  }
}
