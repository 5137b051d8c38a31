package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Places;
import java.util.List;
import java.util.TreeSet;

/// What apt installed for us: what came since a step listed what was there.
final class OurPackages {
  private static final String OURS = Places.STATE + "/packages";
  private static final String BEFORE = Places.STATE + "/packages-before-";

  private OurPackages() {}

  static void count(Machine machine) {
    var disk = machine.disk();
    for (var path : disk.in(Places.STATE)) {
      if (!path.startsWith(BEFORE) || disk.textOrEmpty(path).isBlank()) {
        continue;
      }
      var ours = new TreeSet<>(machine.packages().installed());
      disk.textOrEmpty(path).lines().forEach(ours::remove);
      ours.addAll(listed(machine));
      disk.write(OURS, String.join("\n", ours) + "\n", "root:root", "0600");
      disk.remove(path);
    }
  }

  static List<String> listed(Machine machine) {
    return machine.disk().textOrEmpty(OURS).lines().filter(line -> !line.isBlank()).toList();
  }
}
