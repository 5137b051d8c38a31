package com.penguinmails.activities.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReserveTest {
  private final AtomicInteger made = new AtomicInteger();

  @Test
  void givesEachOutOnceHoweverManyAreAskedFor() {
    try (var reserve = new Reserve<>(3, Duration.ZERO, made::incrementAndGet)) {
      await().untilAsserted(() -> assertThat(reserve.size()).isEqualTo(3));

      assertThat(IntStream.range(0, 20).mapToObj(_ -> reserve.take())).doesNotHaveDuplicates();
    }
  }

  @Test
  void makesNothingAheadWhileOthersAreAskedFor() {
    try (var reserve = new Reserve<>(3, Duration.ofHours(1), made::incrementAndGet)) {
      assertThat(reserve.take()).isEqualTo(1);
      assertThat(reserve.take()).isEqualTo(2);
      assertThat(reserve.size()).isZero();
    }
  }

  @Test
  void goesOnWhenOneCouldNotBeMade() {
    try (var reserve =
        new Reserve<>(
            1,
            Duration.ZERO,
            () -> {
              if (made.incrementAndGet() == 1) {
                throw new IllegalStateException("not this time");
              }
              return made.get();
            })) {
      await().untilAsserted(() -> assertThat(reserve.size()).isEqualTo(1));
    }
  }
}
