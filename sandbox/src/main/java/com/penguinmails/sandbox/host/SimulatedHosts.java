package com.penguinmails.sandbox.host;

import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.host.machine.Hardware;
import com.penguinmails.sandbox.host.step.KnownScripts;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where simulated hosts are rented. Each is kept in a file of one directory; those that lie there
/// when it is opened go on from where they were.
public final class SimulatedHosts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SimulatedHosts.class);
  private static final String KEPT = ".json";
  private static final int TICK_MILLIS = 50;

  private final Path directory;
  private final LoopbackNetwork network;
  private final Map<String, SimulatedHost> hosts = new ConcurrentSkipListMap<>();
  private final KnownScripts scripts = new KnownScripts();
  private final Set<IpAddress> withoutMail = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timers =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  private SimulatedHosts(Path directory, LoopbackNetwork network) {
    this.directory = directory;
    this.network = network;
  }

  /// @param directory of these hosts alone; is made
  public static SimulatedHosts open(Path directory, LoopbackNetwork network) {
    var all = new SimulatedHosts(directory, network);
    try {
      Files.createDirectories(directory);
      try (var files = Files.list(directory)) {
        files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.endsWith(KEPT))
            .map(name -> name.substring(0, name.length() - KEPT.length()))
            .forEach(name -> all.reopen(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be read", e);
    }
    var _ =
        all.timers.scheduleWithFixedDelay(
            all::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return all;
  }

  private void reopen(String name) {
    var state = new StateFile(directory.resolve(name + KEPT)).read().orElseThrow();
    hosts.put(
        name,
        SimulatedHost.open(
            directory, network, withoutMail, scripts, name, state.address(), "", state.hardware()));
  }

  /// Lets hosts be set up by another build, too; see [KnownScripts].
  public void learn(Templates build) {
    scripts.add(build);
  }

  private void tick() {
    hosts.values().forEach(SimulatedHosts::fireTimers);
  }

  /// A throw would end the timers of all hosts for ever.
  private static void fireTimers(SimulatedHost host) {
    try {
      host.fireTimers();
    } catch (RuntimeException e) {
      LOG.atError().addKeyValue("host", host.name()).setCause(e).log("Timers did not fire");
    }
  }

  /// Rents a host of the kind Docker hosts are; see below.
  public SimulatedHost rent(String name, IpAddress address, String rootPassword) {
    return rent(name, address, rootPassword, Hardware.container());
  }

  /// Rents a host, or finds the one of that name, which is switched on. Returns when sshd answers.
  ///
  /// @param name letters, digits, `.`, `_`, `-`; also its first host name
  /// @param address of 192.0.2.0/24, nobody else's
  /// @param rootPassword set only when the host is made
  public SimulatedHost rent(
      String name, IpAddress address, String rootPassword, Hardware hardware) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,60}")) {
      throw new IllegalArgumentException("not a name for a host: \"" + name + "\"");
    }
    var host =
        hosts.computeIfAbsent(
            name,
            _ ->
                SimulatedHost.open(
                    directory,
                    network,
                    withoutMail,
                    scripts,
                    name,
                    address,
                    rootPassword,
                    hardware));
    if (!host.view().isOn()) {
      host.powerOn();
    }
    return host;
  }

  /// Gives a host another address, on which it answers once it is switched on again. Its disk
  /// stays.
  public void move(String name, IpAddress address) {
    find(name)
        .filter(host -> !host.address().equals(address))
        .ifPresent(host -> host.move(address));
  }

  /// From now on nothing behind this address reaches port 25 of others, whatever host has it.
  public void closeMail(IpAddress address) {
    withoutMail.add(address);
  }

  /// Lifts [#closeMail].
  public void openMail(IpAddress address) {
    withoutMail.remove(address);
  }

  public Optional<SimulatedHost> find(String name) {
    return Optional.ofNullable(hosts.get(name));
  }

  /// By name.
  public List<SimulatedHost> all() {
    return List.copyOf(hosts.values());
  }

  /// The host is gone, with all that was on it. Safe to repeat.
  public void giveBack(String name) {
    var host = hosts.remove(name);
    if (host != null) {
      host.remove();
    }
  }

  /// Ends as a kill would: hosts stay as they are kept.
  @Override
  public void close() {
    timers.shutdownNow();
    hosts.values().forEach(SimulatedHost::close);
    hosts.clear();
  }
}
