package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// What Temporal keeps: its file is copied, put back from an older copy, or deleted. Temporal dies
/// for each, and comes back.
record TemporalFile(TemporalServer temporal) {
  void copyTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    temporal.kill();
    replace(place(), directory);
    temporal.restart();
  }

  void restoreFrom(Path directory) throws IOException {
    temporal.kill();
    replace(directory, place());
    temporal.restart();
  }

  /// Nothing of before is there; the namespace is made anew.
  void delete() throws IOException {
    temporal.kill();
    for (var old : databaseIn(place())) {
      Files.delete(old);
    }
    temporal.restart();
  }

  private Path place() {
    return Objects.requireNonNull(temporal.database().getParent());
  }

  private static void replace(Path from, Path to) throws IOException {
    for (var old : databaseIn(to)) {
      Files.delete(old);
    }
    for (var file : databaseIn(from)) {
      Files.copy(file, to.resolve(file.getFileName()));
    }
  }

  /// SQLite's file, and what it has not written into it yet.
  private static List<Path> databaseIn(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().contains(".db")).toList();
    }
  }
}
