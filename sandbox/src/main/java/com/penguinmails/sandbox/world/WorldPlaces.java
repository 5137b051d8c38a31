package com.penguinmails.sandbox.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.util.FileSystemUtils;

/// Where the files of a world lie that others are told of.
///
/// @param directory of the world
record WorldPlaces(Path directory) {
  private static final List<String> PARTS =
      List.of(
          "postgres",
          "temporal",
          "pebble",
          "keys",
          "hosts",
          "dns",
          "mail",
          "probe",
          "hostwinds.json",
          "blacklists.tsv",
          "acme-endpoint.pem",
          "issuing-roots.pem",
          "trusted-by-probe.pem");

  /// What must be the same at the next start: ports, passwords, ids. Its being there says that the
  /// directory holds a world.
  Path remembered() {
    return directory.resolve("world.properties");
  }

  /// Removes what a world keeps here, and nothing else; what says so last, so that a removal that
  /// was cut off can be repeated.
  void remove() {
    try {
      for (var part : PARTS) {
        FileSystemUtils.deleteRecursively(directory.resolve(part));
      }
      Files.deleteIfExists(remembered());
    } catch (IOException e) {
      throw new UncheckedIOException("a world in " + directory + " cannot be removed", e);
    }
  }

  /// Removes the directory, whatever is in it: of a world that was made to be thrown away.
  void removeAll() {
    try {
      FileSystemUtils.deleteRecursively(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be removed", e);
    }
  }

  /// Keys of the payload codec.
  Path codecKeys() {
    return directory.resolve("keys").resolve("codec.keys");
  }

  /// Master key of the embedded secret store.
  Path masterKey() {
    return directory.resolve("keys").resolve("master.keys");
  }

  /// The account's key at the simulated Hostwinds.
  Path hostwindsKey() {
    return directory.resolve("keys").resolve("hostwinds.key");
  }

  /// The lists a bought address is asked about.
  Path blacklists() {
    return directory.resolve("blacklists.tsv");
  }

  /// What the authority's API shows.
  Path endpointRoot() {
    return directory.resolve("acme-endpoint.pem");
  }

  /// What the authority's certificates chain to, of all its starts.
  Path issuingRoots() {
    return directory.resolve("issuing-roots.pem");
  }

  /// All that servers and the probe host may chain to.
  Path trustedByProbe() {
    return directory.resolve("trusted-by-probe.pem");
  }
}
