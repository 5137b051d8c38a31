package com.penguinmails.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo without Docker, killed (SIGKILL) at random moments, however far it has come: with
/// PostgreSQL and Temporal, which die with it, and with its simulations. The next start goes on,
/// and in the end the mailbox is proved, on the one server that was paid for.
@Timeout(900)
class SimulatedDemoIT {
  private static final int KILLS = Integer.getInteger("penguin.kills", 4);
  private static final int LINES = 50; // that one start has to say, about
  // A call that died with its worker is noticed by its time-out: two minutes at the probe mailbox.
  private static final Duration SILENCE = Duration.ofMinutes(4);

  @TempDir private Path directory;

  @Test
  void isProvedAndPaidForOnceHoweverOftenItIsKilled() throws Exception {
    long seed = Long.getLong("penguin.seed", ThreadLocalRandom.current().nextLong());
    var random = new Random(seed);
    var demo = directory.resolve("demo");
    for (int i = 1; i <= KILLS; i++) {
      killAtRandom(DemoProcess.start(demo, "killed-" + i), random, seed);
    }

    var last = DemoProcess.start(demo, "last");
    await("again with -Dpenguin.seed=" + seed).atMost(SILENCE.multipliedBy(2)).until(last::isOver);

    last.assertProved(last.first("snapshot").path("id").asText());
    assertThat(last.isAlive()).as("stays until it is ended").isTrue();
    last.end();
    assertThat(DemoProcess.leftOf(demo)).isEmpty();
    assertThat(DemoProcess.invoices(demo)).as("the bill, seed %d", seed).isEqualTo(1);
    assertThat(DemoProcess.start(demo, "removed", "--remove").exitCode()).isZero();
    assertThat(demo).doesNotExist();
  }

  /// When it has said so many lines, and a moment more; or at the latest when it has nothing to say
  /// any more.
  private static void killAtRandom(DemoProcess process, Random random, long seed) throws Exception {
    int lines = random.nextInt(LINES);
    long moment = random.nextLong(1000);
    await("again with -Dpenguin.seed=" + seed)
        .atMost(SILENCE)
        .until(() -> process.isOver() || process.events().size() >= lines);
    assertThat(process.isAlive()).as("needs no help to go on").isTrue();
    Thread.sleep(moment);
    process.kill();
  }
}
