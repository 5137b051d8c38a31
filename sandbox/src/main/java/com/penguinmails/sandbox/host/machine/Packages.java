package com.penguinmails.sandbox.host.machine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What dpkg knows.
public final class Packages {
  private static final String POLICY = "/usr/sbin/policy-rc.d";

  private final Machine machine;
  private final Map<String, Boolean> finished;

  Packages(Machine machine, Map<String, Boolean> finished) {
    this.machine = machine;
    this.finished = new TreeMap<>(finished);
  }

  Map<String, Boolean> all() {
    return Map.copyOf(finished);
  }

  /// Names of what is installed, sorted, also by half.
  public List<String> installed() {
    return List.copyOf(finished.keySet());
  }

  /// What dpkg began and did not end.
  public List<String> unfinished() {
    return finished.entrySet().stream().filter(e -> !e.getValue()).map(Map.Entry::getKey).toList();
  }

  public boolean isInstalled(String name) {
    return finished.getOrDefault(name, false);
  }

  /// As a reset leaves a package that is being unpacked.
  public void unpackByHalf(String name) {
    finished.put(name, false);
  }

  /// Its files, users and units come with it.
  public void install(Collection<String> names) {
    for (var name : names) {
      finished.put(name, true);
      var brought = DebianPackage.named(name);
      brought
          .files()
          .forEach((path, content) -> {
            if (!machine.disk().exists(path)) {
              machine.disk().write(path, content);
            }
          });
      brought
          .accounts()
          .forEach(user -> machine.accounts().putIfAbsent(user, Account.ofProgram("/nonexistent")));
    }
    for (var name : names) {
      for (var unit : DebianPackage.named(name).enabled()) {
        machine.systemd().enable(unit);
        if (!machine.disk().exists(POLICY)) {
          machine.systemd().start(unit);
        }
      }
    }
  }

  /// Its services stop; its configuration and users go.
  public void purge(Collection<String> names) {
    for (var name : names) {
      var brought = DebianPackage.named(name);
      for (var unit : brought.enabled()) {
        machine.systemd().stop(unit);
        machine.systemd().disable(unit);
      }
      brought.files().keySet().forEach(machine.disk()::remove);
      if (name.equals("postfix")) { // its maps go with it
        machine.disk().below("/etc/postfix").stream()
            .filter(path -> path.endsWith(".db"))
            .forEach(machine.disk()::remove);
      }
      brought.accounts().forEach(machine.accounts()::remove);
      finished.remove(name);
    }
  }
}
