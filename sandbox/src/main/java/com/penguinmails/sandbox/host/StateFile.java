package com.penguinmails.sandbox.host;

import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.sandbox.host.machine.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The file a host is kept in: only its owner may read it, and it is replaced as a whole at each
/// change, so a kill at any moment leaves the state before or after it.
final class StateFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path path;
  private byte[] last = new byte[0];
  private boolean isShut;

  StateFile(Path path) {
    this.path = path;
  }

  /// Empty: there is none yet.
  Optional<Snapshot> read() {
    return Files.exists(path)
        ? Optional.of(JSON.readValue(path, Snapshot.class))
        : Optional.empty();
  }

  /// From now on nothing is written, whoever is still at it.
  synchronized void shut() {
    isShut = true;
  }

  synchronized void write(Snapshot state) {
    if (isShut) {
      return;
    }
    var content = JSON.writeValueAsBytes(state);
    if (Arrays.equals(content, last)) {
      return;
    }
    try {
      var staged = path.resolveSibling(path.getFileName() + ".new");
      Files.deleteIfExists(staged);
      Files.createFile(staged, OwnerOnly.attribute());
      Files.write(staged, content);
      Files.move(staged, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
    last = content;
  }

  synchronized void remove() {
    isShut = true;
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
