package com.penguinmails.sandbox.host.machine;

import com.fasterxml.jackson.annotation.JsonIgnore;

/// What is rented.
///
/// @param virtualisation as `systemd-detect-virt` says, such as `kvm` or `docker`
public record Hardware(int memoryMib, int diskMib, String virtualisation) {
  /// What a Docker host of the sandbox is: time, swap and kernel settings are its engine's, so the
  /// steps for them answer that they do not apply.
  public static Hardware container() {
    return new Hardware(4096, 20_480, "docker");
  }

  /// A small virtual machine, on which every step applies.
  public static Hardware virtualMachine() {
    return new Hardware(1024, 20_480, "kvm");
  }

  @JsonIgnore
  public boolean isContainer() {
    return virtualisation.equals("docker");
  }
}
