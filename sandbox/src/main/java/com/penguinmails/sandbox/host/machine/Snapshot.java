package com.penguinmails.sandbox.host.machine;

import com.penguinmails.workflows.model.IpAddress;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All that a machine has when it is switched off, as it is kept in its file.
///
/// @param packages whether each is fully installed, by name
/// @param logins when each user last came in, as the journal has it
public record Snapshot(
    String name,
    IpAddress address,
    Hardware hardware,
    boolean isOn,
    Conditions conditions,
    Map<String, Account> accounts,
    Map<String, Boolean> packages,
    List<String> enabledUnits,
    Map<String, Instant> logins,
    Map<String, Node> disk) {

  public Snapshot {
    accounts = sorted(accounts);
    packages = sorted(packages);
    enabledUnits = List.copyOf(enabledUnits);
    logins = sorted(logins);
    disk = sorted(disk);
  }

  private static <V> Map<String, V> sorted(Map<String, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  /// The same machine, plugged in elsewhere.
  public Snapshot at(IpAddress other) {
    return new Snapshot(
        name, other, hardware, isOn, conditions, accounts, packages, enabledUnits, logins, disk);
  }

  @Override
  public String toString() {
    return "Snapshot[" + name + "]"; // the disk holds secrets
  }
}
