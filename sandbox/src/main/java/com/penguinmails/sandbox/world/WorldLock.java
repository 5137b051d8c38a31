package com.penguinmails.sandbox.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// One process per world. The kernel lets go of it when the process dies, however it dies.
record WorldLock(FileChannel channel) implements AutoCloseable {
  /// @throws IllegalStateException another process has it
  static WorldLock take(Path path) {
    try {
      var channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isLocked(channel)) {
        return new WorldLock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be locked", e);
    }
    throw new IllegalStateException(
        "Another process uses the sandbox in %s; stop it, or choose another directory"
            .formatted(path.getParent()));
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) { // this very process has it already
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
