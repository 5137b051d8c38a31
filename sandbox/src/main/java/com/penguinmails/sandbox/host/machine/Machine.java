package com.penguinmails.sandbox.host.machine;

import com.penguinmails.sandbox.host.machine.HostEvent.Kind;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One simulated machine. Everything is read and changed inside `with`, which keeps the state when
/// it ends, also when it ends badly: what was done by then was done.
public final class Machine {
  private static final Duration REVERT_AFTER = Duration.ofMinutes(5);

  private final ReentrantLock lock = new ReentrantLock();
  private final String name;
  private final IpAddress address;
  private final Hardware hardware;
  private final Consumer<Snapshot> keep;
  private final Consumer<List<HostEvent>> tell;
  private final List<HostEvent> events = new ArrayList<>();
  private final Map<String, Account> accounts;
  private final Map<String, Instant> logins;
  private final Disk disk;
  private final Packages packages;
  private final Systemd systemd;
  private Conditions conditions;
  private Memory memory = new Memory();
  private boolean isOn;
  private Duration elapsed = Duration.ZERO;

  /// @param keep writes the state down
  /// @param tell is told what happened, after it was kept
  public Machine(Snapshot kept, Consumer<Snapshot> keep, Consumer<List<HostEvent>> tell) {
    this.name = kept.name();
    this.address = kept.address();
    this.hardware = kept.hardware();
    this.keep = keep;
    this.tell = tell;
    this.isOn = false;
    this.conditions = kept.conditions();
    this.accounts = new TreeMap<>(kept.accounts());
    this.logins = new TreeMap<>(kept.logins());
    this.disk = new Disk(kept.disk());
    this.packages = new Packages(this, kept.packages());
    this.systemd = new Systemd(this, kept.enabledUnits());
  }

  /// Looks or changes, alone. Nested calls are one.
  public <T> T with(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      boolean isOutermost = lock.getHoldCount() == 1;
      var happened = isOutermost ? List.copyOf(events) : List.<HostEvent>of();
      try {
        if (isOutermost) {
          events.clear();
          keep.accept(snapshot());
        }
      } finally {
        lock.unlock();
      }
      if (!happened.isEmpty()) {
        tell.accept(happened);
      }
    }
  }

  /// Only looks: nothing is kept.
  public <T> T look(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /// Changes, without an answer.
  public void run(Runnable work) {
    with(() -> {
      work.run();
      return true;
    });
  }

  private Snapshot snapshot() {
    return new Snapshot(
        name,
        address,
        hardware,
        isOn,
        conditions,
        accounts,
        packages.all(),
        systemd.enabledUnits(),
        logins,
        disk.nodes());
  }

  /// Switches it on: what is enabled starts.
  public void boot() {
    isOn = true;
    memory = new Memory();
    systemd.forget();
    disk.remove("/run");
    memory.hostname(disk.textOrEmpty("/etc/hostname").strip());
    disk.in("/etc/sysctl.d")
        .forEach(file -> memory.kernel().putAll(Settings.of(disk.textOrEmpty(file))));
    memory.swap(
        disk.exists("/penguin.swap") && disk.textOrEmpty("/etc/fstab").contains("/penguin.swap "));
    systemd.boot();
    for (var unit : systemd.enabledUnits()) {
      if (unit.startsWith("penguin-revert@")) {
        memory.timers().put(unit, now().plus(REVERT_AFTER));
      } else if (unit.equals("pm-leave.service")) {
        memory.timers().put(unit, now());
      }
    }
    happened(Kind.BOOTED, name);
  }

  /// Pulls the plug.
  public void switchOff() {
    isOn = false;
    systemd.forget();
    happened(Kind.SWITCHED_OFF, name);
  }

  public void happened(Kind kind, String what) {
    events.add(new HostEvent(kind, what));
  }

  public String name() {
    return name;
  }

  public IpAddress address() {
    return address;
  }

  public Hardware hardware() {
    return hardware;
  }

  public boolean isOn() {
    return isOn;
  }

  public Disk disk() {
    return disk;
  }

  public Packages packages() {
    return packages;
  }

  public Systemd systemd() {
    return systemd;
  }

  public Memory memory() {
    return memory;
  }

  /// Users by name.
  public Map<String, Account> accounts() {
    return accounts;
  }

  /// When each user last came in.
  public Map<String, Instant> logins() {
    return logins;
  }

  public Conditions conditions() {
    return conditions;
  }

  public void conditions(Conditions changed) {
    this.conditions = changed;
  }

  /// What timers go by: real time, and what a test lets pass.
  public Instant now() {
    return Instant.now().plus(elapsed);
  }

  /// What the machine's own clock shows.
  public Instant clock() {
    return now().plusMillis(conditions.clockAheadMillis());
  }

  void synchroniseClock() {
    conditions = conditions.withClockAheadMillis(0);
    memory.clockSynchronised();
  }

  public void letPass(Duration time) {
    this.elapsed = elapsed.plus(time);
  }

  /// Who listens, ours and others.
  public List<Listener> listeners() {
    var all = new ArrayList<>(systemd.listeners());
    conditions
        .foreign()
        .forEach((port, service) ->
            all.add(new Listener(port, false, service.program(), service.greeting())));
    return List.copyOf(all);
  }

  public boolean isOpen(int port) {
    return listeners().stream().anyMatch(listener -> listener.port() == port);
  }

  /// The first line a port says; empty: nothing.
  public String greeting(int port) {
    return listeners().stream()
        .filter(listener -> listener.port() == port)
        .findFirst()
        .map(Listener::greeting)
        .orElse("");
  }
}
