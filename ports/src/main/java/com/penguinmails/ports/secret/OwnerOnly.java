package com.penguinmails.ports.secret;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/// Files with a secret: their owner alone may read them (0600 or 0400).
public final class OwnerOnly {
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rw-------");

  private OwnerOnly() {}

  /// For making one.
  public static FileAttribute<Set<PosixFilePermission>> attribute() {
    return PosixFilePermissions.asFileAttribute(MODE);
  }

  /// A file's mode in letters, as `rw-r--r--`, when others may read or use it; else empty.
  public static Optional<String> looser(Set<PosixFilePermission> mode) {
    return MODE.containsAll(mode)
        ? Optional.empty()
        : Optional.of(PosixFilePermissions.toString(mode));
  }
}
