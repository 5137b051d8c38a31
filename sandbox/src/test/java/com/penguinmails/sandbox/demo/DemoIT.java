package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.world.SandboxWorld;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo on Docker hosts, as its user starts and ends it: killed (SIGKILL) while packages are
/// being installed, it goes on with the same set-up; it stays until it is ended, leaves nothing
/// running, and shows the same set-up at the next start.
@Timeout(900)
class DemoIT {
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
        .until(() -> !killed.isAlive() || killed.hasBegun("server/020-packages"));
    killed.kill();
    var ordered = killed.first("snapshot").path("id").asText();

    var again = start("again");
    await().atMost(Duration.ofMinutes(8)).until(again::isOver);
    again.assertProved(ordered);
    assertThat(again.isAlive()).as("stays until it is ended").isTrue();
    again.end();
    assertNothingRuns();

    var shown = start("shown");
    await().atMost(Duration.ofMinutes(2)).until(shown::isOver);
    shown.assertProved(ordered);
    assertThat(DemoProcess.invoices(demo())).as("the bill").isEqualTo(1);
    shown.end();
    assertNothingRuns();

    assertThat(start("removed", "--remove").exitCode()).isZero();
    assertThat(demo()).doesNotExist();
    assertThat(containers(_ -> true)).isEmpty();
  }

  private DemoProcess start(String name, String... options) throws IOException {
    return DemoProcess.start(
        demo(),
        name,
        Stream.concat(Stream.of("--docker"), Stream.of(options)).toArray(String[]::new));
  }

  private void assertNothingRuns() {
    assertThat(containers(Container::isRunning)).isEmpty();
    assertThat(DemoProcess.leftOf(demo())).isEmpty();
  }

  private List<String> containers(Predicate<Container> which) {
    try (var engine = DockerEngine.connect()) {
      return engine.containers(plan().instance()).stream()
          .filter(which)
          .map(Container::name)
          .toList();
    }
  }

  private Path demo() {
    return directory.resolve("demo");
  }

  private SandboxWorld.Plan plan() {
    return SandboxWorld.Plan.in(demo(), (_, _) -> {});
  }
}
