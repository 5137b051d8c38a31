package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.secret.VaultServer;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Processes that die while runs are under way, and are started again at once: Temporal,
/// PostgreSQL, Vault, and a second worker that shares the work with the one that meets faults. Who
/// is to die dies at a step at which it has not died yet, when one comes soon enough; else wherever
/// the work is.
final class Deaths implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deaths.class);

  /// Between two deaths, on average, that nobody is spared from long.
  static final Duration OFTEN = Duration.ofSeconds(12);

  private static final Duration AIMS_FOR = Duration.ofSeconds(8);
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(1);
  private static final Duration SEALED_FOR = Duration.ofSeconds(1);

  private final SandboxWorld world;
  private final Optional<VaultServer> vault;
  private final Path logs;
  private final Map<String, ?> settings;
  private final Random dice;
  private final Aims aims;
  private final List<Part> inTurn;
  private final BooleanSupplier isHeld;
  private final Duration every;
  private final AtomicReference<Aimed> aimed = new AtomicReference<>(Aimed.NOBODY);
  private final ConcurrentSkipListMap<String, Integer> happened = new ConcurrentSkipListMap<>();
  private final CountDownLatch isOver = new CountDownLatch(1);
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;
  private ChildProcess worker;
  private int workers;

  /// @param logs of the second worker
  /// @param settings it has besides the world's
  /// @param isHeld nobody dies while it answers yes
  /// @param every how long somebody lives before the next one dies, on average: half of it to half
  ///   as much again
  /// @param seed decides who dies first, and when; then they take turns
  Deaths(
      SandboxWorld world,
      Optional<VaultServer> vault,
      Path logs,
      Map<String, ?> settings,
      Aims aims,
      BooleanSupplier isHeld,
      Duration every,
      long seed) {
    this.world = world;
    this.vault = vault;
    this.logs = logs;
    this.settings = Map.copyOf(settings);
    this.aims = aims;
    this.isHeld = isHeld;
    this.every = every;
    // A worker has most to lose.
    inTurn = new ArrayList<>(List.of(Part.WORKER, Part.TEMPORAL, Part.WORKER, Part.POSTGRESQL));
    vault.ifPresent(_ -> inTurn.add(Part.VAULT));
    worker = startWorker();
    dice = new FaultChoice(seed).random("deaths");
    thread = Thread.ofVirtual().name("deaths").start(this::strike);
  }

  /// Who dies at the next step at which it has not died yet.
  ///
  /// @param diedAt completed with that step, when it is dead
  private record Aimed(Optional<Part> part, CompletableFuture<String> diedAt) {
    private static final Aimed NOBODY = new Aimed(Optional.empty(), new CompletableFuture<>());
  }

  /// Before and after the work of an activity of the first worker.
  void atStep(String step) {
    var who = aimed.get();
    if (who.part().isPresent()
        && aims.left(who.part().get()).contains(step)
        && aimed.compareAndSet(who, Aimed.NOBODY)) {
      aims.take(who.part().get(), step);
      try {
        kill(who.part().get());
        who.diedAt().complete(step);
      } catch (RuntimeException e) {
        who.diedAt().completeExceptionally(e);
      }
    }
  }

  private void strike() {
    try {
      int next = dice.nextInt(inTurn.size());
      while (!isOver.await(pause().toMillis(), TimeUnit.MILLISECONDS)) {
        if (isHeld.getAsBoolean()) {
          continue;
        }
        var part = inTurn.get(next++ % inTurn.size());
        var step = part == Part.WORKER ? haltWorker() : strike(part);
        LOG.atInfo()
            .addKeyValue("part", part)
            .addKeyValue("step", step.orElse("any"))
            .log("Died on purpose");
        happened.merge(step.map(at -> Aims.death(part, at)).orElse(part.name()), 1, Integer::sum);
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).log("Nobody dies any more");
      failure = e;
    }
  }

  /// Why nobody has died any more from some moment on.
  Optional<String> failure() {
    return Optional.ofNullable(failure).map(why -> "nobody died any more: " + why);
  }

  private Duration pause() {
    return every.dividedBy(2).plusMillis(dice.nextLong(every.toMillis()));
  }

  /// @return at which step it died; empty: none came
  private Optional<String> strike(Part part) throws InterruptedException {
    var next = new Aimed(Optional.of(part), new CompletableFuture<>());
    aimed.set(next);
    Optional<String> step;
    try {
      step = Optional.of(next.diedAt().get(AIMS_FOR.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException tooLong) {
      if (aimed.compareAndSet(next, Aimed.NOBODY)) {
        kill(part);
        step = Optional.empty();
      } else { // it dies in this very moment
        step = Optional.of(next.diedAt().join());
      }
    } catch (ExecutionException never) {
      throw new IllegalStateException(part + " could not be killed", never);
    }
    restart(part);
    return step;
  }

  private void kill(Part part) {
    switch (part) {
      case TEMPORAL -> world.temporal().kill();
      case POSTGRESQL -> world.database().kill();
      case VAULT -> vault.orElseThrow().kill();
      case WORKER -> worker.kill();
    }
  }

  private void restart(Part part) throws InterruptedException {
    switch (part) {
      case TEMPORAL -> world.temporal().restart();
      case POSTGRESQL -> world.database().restart();
      case VAULT -> {
        vault.orElseThrow().restart();
        Thread.sleep(SEALED_FOR);
        vault.orElseThrow().unseal();
      }
      case WORKER -> worker = startWorker();
    }
  }

  private Path aimsOfWorker() {
    return logs.resolve("aims-" + workers);
  }

  private ChildProcess startWorker() {
    workers++;
    return WorkerProcess.start(
        world,
        new WorkerProcess.Start(
            HaltingWorker.class,
            Map.of(HaltingWorker.AIMS, aimsOfWorker().toString()),
            logs,
            workers,
            settings));
  }

  /// A worker that is still starting has nothing to lose.
  private void awaitAtWork() throws InterruptedException {
    var end = Instant.now().plus(STARTS_WITHIN);
    while (worker.isAlive() && !WorkerProcess.isAtWork(worker) && Instant.now().isBefore(end)) {
      Thread.sleep(Duration.ofMillis(500));
    }
  }

  private Optional<String> haltWorker() throws InterruptedException {
    if (!worker
        .isAlive()) { // its start met a dead database, say; whoever supervises starts it again
      LOG.atWarn().addKeyValue("worker", workers).log("A worker ended by itself");
      restart(Part.WORKER);
    }
    awaitAtWork();
    HaltingWorker.aim(aimsOfWorker(), aims.left(Part.WORKER));
    var end = Instant.now().plus(AIMS_FOR);
    while (worker.isAlive() && Instant.now().isBefore(end)) {
      Thread.sleep(Duration.ofMillis(100));
    }
    kill(Part.WORKER);
    var step = HaltingWorker.haltedAt(aimsOfWorker());
    step.ifPresent(at -> aims.take(Part.WORKER, at));
    restart(Part.WORKER);
    return step;
  }

  /// How often whom, so far: `POSTGRESQL`, or with the step `POSTGRESQL Order.Buy AFTER`.
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
