package com.penguinmails.sandbox.vps;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Racks of machines that nobody looks into.
public final class Racks implements Machines {
  private final Set<String> machines = ConcurrentHashMap.newKeySet();
  private final Map<IpAddress, DomainName> reverseNames = new ConcurrentHashMap<>();

  /// Whether there is a machine of this name.
  public boolean hold(String name) {
    return machines.contains(name);
  }

  /// Whether it was set so.
  public boolean isReverseName(IpAddress address, DomainName name) {
    return name.equals(reverseNames.get(address));
  }

  @Override
  public void run(String name, IpAddress address, String rootPassword) {
    machines.add(name);
  }

  @Override
  public void stop(String name) {}

  @Override
  public void reboot(String name) {}

  @Override
  public void reinstall(String name, IpAddress address, String rootPassword) {}

  @Override
  public void remove(String name) {
    machines.remove(name);
  }

  @Override
  public void setReverseName(IpAddress address, DomainName name) {
    reverseNames.put(address, name);
  }
}
