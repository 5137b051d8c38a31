package com.penguinmails.activities.server;

import io.temporal.activity.Activity;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Heartbeats of an activity that waits for one long answer, so that a worker that died in it is
/// missed within the heartbeat time-out and not after the start-to-close time-out. How long the
/// answer may take is the caller's limit: beating says that the worker lives, not the host.
public final class Heartbeats {
  private static final Duration EVERY = Duration.ofSeconds(5);

  private Heartbeats() {}

  /// Does the work on this thread and beats beside it.
  public static <T> T during(Supplier<T> work) {
    var context = Activity.getExecutionContext();
    var isOver = new AtomicBoolean();
    var beating =
        Thread.ofVirtual()
            .name("heartbeats")
            .start(() -> {
              while (!isOver.get()) {
                LockSupport.parkNanos(EVERY.toNanos());
                try {
                  context.heartbeat(null);
                } catch (ActivityCompletionException over) {
                  return; // cancelled or timed out: the work ends by itself, its answer is dropped
                }
              }
            });
    try {
      return work.get();
    } finally {
      isOver.set(true);
      LockSupport.unpark(beating);
    }
  }
}
