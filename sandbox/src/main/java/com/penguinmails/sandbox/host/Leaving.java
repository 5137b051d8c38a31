package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.HostEvent;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Bundle;
import com.penguinmails.sandbox.host.step.Installer;
import com.penguinmails.sandbox.host.step.Manifest;
import com.penguinmails.sandbox.host.step.Places;
import com.penguinmails.sandbox.host.step.Steps;
import java.util.List;

/// How we go: what we put on a host is taken away, then our login and helpers.
final class Leaving {
  static final String UNIT = "pm-leave.service";
  private static final String UNITS = "/etc/systemd/system";

  private Leaving() {}

  /// As `take_away` in `penguin-step`.
  static void takeAway(Machine machine, Steps steps) {
    var disk = machine.disk();
    var installer = new Installer(machine);
    OurPackages.count(machine); // of a try that was killed
    for (var record : installer.records()) {
      if (Disk.directoryOf(record.target()).equals(UNITS)) {
        var unit = Disk.nameOf(record.target());
        machine.systemd().disable(unit);
        machine.systemd().stop(unit);
      }
    }
    installer.records().forEach(record -> installer.remove(record.step(), record.target()));
    Bundle.find(disk, Manifest.read(disk).bundle()).ifPresent(steps::undo);
    var ours = OurPackages.listed(machine);
    machine.packages().purge(ours);
    for (var name : ours) {
      var directory = "/etc/" + name.split("-", 2)[0];
      if (disk.below(directory).stream().noneMatch(disk::isFile)) {
        disk.remove(directory);
      }
    }
    installer.removeEmptyDirectories();
    for (var name : List.of("applied", "pending", "packages")) {
      disk.remove(Places.STATE + "/" + name);
    }
    machine.memory().timers().keySet().removeIf(timer -> timer.startsWith("penguin-revert@"));
    machine.happened(HostEvent.Kind.RETIRED, machine.name());
  }

  /// As `penguin-leave`: the login, helpers and state go.
  static void leave(Machine machine, Staging staging) {
    var disk = machine.disk();
    if (disk.exists(Contact.DROP_IN)) {
      disk.remove(Contact.DROP_IN);
      machine.systemd().reload("ssh");
    }
    for (var path :
        List.of(
            Places.RULES,
            Contact.HOST_KEY,
            Contact.HOST_KEY + ".pub",
            "/etc/penguin",
            Places.STATE,
            UNITS + "/" + UNIT,
            Places.LIB)) {
      disk.remove(path);
    }
    if (Contact.isOurs(machine)) {
      machine.accounts().remove(Contact.USER);
    }
    staging.remove();
    machine.systemd().stop(UNIT);
    machine.systemd().disable(UNIT);
    machine.memory().timers().remove(UNIT);
    machine.memory().timers().remove(Contact.REVERT);
  }
}
