package com.penguinmails.worker;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import java.time.Duration;
import javax.sql.DataSource;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a worker may call a seller, the others have not left to call.
class SharedCallRateIT {
  private static final double SELDOM = 0.001;

  private PostgresForTests postgres;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void sendsAwayWhoWouldWaitForLong() {
    worker(postgres.app()).await();

    assertThatThrownBy(worker(postgres.unpooledApp())::await)
        .hasMessageContaining("hostwinds was not called")
        .asInstanceOf(InstanceOfAssertFactories.type(RateLimited.class))
        .extracting(RateLimited::retryAfter, InstanceOfAssertFactories.DURATION)
        .isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void isKeptByEachAloneWhileTheDatabaseIsAway() {
    var gone = PostgresForTests.freshDatabase();
    var worker = worker(gone.unpooledApp());
    gone.close();

    assertThatCode(worker::await).doesNotThrowAnyException();
  }

  private static CallRate worker(DataSource app) {
    return new SharedCallRate(app, "hostwinds", SELDOM);
  }
}
