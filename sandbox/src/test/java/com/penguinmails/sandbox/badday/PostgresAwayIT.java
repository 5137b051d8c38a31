package com.penguinmails.sandbox.badday;

import static com.penguinmails.sandbox.badday.OwnProduct.staysAway;
import static com.penguinmails.sandbox.badday.OwnProduct.untilInTheMiddle;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// PostgreSQL dies in the middle of a set-up: nothing can be told until it is back but that.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class PostgresAwayIT {
  @Test
  void goesOnWhenPostgresIsBack(@TempDir Path directory) {
    try (var product = OwnProduct.start(directory)) {
      var setup = product.order("postgres-away.test");
      untilInTheMiddle(setup);

      product.world().database().kill();
      staysAway(() -> {
        var answer = product.client().look(setup.id());
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(503);
        assertThat(answer.body().path("type").asText()).isEqualTo("/problems/unavailable");
        assertThat(answer.body().toString()).contains("Nothing is lost: ask again");
      });

      product.world().database().restart();
      setup.untilState("DONE");
      product.assertBoughtOnce(1);
    }
  }
}
