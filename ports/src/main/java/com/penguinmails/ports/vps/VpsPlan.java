package com.penguinmails.ports.vps;

import com.penguinmails.workflows.model.Money;

/// A size of server that is for sale.
///
/// @param id what a purchase names
/// @param monthly price of a month, without tax
public record VpsPlan(String id, String name, Size size, Money monthly) {
  /// @param memoryMib memory in MiB
  /// @param diskGib disk in GB
  public record Size(int cpus, long memoryMib, long diskGib) {
    @Override
    public String toString() {
      return "%d CPU, %d MiB, %d GB".formatted(cpus, memoryMib, diskGib);
    }
  }
}
