package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One start of the demo in a process of its own, with its lines of JSON.
final class DemoProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path lines;
  private final Path errors;

  private DemoProcess(Process process, Path lines, Path errors) {
    this.process = process;
    this.lines = lines;
    this.errors = errors;
  }

  /// Starts it for `demo.test`.
  ///
  /// @param directory of the demo; what it says lies beside it, under the start's name
  static DemoProcess start(Path directory, String name, String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djdk.virtualThreadScheduler.parallelism=16",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--dir",
                directory.toString(),
                "--domain",
                "demo.test",
                "--json"));
    command.addAll(List.of(options));
    return start(new ProcessBuilder(command), directory.resolveSibling(name));
  }

  /// Starts it, however that is done.
  ///
  /// @param said where its lines of JSON go (`.jsonl`), and its errors (`.err`)
  static DemoProcess start(ProcessBuilder demo, Path said) throws IOException {
    var lines = said.resolveSibling(said.getFileName() + ".jsonl");
    var errors = said.resolveSibling(said.getFileName() + ".err");
    return new DemoProcess(
        demo.redirectOutput(lines.toFile()).redirectError(errors.toFile()).start(), lines, errors);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int exitCode() throws InterruptedException {
    return process.waitFor();
  }

  /// SIGKILL.
  void kill() throws InterruptedException {
    var _ = process.destroyForcibly().waitFor();
  }

  /// SIGKILL to its process group, which it must lead: what a script has started goes too.
  void killGroup() throws IOException, InterruptedException {
    var kill = new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid()).start();
    assertThat(kill.waitFor()).as("kills the group").isZero();
    var _ = process.waitFor();
  }

  /// Ends it in order, as Ctrl-C does. Not by the signal of Ctrl-C itself: what runs in the
  /// background of a script has been told to ignore that one.
  void end() throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
  }

  /// Whether it has told how the set-up ended, or ended itself.
  boolean isOver() {
    return !isAlive() || !events("result").isEmpty();
  }

  /// How many steps it has told of.
  long steps() {
    return events("progress").stream().map(data -> data.path("step").asText()).distinct().count();
  }

  boolean hasDone(String step) {
    return events("progress").stream()
        .anyMatch(data ->
            data.path("step").asText().equals(step) && data.path("state").asText().equals("DONE"));
  }

  /// What it has said on standard error.
  String complaints() throws IOException {
    return Files.readString(errors);
  }

  JsonNode first(String event) {
    return events(event).getFirst();
  }

  void assertProved(String setup) {
    var result = first("result");
    assertThat(result.path("id").asText()).isEqualTo(setup);
    assertThat(result.path("state").asText()).isEqualTo("DONE");
    assertThat(result.path("proof").path("passed").asBoolean()).isTrue();
  }

  /// What it has said so far. Every line but one that is still being written must be JSON.
  List<JsonNode> events() {
    try {
      var text = Files.readString(lines);
      return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(DemoProcess::json).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<JsonNode> events(String event) {
    return events().stream()
        .filter(line -> line.path("event").asText().equals(event))
        .map(line -> line.path("data"))
        .toList();
  }

  /// How often the simulated seller has charged the demo's account.
  static int invoices(Path directory) throws IOException {
    return JSON.readTree(directory.resolve("hostwinds.json").toFile()).path("invoices").size();
  }

  /// What a demo of this directory has left running.
  static List<String> leftOf(Path directory) {
    return processesOf(directory).map(handle -> handle.info().toString()).toList();
  }

  /// Those that were told of the directory, or run a program that lies there.
  static Stream<ProcessHandle> processesOf(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(handle ->
            Stream.of(handle.info().commandLine(), handle.info().command())
                .flatMap(Optional::stream)
                .anyMatch(command -> command.contains(directory.toString())));
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + line, e);
    }
  }
}
