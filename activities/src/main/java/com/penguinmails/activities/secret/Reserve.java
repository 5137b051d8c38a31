package com.penguinmails.activities.secret;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Things that take a processor long to make and are the same for everybody, made ahead while
/// nobody asks for one. Kept in memory only; each is given out once.
public final class Reserve<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  private static final Duration BETWEEN = Duration.ofMillis(100); // leaves a processor to others

  private final Supplier<T> make;
  private final Duration quiet;
  private final BlockingQueue<T> ready;
  private final ScheduledExecutorService maker;
  private volatile long asked = System.nanoTime();

  /// @param size how many are kept; at least one
  /// @param quiet how long nobody must have asked before one is made ahead
  /// @param make safe to call from any thread
  public Reserve(int size, Duration quiet, Supplier<T> make) {
    this.make = make;
    this.quiet = quiet;
    this.ready = new ArrayBlockingQueue<>(size);
    this.maker =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("made-ahead-", 0).factory());
    var _ =
        maker.scheduleWithFixedDelay(this::makeOne, 0, BETWEEN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// One that nobody else has. Made now when none is left.
  public T take() {
    asked = System.nanoTime();
    var one = ready.poll();
    return one == null ? make.get() : one;
  }

  /// How many are there.
  int size() {
    return ready.size();
  }

  private void makeOne() {
    if (ready.remainingCapacity() == 0 || System.nanoTime() - asked < quiet.toNanos()) {
      return;
    }
    try {
      var _ = ready.offer(make.get());
    } catch (RuntimeException e) { // whoever takes one makes it, and is told
      LOG.atWarn().setCause(e).log("Nothing could be made ahead");
    }
  }

  @Override
  public void close() {
    maker.shutdownNow();
    ready.clear();
  }
}
