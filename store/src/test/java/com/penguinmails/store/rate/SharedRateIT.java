package com.penguinmails.store.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two processes, each with a pool of its own, call no faster than one.
class SharedRateIT {
  private static final double SELDOM = 0.001;
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private static PostgresForTests postgres;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void aTurnThatOneTookTheOtherHasNot() throws Exception {
    assertThat(rate("seldom", SELDOM).tryTake(AT_ONCE)).isTrue();

    assertThat(rate("seldom", SELDOM).tryTake(Duration.ofSeconds(10))).isFalse();
    assertThat(rate("another", SELDOM).tryTake(AT_ONCE)).isTrue();
  }

  @Test
  void whoIsNotServedTakesNothing() throws Exception {
    var rate = rate("two at once", 2);
    var began = Instant.now();
    assertThat(rate.tryTake(AT_ONCE)).isTrue();
    assertThat(rate.tryTake(AT_ONCE)).isTrue();

    for (int i = 0; i < 10; i++) {
      rate.tryTake(AT_ONCE);
    }
    assertThat(rate.tryTake(Duration.between(began, Instant.now()).plusSeconds(1))).isTrue();
  }

  @Test
  void togetherTheyAreNoFasterThanOne() throws Exception {
    var began = Instant.now();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var taken =
          IntStream.range(0, 4)
              .mapToObj(_ -> rate("forty a second", 40))
              .map(rate -> threads.submit(() -> take(rate, 25)))
              .toList();
      for (var all : taken) {
        all.get();
      }
    }

    // Forty of the hundred at once.
    assertThat(Duration.between(began, Instant.now())).isGreaterThan(Duration.ofMillis(1_400));
  }

  @Test
  void aChangedPaceIsKeptFromThenOn() throws Exception {
    assertThat(rate("changed", SELDOM).tryTake(AT_ONCE)).isTrue();

    assertThat(rate("changed", 100).tryTake(AT_ONCE)).isTrue();
  }

  @Test
  void noTurnsAtAllAreRefused() {
    assertThatThrownBy(() -> rate("none", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none: 0.0 turns a second");
  }

  private static Void take(SharedRate rate, int turns) throws InterruptedException {
    for (int i = 0; i < turns; i++) {
      assertThat(rate.tryTake(Duration.ofMinutes(1))).isTrue();
    }
    return null;
  }

  private static SharedRate rate(String name, double perSecond) {
    return new SharedRate(postgres.app(), name, perSecond);
  }
}
