package com.penguinmails.sandbox.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
  private static final String BEGINNING = "{\"seed\":";

  private final Path file;

  /// @throws IllegalArgumentException it holds something else, or cannot be written
  RunsFile(Path file) {
    this.file = file.toAbsolutePath();
    all();
    try {
      Files.createDirectories(this.file.getParent());
      Files.writeString(this.file, "", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalArgumentException(this.file + " cannot be written", e);
    }
  }

  /// Those of a commit. A last line that was cut off by a kill is none.
  List<RunLine> of(String commit) {
    return all().stream().filter(run -> run.commit().equals(commit)).toList();
  }

  private List<RunLine> all() {
    if (Files.notExists(file)) {
      return List.of();
    }
    try {
      var text = Files.readString(file);
      int whole = text.lastIndexOf('\n') + 1;
      if (whole < text.length() && !text.startsWith(BEGINNING, whole)) {
        throw new IllegalArgumentException(file + " ends with a line that is no run");
      }
      return text.substring(0, whole).lines().map(this::read).toList();
    } catch (IOException e) {
      throw new IllegalArgumentException(file + " cannot be read", e);
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
      cutOffWhatIsNoLine();
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
    try (var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      var last = ByteBuffer.allocate(1);
      channel.read(last, Math.max(0, channel.size() - 1));
      if (channel.size() > 0 && last.get(0) != '\n') {
        var text = Files.readString(file);
        var lines = text.substring(0, text.lastIndexOf('\n') + 1);
        channel.truncate(lines.getBytes(StandardCharsets.UTF_8).length);
      }
    }
  }
}
