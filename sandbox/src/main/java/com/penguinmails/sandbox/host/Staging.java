package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.step.Places;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;

/// The one directory of a simulated host that is a real one: SFTP writes into it. Only what lies
/// below its root is seen from outside.
final class Staging {
  private final Path root;
  private final Path directory;

  Staging(Path root) {
    this.root = root;
    this.directory = root.resolve(Places.STAGING.substring(1));
  }

  /// What the user of a session sees as `/`.
  Path root() {
    return root;
  }

  /// Safe to repeat.
  void make() {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file a path on the host leads to, if it lies here.
  Optional<Path> find(String path) {
    if (!path.matches(Places.STAGING + "/[A-Za-z0-9][A-Za-z0-9._-]*")) {
      return Optional.empty();
    }
    return Optional.of(root.resolve(path.substring(1))).filter(Files::isRegularFile);
  }

  Optional<byte[]> read(String path) {
    return find(path)
        .map(file -> {
          try {
            return Files.readAllBytes(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Mode as `stat -c %a` prints it.
  Optional<String> mode(String path) {
    return find(path)
        .map(file -> {
          try {
            var letters = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            return Integer.toOctalString(
                Integer.parseInt(letters.replaceAll("[rwx]", "1").replace('-', '0'), 2));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// Takes away what lies in it.
  void empty() {
    delete(directory, false);
  }

  /// Takes it away.
  void remove() {
    delete(root, true);
  }

  private static void delete(Path from, boolean itself) {
    if (!Files.exists(from)) {
      return;
    }
    try (var found = Files.walk(from)) {
      for (var path : found.sorted(Comparator.reverseOrder()).toList()) {
        if (itself || !path.equals(from)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
