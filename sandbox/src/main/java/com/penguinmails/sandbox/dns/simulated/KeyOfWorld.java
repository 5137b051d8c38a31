package com.penguinmails.sandbox.dns.simulated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What the keys of a world's zones are made from, kept in a file beside the zones.
final class KeyOfWorld {
  private static final int OCTETS = 32;

  private KeyOfWorld() {}

  /// The key in this directory, made when there is none.
  static String in(Path directory) {
    var path = directory.resolve("key");
    try {
      if (Files.notExists(path)) {
        Files.createDirectories(directory);
        var staged = directory.resolve("key.new");
        Files.writeString(staged, random());
        Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE);
      }
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read or made", e);
    }
  }

  private static String random() {
    var octets = new byte[OCTETS];
    new SecureRandom().nextBytes(octets);
    return HexFormat.of().formatHex(octets);
  }
}
