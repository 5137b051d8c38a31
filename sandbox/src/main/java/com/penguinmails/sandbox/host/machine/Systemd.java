package com.penguinmails.sandbox.host.machine;

import com.penguinmails.sandbox.host.machine.HostEvent.Kind;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Units: which there are, are enabled and run, and what those that run have read.
public final class Systemd {
  private static final String UNITS = "/etc/systemd/system/";
  private static final String HELD = "/var/lib/penguin/held/";
  private static final String POSTFIX = "postfix.service";
  private static final String POSTFIX_INSTANCE = "postfix@-.service";

  private final Machine machine;
  private final Set<String> enabled;
  private final Map<String, Map<String, String>> running = new TreeMap<>();

  Systemd(Machine machine, Collection<String> enabled) {
    this.machine = machine;
    this.enabled = new TreeSet<>(enabled);
  }

  /// `postfix` is `postfix.service`.
  private static String full(String unit) {
    return unit.matches(".*\\.(service|timer|socket)") ? unit : unit + ".service";
  }

  /// Names, sorted.
  public List<String> enabledUnits() {
    return List.copyOf(enabled);
  }

  /// Names of those that run.
  public Set<String> active() {
    return Set.copyOf(running.keySet());
  }

  public boolean exists(String unit) {
    var name = full(unit);
    return machine.disk().exists(UNITS + name)
        || machine.disk().exists(UNITS + name.replaceFirst("@.*\\.", "@."))
        || UnitKind.find(name)
            .filter(kind -> machine.packages().installed().contains(kind.fromPackage()))
            .isPresent();
  }

  public boolean isActive(String unit) {
    return running.containsKey(full(unit));
  }

  /// As `systemctl is-active` says.
  public String activity(String unit) {
    return isActive(unit) ? "active" : "inactive";
  }

  /// As `systemctl is-enabled` says; empty: there is no such unit.
  public String enablement(String unit) {
    if (!exists(unit)) {
      return "";
    }
    return enabled.contains(full(unit)) ? "enabled" : "disabled";
  }

  /// Whether our flag keeps it from being started.
  public boolean isHeld(String unit) {
    var name = full(unit);
    return machine.disk().exists(HELD + name)
        && machine.disk().exists(UNITS + name + ".d/penguin-hold.conf");
  }

  /// What a running unit has read of a file; empty: it does not run, or has not read it.
  public Optional<String> hasRead(String unit, String path) {
    return Optional.ofNullable(running.getOrDefault(full(unit), Map.of()).get(path));
  }

  public void enable(String unit) {
    enabled.add(full(unit));
  }

  /// Of a template, all that were made from it.
  public void disable(String unit) {
    var name = full(unit);
    enabled.removeIf(one -> one.equals(name) || one.replaceFirst("@.+\\.", "@.").equals(name));
  }

  /// Starts it unless it runs or is held.
  ///
  /// @return what it complains of; empty: it runs, or need not
  public Optional<String> start(String unit) {
    var name = full(unit);
    if (isActive(name) || isHeld(name)) {
      return Optional.empty();
    }
    if (!exists(name)) {
      return Optional.of("Unit %s not found.".formatted(name));
    }
    var missing = missing(name);
    if (missing.isPresent()) {
      return missing;
    }
    running.put(name, read(name));
    takeEffect(name);
    machine.happened(Kind.UNIT_STARTED, name);
    return name.equals(POSTFIX) && machine.disk().exists("/etc/postfix/main.cf")
        ? start(POSTFIX_INSTANCE)
        : Optional.empty();
  }

  private static Optional<String> taken(UnitKind kind, Machine machine) {
    return kind.ports().stream()
        .filter(port -> machine.conditions().foreign().containsKey(port.number()))
        .findFirst()
        .map(
            port -> "fatal: bind 0.0.0.0 port %d: Address already in use".formatted(port.number()));
  }

  private Optional<String> missing(String name) {
    return UnitKind.find(name)
        .flatMap(kind ->
            kind.needs().stream()
                .filter(path -> !machine.disk().isFile(path))
                .findFirst()
                .map(path -> "open %s: No such file or directory".formatted(path))
                .or(() -> taken(kind, machine)));
  }

  private Map<String, String> read(String name) {
    var content = new HashMap<String, String>();
    UnitKind.find(name)
        .map(UnitKind::reads)
        .orElse(List.of())
        .forEach(path -> machine.disk().text(path).ifPresent(text -> content.put(path, text)));
    return content;
  }

  private void takeEffect(String name) {
    switch (name) {
      case "penguin-firewall.service" -> machine.memory().loadFirewall(machine.disk());
      case "systemd-timesyncd.service" -> machine.synchroniseClock();
      case "ssh.service" -> machine.memory().sshd(SshdSettings.read(machine.disk()));
      default -> {}
    }
  }

  public void stop(String unit) {
    var name = full(unit);
    if (running.remove(name) == null) {
      return;
    }
    if (name.equals("penguin-firewall.service")) {
      machine.memory().forgetFirewall();
    }
    machine.happened(Kind.UNIT_STOPPED, name);
    if (name.equals(POSTFIX)) {
      stop(POSTFIX_INSTANCE);
    }
  }

  /// Reads its files anew; one that does not run is left alone.
  ///
  /// @return what it complains of
  public Optional<String> reload(String unit) {
    var name = full(unit);
    if (!isActive(name)) {
      return Optional.empty();
    }
    var missing = missing(name);
    if (missing.isPresent()) {
      return missing;
    }
    running.put(name, read(name));
    takeEffect(name);
    machine.happened(Kind.UNIT_RELOADED, name);
    return name.equals(POSTFIX) ? reload(POSTFIX_INSTANCE) : Optional.empty();
  }

  public Optional<String> restart(String unit) {
    stop(unit);
    return start(unit);
  }

  /// What the machine does by itself when it is switched on. One that complains stays down.
  void boot() {
    start("systemd-journald");
    enabledUnits().stream()
        .filter(unit -> !unit.endsWith(".timer") || UnitKind.find(unit).isPresent())
        .forEach(this::start);
  }

  void forget() {
    running.clear();
  }

  /// Ports of those that run.
  List<Listener> listeners() {
    return running.keySet().stream()
        .flatMap(unit -> UnitKind.find(unit).stream())
        .flatMap(kind ->
            kind.ports().stream()
                .filter(port ->
                    port.onlyWith().isEmpty() || hasRead(kind.name(), port.onlyWith()).isPresent())
                .map(port ->
                    new Listener(
                        port.number(), port.isLocal(), kind.program(), greeting(kind, port))))
        .toList();
  }

  private String greeting(UnitKind kind, UnitKind.Port port) {
    if (kind.name().equals(POSTFIX_INSTANCE)) {
      return hasRead(POSTFIX_INSTANCE, "/etc/postfix/main.cf")
          .map(main -> "220 %s ESMTP".formatted(Settings.of(main).getOrDefault("myhostname", "")))
          .orElse("");
    }
    return port.number() == 993 ? "* OK" : "";
  }
}
