package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.world.SandboxWorld;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo as its user starts and ends it: killed (SIGKILL) while packages are being installed, it
/// goes on with the same set-up; it stays until it is ended, leaves nothing running, and shows the
/// same set-up at the next start.
@Timeout(900)
class DemoIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path directory;

  @AfterEach
  void cleanUp() {
    SandboxWorld.forget(plan());
  }

  @Test
  void goesOnAfterAKillStaysUntilItIsEndedAndIsThereAgain() throws Exception {
    var killed = start("killed");
    await()
        .atMost(Duration.ofMinutes(4))
        .until(() -> !killed.isAlive() || hasBegun("killed", "server/020-packages"));
    killed.destroyForcibly().waitFor();
    var ordered = first("killed", "snapshot").path("id").asText();

    var again = start("again");
    await()
        .atMost(Duration.ofMinutes(8))
        .until(() -> !again.isAlive() || !events("again", "result").isEmpty());
    assertProved("again", ordered);
    assertThat(again.isAlive()).as("stays until it is ended").isTrue();
    end(again);
    assertNothingRuns();

    var shown = start("shown");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> !shown.isAlive() || !events("shown", "result").isEmpty());
    assertProved("shown", ordered);
    end(shown);
    assertNothingRuns();

    assertThat(start("removed", "--remove").waitFor()).isZero();
    assertThat(directory.resolve("demo")).doesNotExist();
    assertThat(containers(_ -> true)).isEmpty();
  }

  private void assertProved(String start, String setup) {
    var result = first(start, "result");
    assertThat(result.path("id").asText()).isEqualTo(setup);
    assertThat(result.path("state").asText()).isEqualTo("DONE");
    assertThat(result.path("proof").path("passed").asBoolean()).isTrue();
  }

  private void assertNothingRuns() {
    assertThat(containers(Container::isRunning)).isEmpty();
    assertThat(processesOfTheDirectory()).isEmpty();
  }

  /// Ends it in order, as Ctrl-C does. Not by the signal of Ctrl-C itself: what runs in the
  /// background of a script has been told to ignore that one.
  private static void end(Process process) throws Exception {
    process.destroy();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).as("ends").isTrue();
  }

  private Process start(String name, String... options) throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Demo.class.getName(),
                "--dir",
                directory.resolve("demo").toString(),
                "--domain",
                "demo.test",
                "--json"));
    command.addAll(List.of(options));
    return new ProcessBuilder(command)
        .redirectOutput(lines(name).toFile())
        .redirectError(directory.resolve(name + ".err").toFile())
        .start();
  }

  private boolean hasBegun(String start, String step) {
    return events(start, "progress").stream()
        .anyMatch(data -> data.path("step").asText().equals(step));
  }

  private JsonNode first(String start, String event) {
    return events(start, event).getFirst();
  }

  /// What the start has said so far. Every line but one that is still being written must be JSON.
  private List<JsonNode> events(String start, String event) {
    try {
      var text = Files.readString(lines(start));
      return text.substring(0, text.lastIndexOf('\n') + 1)
          .lines()
          .map(DemoIT::json)
          .filter(line -> line.path("event").asText().equals(event))
          .map(line -> line.path("data"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + line, e);
    }
  }

  private Path lines(String name) {
    return directory.resolve(name + ".jsonl");
  }

  private List<String> containers(Predicate<Container> which) {
    try (var engine = DockerEngine.connect()) {
      return engine.containers(plan().instance()).stream()
          .filter(which)
          .map(Container::name)
          .toList();
    }
  }

  private List<String> processesOfTheDirectory() {
    return ProcessHandle.allProcesses()
        .map(handle -> handle.info().commandLine())
        .flatMap(Optional::stream)
        .filter(command -> command.contains(directory.resolve("demo").toString()))
        .toList();
  }

  private SandboxWorld.Plan plan() {
    return SandboxWorld.Plan.in(directory.resolve("demo"), (_, _) -> {});
  }
}
