package com.penguinmails.sandbox.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Runs, one line of JSON each: only ever appended to, so that several stretches make one volume.
final class RunsFile {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path file;
  private boolean isMended;

  RunsFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /// Those of a commit. A last line that was cut off by a kill is none.
  ///
  /// @throws IllegalArgumentException the file holds something else
  List<RunLine> of(String commit) {
    if (Files.notExists(file)) {
      return List.of();
    }
    try {
      var lines = Files.readAllLines(file);
      boolean isCut = !lines.isEmpty() && !Files.readString(file).endsWith("\n");
      return (isCut ? lines.subList(0, lines.size() - 1) : lines)
          .stream().map(this::read).filter(run -> run.commit().equals(commit)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private RunLine read(String line) {
    try {
      return JSON.readValue(line, RunLine.class);
    } catch (JacksonException e) {
      throw new IllegalArgumentException(file + " holds a line that is no run", e);
    }
  }

  synchronized void append(RunLine run) {
    try {
      Files.createDirectories(file.getParent());
      if (!isMended) {
        cutOffWhatIsNoLine();
        isMended = true;
      }
      Files.writeString(
          file,
          JSON.writeValueAsString(run) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  private void cutOffWhatIsNoLine() throws IOException {
    if (Files.notExists(file)) {
      return;
    }
    var text = Files.readString(file);
    var lines = text.substring(0, text.lastIndexOf('\n') + 1);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(lines.getBytes(StandardCharsets.UTF_8).length);
    }
  }
}
