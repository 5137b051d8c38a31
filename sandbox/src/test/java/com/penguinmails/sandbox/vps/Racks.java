package com.penguinmails.sandbox.vps;

import com.penguinmails.ports.vps.VpsProvider.RootPassword;
import com.penguinmails.ports.vps.VpsProviderContract.Machine;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Racks of machines in memory: each is no more than what tells its runs and its disks apart.
public final class Racks implements Machines {
  private final Map<String, Box> machines = new ConcurrentHashMap<>();
  private final Map<IpAddress, DomainName> reverseNames = new ConcurrentHashMap<>();

  private record Box(String password, Machine seen, boolean isOn) {
    static Box installed(String password) {
      return new Box(password, new Machine(fresh(), fresh()), true);
    }

    Box booted() {
      return new Box(password, new Machine(fresh(), seen.installation()), true);
    }

    Box off() {
      return new Box(password, seen, false);
    }

    private static String fresh() {
      return UUID.randomUUID().toString();
    }
  }

  /// Whether there is a machine of this name.
  public boolean hold(String name) {
    return machines.containsKey(name);
  }

  /// The machine as who logs in with the password sees it; empty when it is off, or has another.
  public Optional<Machine> look(String name, RootPassword password) {
    return Optional.ofNullable(machines.get(name))
        .filter(Box::isOn)
        .filter(box -> box.password().equals(password.value()))
        .map(Box::seen);
  }

  /// Whether it was set so.
  public boolean isReverseName(IpAddress address, DomainName name) {
    return name.equals(reverseNames.get(address));
  }

  @Override
  public void run(String name, IpAddress address, String rootPassword) {
    machines.compute(
        name,
        (_, box) -> box == null ? Box.installed(rootPassword) : box.isOn() ? box : box.booted());
  }

  @Override
  public void stop(String name) {
    machines.computeIfPresent(name, (_, box) -> box.off());
  }

  @Override
  public void reboot(String name) {
    machines.computeIfPresent(name, (_, box) -> box.booted());
  }

  @Override
  public void reinstall(String name, IpAddress address, String rootPassword) {
    machines.computeIfPresent(name, (_, _) -> Box.installed(rootPassword));
  }

  @Override
  public void remove(String name) {
    machines.remove(name);
  }

  @Override
  public void setReverseName(IpAddress address, DomainName name) {
    reverseNames.put(address, name);
  }
}
