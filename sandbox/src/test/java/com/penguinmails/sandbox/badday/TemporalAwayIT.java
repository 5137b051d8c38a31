package com.penguinmails.sandbox.badday;

import static com.penguinmails.sandbox.badday.OwnProduct.assertTells;
import static com.penguinmails.sandbox.badday.OwnProduct.staysAway;
import static com.penguinmails.sandbox.badday.OwnProduct.untilInTheMiddle;
import static com.penguinmails.sandbox.badday.OwnProduct.untilNothingIsMissed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Temporal dies in the middle of a set-up. Who looks is told; orders are taken, and done later.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class TemporalAwayIT {
  @Test
  void takesOrdersWhileTemporalIsAway(@TempDir Path directory) {
    try (var product = OwnProduct.start(directory)) {
      var begun = product.order("temporal-dies.test");
      untilInTheMiddle(begun);
      product.world().temporal().kill();

      var ordered = product.order("temporal-away.test");
      for (var setup : List.of(begun, ordered)) {
        await()
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertTells(setup.look(), "TEMPORAL_AWAY"));
      }
      staysAway(() -> {
        assertThat(ordered.state()).isNotIn("DONE", "FAILED", "CANCELLED");
        assertThat(begun.state()).isNotIn("DONE", "FAILED", "CANCELLED");
      });

      product.world().temporal().restart();
      for (var setup : List.of(begun, ordered)) {
        untilNothingIsMissed(setup);
      }
      begun.untilState("DONE");
      ordered.untilState("DONE");
      assertThat(begun.causes()).isEmpty();
      assertThat(ordered.causes()).isEmpty();
      product.assertBoughtOnce(2);
    }
  }
}
