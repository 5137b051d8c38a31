package com.penguinmails.sandbox.world;

import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.sandbox.process.LoopbackPort;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// What a world must find again at its next start: ports, passwords, ids. One properties file that
/// only its owner may read, replaced as a whole at each change.
final class WorldFile {
  private static final String PORT = "port.";

  private final Path path;
  private final IntSupplier freePorts;
  private final Properties entries = new Properties();
  private final SecureRandom random = new SecureRandom();

  private WorldFile(Path path, IntSupplier freePorts) {
    this.path = path;
    this.freePorts = freePorts;
  }

  /// Reads the file; a missing one is empty.
  static WorldFile open(Path path) {
    return open(path, LoopbackPort::choose);
  }

  /// Reads the file; ports that are not in it come from `freePorts`.
  static WorldFile open(Path path, IntSupplier freePorts) {
    var file = new WorldFile(path, freePorts);
    try {
      if (Files.exists(path)) {
        file.entries.load(new StringReader(Files.readString(path)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be read", e);
    }
    return file;
  }

  /// The value of this name.
  synchronized Optional<String> find(String name) {
    return Optional.ofNullable(entries.getProperty(name));
  }

  /// The value of this name, made and kept when there is none.
  synchronized String make(String name, Supplier<String> first) {
    return find(name).orElseGet(() -> put(name, first.get()));
  }

  /// Keeps a value.
  synchronized String put(String name, String value) {
    entries.setProperty(name, value);
    write();
    return value;
  }

  /// A password of letters and digits, the same at every start.
  String password(String name) {
    return make(
        "password." + name,
        () -> {
          var bytes = new byte[20];
          random.nextBytes(bytes);
          return HexFormat.of().formatHex(bytes);
        });
  }

  /// A port on 127.0.0.1, the same at every start unless somebody else has taken it meanwhile. No
  /// two names have the same one: a kept port is free until its server has been started again.
  synchronized int port(String name) {
    var key = PORT + name;
    var others = portsBut(key);
    var kept =
        find(key)
            .map(Integer::parseInt)
            .filter(port -> !others.contains(port))
            .filter(LoopbackPort::isFree);
    return kept.orElseGet(() -> Integer.parseInt(put(key, Integer.toString(choose(others)))));
  }

  private int choose(Set<Integer> taken) {
    int port;
    do {
      port = freePorts.getAsInt();
    } while (taken.contains(port));
    return port;
  }

  private Set<Integer> portsBut(String key) {
    return entries.stringPropertyNames().stream()
        .filter(name -> name.startsWith(PORT) && !name.equals(key))
        .map(name -> Integer.valueOf(entries.getProperty(name)))
        .collect(Collectors.toSet());
  }

  private void write() {
    var text = new StringBuilder("# Of one sandbox. Delete its directory, never single lines.\n");
    new TreeMap<>(entries)
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    try {
      var staged = path.resolveSibling(path.getFileName() + ".new");
      Files.deleteIfExists(staged);
      Files.createFile(staged, OwnerOnly.attribute());
      Files.writeString(staged, text);
      Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
  }

  @Override
  public String toString() {
    return "WorldFile[" + path + "]";
  }
}
