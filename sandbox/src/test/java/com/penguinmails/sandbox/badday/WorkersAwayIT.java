package com.penguinmails.sandbox.badday;

import static com.penguinmails.sandbox.badday.OwnProduct.assertTells;
import static com.penguinmails.sandbox.badday.OwnProduct.untilInTheMiddle;
import static com.penguinmails.sandbox.badday.OwnProduct.untilNothingIsMissed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Every worker dies in the middle of a set-up, while somebody has its page open.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(600)
class WorkersAwayIT {
  /// A worker's poll at Temporal lasts a minute: so long nobody can tell that it is dead. Then
  /// comes the reserve for busy machines, and the page's next heartbeat.
  private static final Duration UNTIL_MISSED = Duration.ofMinutes(4);

  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final List<String> seen = new CopyOnWriteArrayList<>();

  @Test
  void theOpenPageGoesOnWhenAWorkerIsBack(@TempDir Path directory) {
    try (var product = OwnProduct.start(directory)) {
      var setup = product.order("no-worker.test");
      var client = product.client();
      var link = client.viewLink(setup.id());
      var page = CompletableFuture.runAsync(() -> client.followPage(link, this::shows));
      untilInTheMiddle(setup);

      product.stopWorker();
      await()
          .atMost(UNTIL_MISSED)
          .untilAsserted(() -> {
            assertThat(told).isNotEmpty();
            assertTells(told.getLast(), "WORKERS_AWAY");
          });
      assertTells(setup.look(), "WORKERS_AWAY");
      assertThat(page).as("stays open").isNotDone();
      int before = seen.size();

      product.startWorker();
      untilNothingIsMissed(setup);
      await().atMost(Duration.ofMinutes(3)).until(page::isDone);
      assertThat(page).isCompleted();
      assertThat(seen).as("told of the rest").hasSizeGreaterThan(before);
      assertThat(told.getLast().path("attention")).as("nobody is missed at its end").isEmpty();
      assertThat(setup.state()).isEqualTo("DONE");
      assertThat(setup.causes()).isEmpty();
      product.assertBoughtOnce(1);
    }
  }

  private boolean shows(String event, JsonNode data) {
    seen.add(event);
    if (event.equals("state")) {
      told.add(data);
    }
    return true;
  }
}
