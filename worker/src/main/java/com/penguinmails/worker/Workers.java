package com.penguinmails.worker;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/// Starts polling when everything else is there, and stops before anything is taken away: running
/// activities get a while to finish or to leave at a heartbeat. Temporal may come later than we do;
/// anything else that is wrong with it at the start, such as a missing namespace, ends the start.
final class Workers implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final Set<Status.Code> AWAY =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final int DRAIN_SECONDS = 15;

  private final WorkerFactory factory;
  private final Duration again;
  private volatile @Nullable Thread waiting;

  Workers(WorkerFactory factory) {
    this(factory, AGAIN);
  }

  /// @param again how long after a try the next one comes while Temporal is away
  Workers(WorkerFactory factory, Duration again) {
    this.factory = factory;
    this.again = again;
  }

  @Override
  public void start() {
    try {
      factory.start();
    } catch (StatusRuntimeException failure) {
      if (!AWAY.contains(failure.getStatus().getCode())) {
        throw failure;
      }
      waiting = Thread.ofVirtual().name("waiting-for-temporal").start(this::untilStarted);
    }
  }

  private void untilStarted() {
    while (true) {
      try {
        LOG.warn("Temporal does not take workers; trying again in {}", again);
        Thread.sleep(again);
        factory.start();
        LOG.info("Temporal is there; polling");
        return;
      } catch (StatusRuntimeException failure) {
        LOG.atDebug().setCause(failure).log("Temporal is not there yet");
      } catch (InterruptedException stopping) {
        return;
      }
    }
  }

  @Override
  public void stop() {
    var thread = waiting;
    if (thread != null) {
      thread.interrupt();
      waiting = null;
    }
    factory.shutdown();
    factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    if (!factory.isTerminated()) {
      factory.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return (factory.isStarted() || waiting != null) && !factory.isShutdown();
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
