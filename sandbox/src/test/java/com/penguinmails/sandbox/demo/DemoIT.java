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
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo on Docker hosts, as its user starts and ends it: killed (SIGKILL) when a step of the
/// set-up begins, which one is chosen at random, it goes on with the same set-up; it stays until it
/// is ended, leaves nothing running, and shows the same set-up at the next start.
@Timeout(900)
class DemoIT {
  private static final int KILLS = Integer.getInteger("penguin.kills", 1);
  private static final int STEPS = 45; // of a set-up, about
  @TempDir private Path directory;

  @AfterEach
  void cleanUp() {
    SandboxWorld.forget(plan());
  }

  @Test
  void goesOnAfterAKillStaysUntilItIsEndedAndIsThereAgain() throws Exception {
    long seed = Long.getLong("penguin.seed", ThreadLocalRandom.current().nextLong());
    System.out.printf("seed %d; again with -Dpenguin.seed=%d%n", seed, seed);
    var random = new Random(seed);
    var ordered = killAtRandom(start("killed"), random);
    for (int i = 2; i <= KILLS; i++) {
      assertThat(killAtRandom(start("killed-" + i), random)).isEqualTo(ordered);
    }

    var again = start("again");
    await("seed " + seed).atMost(Duration.ofMinutes(8)).until(again::isOver);
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

  /// When it has told of so many steps, or at the latest when it has nothing to tell any more.
  ///
  /// @return the set-up it was at
  private static String killAtRandom(DemoProcess process, Random random) throws Exception {
    int steps = 1 + random.nextInt(STEPS);
    await().atMost(Duration.ofMinutes(8)).until(() -> process.isOver() || process.steps() >= steps);
    assertThat(process.isAlive()).as("needs no help to go on").isTrue();
    process.kill();
    return process.first("snapshot").path("id").asText();
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
