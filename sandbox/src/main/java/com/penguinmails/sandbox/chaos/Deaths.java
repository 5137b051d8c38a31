package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.world.SandboxWorld;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Servers that die while runs are under way, by SIGKILL, and are started again at once.
final class Deaths implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deaths.class);
  private static final Duration AT_LEAST = Duration.ofSeconds(15);
  private static final Duration MORE = Duration.ofSeconds(30);

  private final SandboxWorld world;
  private final Random dice;
  private final ConcurrentSkipListMap<String, Integer> happened = new ConcurrentSkipListMap<>();
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final Thread thread;

  /// @param seed decides who dies first, and when; then they take turns
  Deaths(SandboxWorld world, long seed) {
    this.world = world;
    dice = new FaultChoice(seed).random("deaths");
    thread = Thread.ofVirtual().name("deaths").start(this::strike);
  }

  private enum Part {
    TEMPORAL,
    POSTGRESQL
  }

  private void strike() {
    try {
      int next = dice.nextInt(Part.values().length);
      while (!isOver.await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
        strike(Part.values()[next++ % Part.values().length]);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration pause() {
    return AT_LEAST.plusMillis(dice.nextLong(MORE.toMillis()));
  }

  private void strike(Part part) {
    LOG.atInfo().addKeyValue("part", part).log("A part dies on purpose");
    switch (part) {
      case TEMPORAL -> {
        world.temporal().kill();
        world.temporal().restart();
      }
      case POSTGRESQL -> {
        world.database().kill();
        world.database().restart();
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
  }
}
