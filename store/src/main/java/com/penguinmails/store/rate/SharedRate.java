package com.penguinmails.store.rate;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.BlockingBucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.jdbc.PrimaryKeyMapper;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import java.time.Duration;
import javax.sql.DataSource;

/// So many turns a second, and no more than a second's at once, for all processes that share a
/// database. Time is that of each process' clock: clocks that differ by a second differ by a
/// second's turns.
public final class SharedRate {
  private static final Duration ONE_ANSWER = Duration.ofSeconds(5);

  private final BlockingBucket turns;

  /// @param app as `penguin_app`; asked at each turn
  /// @param name whose turns; with another `perSecond` they are counted anew
  /// @param perSecond above 0; 0.5 is one turn in two seconds
  public SharedRate(DataSource app, String name, double perSecond) {
    if (!(perSecond > 0)) {
      throw new IllegalArgumentException(name + ": " + perSecond + " turns a second are none");
    }
    long atOnce = Math.max(1, (long) perSecond);
    var again = Duration.ofNanos((long) (atOnce / perSecond * Duration.ofSeconds(1).toNanos()));
    var limit = Bandwidth.builder().capacity(atOnce).refillGreedy(atOnce, again).build();
    turns =
        Bucket4jPostgreSQL.selectForUpdateBasedBuilder(app)
            .table("shared_rate")
            .primaryKeyMapper(PrimaryKeyMapper.STRING)
            .requestTimeout(ONE_ANSWER)
            .build()
            .builder()
            .build(
                name + " " + perSecond + "/s",
                () -> BucketConfiguration.builder().addLimit(limit).build())
            .asBlocking();
  }

  /// Waits for a turn and takes it.
  ///
  /// @param atMost above 0
  /// @return false, at once: none would come in time, and none is taken
  /// @throws RuntimeException the database does not answer
  public boolean tryTake(Duration atMost) throws InterruptedException {
    return turns.tryConsume(1, atMost);
  }
}
