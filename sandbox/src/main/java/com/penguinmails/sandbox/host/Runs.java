package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Machine;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/// The units that do our work on a host. One at a time has the lock; what is killed between its
/// halves does nothing more, and leaves no result.
final class Runs {
  private static final int PARTS = 20;

  private final Machine machine;
  private final Semaphore lock = new Semaphore(1, true);
  private final Map<String, Run> running = new ConcurrentHashMap<>();
  private final Map<String, String> killed = new ConcurrentHashMap<>();
  private final Map<String, Duration> paces = new ConcurrentHashMap<>();
  private volatile Duration pace = Duration.ZERO;

  Runs(Machine machine) {
    this.machine = machine;
  }

  /// Two halves of a piece of work; what happens between them is waiting.
  interface Work {
    /// @return whether there is a second half
    boolean begin();

    void percent(int percent);

    void end();
  }

  private static final class Run {
    private final CompletableFuture<Boolean> over = new CompletableFuture<>();
    private volatile boolean isKilled;
  }

  /// How long a unit takes from now on. Zero: it is done before its caller hears of it.
  void pace(Duration perUnit) {
    this.pace = perUnit;
  }

  /// The same for the units of one step.
  void pace(String step, Duration perUnit) {
    paces.put("pm-" + step, perUnit);
  }

  private Duration paceOf(String unit) {
    return paces.getOrDefault(unit.replaceFirst("-[0-9a-f]{12}$", ""), pace);
  }

  boolean isRunning(String unit) {
    return running.containsKey(unit);
  }

  /// What systemd remembers of a unit that runs no more.
  String result(String unit) {
    return killed.getOrDefault(unit, "success");
  }

  /// Takes the lock for something that is no unit.
  boolean tryLock(Duration atMost) {
    try {
      return lock.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void unlock() {
    lock.release();
  }

  void start(String unit, Work work) {
    var run = new Run();
    running.put(unit, run);
    killed.remove(unit);
    if (paceOf(unit).isZero() && lock.tryAcquire()) {
      work(unit, run, work);
    } else {
      Thread.ofVirtual()
          .name(unit)
          .start(() -> {
            lock.acquireUninterruptibly();
            work(unit, run, work);
          });
    }
  }

  private void work(String unit, Run run, Work work) {
    try {
      boolean goesOn = machine.with(() -> !run.isKilled && work.begin());
      if (goesOn && waits(run, paceOf(unit), work::percent)) {
        machine.run(() -> {
          if (!run.isKilled) {
            work.end();
          }
        });
      }
    } finally {
      lock.release();
      running.remove(unit, run);
      run.over.complete(true);
    }
  }

  /// False: it was killed.
  private boolean waits(Run run, Duration takes, IntConsumer percent) {
    var part = takes.dividedBy(PARTS);
    for (int i = 1; i <= PARTS && !part.isZero(); i++) {
      int done = i * 100 / PARTS;
      try {
        run.over.get(part.toNanos(), TimeUnit.NANOSECONDS);
        return false;
      } catch (TimeoutException e) {
        machine.look(() -> {
          percent.accept(done);
          return done;
        });
      } catch (InterruptedException | ExecutionException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return !run.isKilled;
  }

  /// Waits for its end. True: it has ended, or never ran.
  boolean awaitEnd(String unit, Duration atMost) {
    var run = running.get(unit);
    if (run == null) {
      return true;
    }
    try {
      return run.over.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// As `systemctl kill --signal=KILL`.
  void kill(String unit) {
    var run = running.get(unit);
    if (run != null) {
      machine.look(() -> run.isKilled = true);
      running.remove(unit, run);
      killed.put(unit, "signal");
      run.over.complete(true);
    }
  }

  /// All of them, and what is remembered of them: a reset.
  void forget() {
    running.keySet().forEach(this::kill);
    killed.clear();
  }
}
