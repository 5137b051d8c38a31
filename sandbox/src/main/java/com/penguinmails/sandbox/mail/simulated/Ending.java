package com.penguinmails.sandbox.mail.simulated;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/// The end of a server's threads: whoever comes after it must have its files alone.
final class Ending {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Ending() {}

  static void await(ExecutorService threads) {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
