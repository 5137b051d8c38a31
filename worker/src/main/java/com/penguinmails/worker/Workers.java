package com.penguinmails.worker;

import io.temporal.worker.WorkerFactory;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/// Starts polling when everything else is there, and stops before anything is taken away: running
/// activities get a while to finish or to leave at a heartbeat.
final class Workers implements SmartLifecycle {
  private static final int DRAIN_SECONDS = 15;
  private final WorkerFactory factory;

  Workers(WorkerFactory factory) {
    this.factory = factory;
  }

  @Override
  public void start() {
    factory.start();
  }

  @Override
  public void stop() {
    factory.shutdown();
    factory.awaitTermination(DRAIN_SECONDS, TimeUnit.SECONDS);
    if (!factory.isTerminated()) {
      factory.shutdownNow();
    }
  }

  @Override
  public boolean isRunning() {
    return factory.isStarted() && !factory.isShutdown();
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }
}
