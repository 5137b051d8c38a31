package com.penguinmails.worker;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.store.rate.SharedRate;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import java.time.Duration;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A seller's limit that holds for all workers together; while the database does not answer, for
/// each alone. Who would wait too long is sent away, so that nobody's attempt ends while it waits.
final class SharedCallRate implements CallRate {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCallRate.class);
  private static final Duration WAITS_AT_MOST = Duration.ofSeconds(15);
  private static final Duration COME_AGAIN = Duration.ofSeconds(30);

  private final String seller;
  private final CallRate alone;
  private final SharedRate together;

  /// @param callsPerSecond above 0
  SharedCallRate(DataSource app, String seller, double callsPerSecond) {
    this.seller = seller;
    this.alone = CallRate.perSecond(callsPerSecond);
    this.together = new SharedRate(app, "vps/" + seller, callsPerSecond);
  }

  @Override
  public void await() {
    if (!isTurn()) {
      throw new RateLimited(
          seller + " was not called: too many calls are waiting for our own limit there",
          COME_AGAIN);
    }
  }

  private boolean isTurn() {
    try {
      return together.tryTake(WAITS_AT_MOST);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new RateLimited(seller + " was not called: the worker stops", COME_AGAIN);
    } catch (RuntimeException dead) {
      LOG.atWarn()
          .setCause(dead)
          .addKeyValue("seller", seller)
          .log("The limit of all workers cannot be read; this one keeps it alone");
      alone.await();
      return true;
    }
  }
}
