package com.penguinmails.ports.host;

import com.penguinmails.workflows.model.ServerId;
import java.util.List;

/// Everything a host needs to become what it should be: steps, inputs, files. Holds secrets:
/// `toString` shows none, and nobody stores it.
public final class HostBundle {
  private final ServerId server;
  private final long version;
  private final String hash;
  private final byte[] archive;
  private final List<String> steps;

  /// @param hash SHA-256 of the archive in hexadecimal: the bundle's name on the host
  /// @param archive a tar, the same bytes for the same desired state
  /// @param steps names in the order they are applied
  public HostBundle(
      ServerId server, long version, String hash, byte[] archive, List<String> steps) {
    this.server = server;
    this.version = version;
    this.hash = hash;
    this.archive = archive.clone();
    this.steps = List.copyOf(steps);
  }

  /// Of the desired state it brings.
  public long version() {
    return version;
  }

  /// The bundle's name on the host.
  public String hash() {
    return hash;
  }

  /// The steps in their order.
  public List<String> steps() {
    return steps;
  }

  /// The tar.
  public byte[] archive() {
    return archive.clone();
  }

  @Override
  public String toString() {
    return "HostBundle[" + server + ", version " + version + ", " + hash + "]";
  }
}
