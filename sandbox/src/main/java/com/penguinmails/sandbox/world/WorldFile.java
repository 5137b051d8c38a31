package com.penguinmails.sandbox.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Properties;
import java.util.function.Supplier;

/// What a world must remember to resume: ports, passwords, ids. A file of mode 0600; each value is
/// made once.
final class WorldFile {
  private final Path file;
  private final Properties values = new Properties();

  WorldFile(Path file) {
    this.file = file;
    try {
      if (Files.exists(file)) {
        try (var in = Files.newBufferedReader(file)) {
          values.load(in);
        }
      } else {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  /// The value of this name, made and kept when there is none yet.
  synchronized String value(String name, Supplier<String> make) {
    var known = values.getProperty(name);
    if (known != null) {
      return known;
    }
    var made = make.get();
    values.setProperty(name, made);
    save();
    return made;
  }

  /// 32 random hexadecimal characters.
  String secret(String name) {
    return value(name, WorldFile::random);
  }

  /// A free port of the loopback interface.
  int port(String name) {
    return Integer.parseInt(value(name, () -> String.valueOf(freePort())));
  }

  private static String random() {
    var bytes = new byte[16];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback interface", e);
    }
  }

  private void save() {
    try (var out = Files.newBufferedWriter(file)) {
      values.store(out, "What this sandbox world must remember to resume");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
