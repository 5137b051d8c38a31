package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Processes that die while runs are under way, by SIGKILL, and are started again at once:
/// Temporal, PostgreSQL, and a second worker that shares the work with the one that meets faults.
final class Deaths implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deaths.class);
  private static final Duration AT_LEAST = Duration.ofSeconds(8);
  private static final Duration MORE = Duration.ofSeconds(16);

  private final SandboxWorld world;
  private final Path logs;
  private final Map<String, ?> settings;
  private final Random dice;
  private final ConcurrentSkipListMap<String, Integer> happened = new ConcurrentSkipListMap<>();
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final Thread thread;
  private ChildProcess worker;
  private int workers;

  /// @param logs of the second worker
  /// @param settings it has besides the world's
  /// @param seed decides who dies first, and when; then they take turns
  Deaths(SandboxWorld world, Path logs, Map<String, ?> settings, long seed) {
    this.world = world;
    this.logs = logs;
    this.settings = Map.copyOf(settings);
    worker = startWorker();
    dice = new FaultChoice(seed).random("deaths");
    thread = Thread.ofVirtual().name("deaths").start(this::strike);
  }

  private enum Part {
    TEMPORAL,
    POSTGRESQL,
    WORKER
  }

  /// A worker has most to lose.
  private static final List<Part> IN_TURN =
      List.of(Part.WORKER, Part.TEMPORAL, Part.WORKER, Part.POSTGRESQL);

  private void strike() {
    try {
      int next = dice.nextInt(IN_TURN.size());
      while (!isOver.await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
        strike(IN_TURN.get(next++ % IN_TURN.size()));
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private ChildProcess startWorker() {
    workers++;
    return WorkerProcess.start(world, logs, workers, settings);
  }

  private Duration pause() {
    return AT_LEAST.plusMillis(dice.nextLong(MORE.toMillis()));
  }

  private void strike(Part part) {
    LOG.atInfo().addKeyValue("part", part).log("A process dies on purpose");
    switch (part) {
      case TEMPORAL -> {
        world.temporal().kill();
        world.temporal().restart();
      }
      case POSTGRESQL -> {
        world.database().kill();
        world.database().restart();
      }
      case WORKER -> {
        worker.kill();
        worker = startWorker();
      }
    }
    happened.merge(part.name(), 1, Integer::sum);
  }

  /// How often whom, so far.
  Map<String, Integer> happened() {
    return new TreeMap<>(happened);
  }

  /// Nobody dies any more, and everybody is up, when it returns.
  @Override
  public void close() {
    isOver.countDown();
    try {
      thread.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    worker.close();
  }
}
