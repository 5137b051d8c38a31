package com.penguinmails.ports.secret;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A file of 32-byte keys, one of which is current: the payload codec's, or the master key of the
/// embedded secret store. It is readable by its owner only (0600 or 0400); anything looser is
/// refused. Losing it means losing everything it encrypts.
///
/// ```
/// current = k3f09a1c2
/// key.k3f09a1c2 = <base64>
/// ```
public final class KeyFile {
  private static final int KEY_BYTES = 32;
  private static final String CURRENT = "current";
  private static final String KEY = "key.";

  private final Path path;
  private final String currentId;
  private final Map<String, byte[]> keys;

  private KeyFile(Path path, String currentId, Map<String, byte[]> keys) {
    this.path = path;
    this.currentId = currentId;
    this.keys = keys;
  }

  /// Reads the file.
  ///
  /// @throws IllegalStateException missing, readable by others, or not a key file
  public static KeyFile open(Path path) {
    try {
      requireOwnerOnly(path);
      return parse(path, Files.readString(path));
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(
          "key file %s is missing; restore it from your backup: what it encrypted cannot be read without it"
              .formatted(path),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException("key file %s cannot be read".formatted(path), e);
    }
  }

  /// Reads the file, or makes it with one random key. Of several that start at once one wins, and
  /// all use its key. For first starts only: a lost master key must not be replaced silently.
  public static KeyFile openOrCreate(Path path) {
    if (Files.notExists(path)) {
      var id = newId();
      try {
        createDirectories(path);
        var made = stage(path, new KeyFile(path, id, Map.of(id, newKey())));
        try {
          Files.createLink(path, made); // unlike a rename, never replaces
        } catch (FileAlreadyExistsException e) {
          return open(path);
        } finally {
          Files.delete(made);
        }
        syncDirectory(path);
      } catch (IOException e) {
        throw new UncheckedIOException("key file %s cannot be made".formatted(path), e);
      }
    }
    return open(path);
  }

  /// Adds a random key and makes it the current one; older keys stay. The file is replaced as a
  /// whole.
  public KeyFile rotate() {
    var id = newId();
    var all = new TreeMap<>(keys);
    all.put(id, newKey());
    var rotated = new KeyFile(path, id, all);
    try {
      Files.move(
          stage(path, rotated),
          path,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(path);
    } catch (IOException e) {
      throw new UncheckedIOException("key file %s cannot be replaced".formatted(path), e);
    }
    return rotated;
  }

  /// The key that encrypts from now on.
  public String currentId() {
    return currentId;
  }

  /// Copies of all keys by id.
  public Map<String, byte[]> keys() {
    return keys.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> entry.getValue().clone()));
  }

  /// Path and ids only.
  @Override
  public String toString() {
    return "KeyFile[" + path + ", current=" + currentId + ", ids=" + keys.keySet() + "]";
  }

  private static KeyFile parse(Path path, String text) throws IOException {
    var properties = new Properties();
    properties.load(new StringReader(text));
    var keys = new TreeMap<String, byte[]>();
    for (var name : properties.stringPropertyNames()) {
      if (name.startsWith(KEY)) {
        keys.put(name.substring(KEY.length()), decode(path, name, properties.getProperty(name)));
      } else if (!name.equals(CURRENT)) {
        throw new IllegalStateException("key file %s: unknown entry \"%s\"".formatted(path, name));
      }
    }
    var current = properties.getProperty(CURRENT, "");
    if (!keys.containsKey(current)) {
      throw new IllegalStateException(
          "key file %s: current key \"%s\" is not among %s"
              .formatted(path, current, keys.keySet()));
    }
    return new KeyFile(path, current, keys);
  }

  private static byte[] decode(Path path, String name, String base64) {
    try {
      var key = Base64.getDecoder().decode(base64);
      if (key.length == KEY_BYTES) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Its message quotes what it could not read; that may be most of a key.
    }
    throw new IllegalStateException(
        "key file %s: \"%s\" is not the base64 of %d bytes".formatted(path, name, KEY_BYTES));
  }

  private static void requireOwnerOnly(Path path) throws IOException {
    var looser = OwnerOnly.looser(Files.getPosixFilePermissions(path));
    if (looser.isPresent()) {
      throw new IllegalStateException(
          "key file %s has mode %s and may be read or used by others; run: chmod 600 %s, and think about who read it"
              .formatted(path, looser.get(), path));
    }
  }

  private static void createDirectories(Path path) throws IOException {
    var parent = path.toAbsolutePath().getParent();
    if (parent != null && Files.notExists(parent)) {
      Files.createDirectories(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static Path stage(Path path, KeyFile content) throws IOException {
    var staged =
        path.resolveSibling(path.getFileName() + "." + HexFormat.of().formatHex(random(8)));
    try (var channel =
        FileChannel.open(
            staged,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            OwnerOnly.attribute())) {
      var bytes = StandardCharsets.UTF_8.encode(content.text());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    return staged;
  }

  private static void syncDirectory(Path path) throws IOException {
    var parent = path.toAbsolutePath().getParent();
    if (parent != null) {
      try (var directory = FileChannel.open(parent, StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private String text() {
    var text = new StringBuilder("# Keep this file safe and secret: without it nothing opens.\n");
    text.append(CURRENT).append(" = ").append(currentId).append('\n');
    keys.forEach((id, key) ->
        text.append(KEY)
            .append(id)
            .append(" = ")
            .append(Base64.getEncoder().encodeToString(key))
            .append('\n'));
    return text.toString();
  }

  private static String newId() {
    return "k" + HexFormat.of().formatHex(random(4));
  }

  private static byte[] newKey() {
    return random(KEY_BYTES);
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }
}
