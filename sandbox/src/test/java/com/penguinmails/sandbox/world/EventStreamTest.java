package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A server that hangs up in mid-stream, as the API does when it is restarted.
@Timeout(20)
class EventStreamTest {
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> resumedAfter = new ArrayList<>();
  private final List<String> seen = new ArrayList<>();
  private HttpServer server;
  private HttpClient http;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/events", this::answer);
    server.start();
    http = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  @Test
  void resumesAfterTheLastWholeEventWhenTheStreamBreaks() {
    answers.add("retry: 1\n\nevent: snapshot\nid: 3\ndata: 1\n\n: alive\n\n");
    answers.add("event: progress\nid: 4\ndata: 2\n\nevent: progress\nid: 5\ndata: 3\n");
    answers.add("event: progress\nid: 5\ndata: 3\n\nevent: end\nid: 5\ndata: 4\n\n");

    follow(Duration.ofSeconds(10));

    assertThat(seen).containsExactly("snapshot 1", "progress 2", "progress 3", "end 4");
    assertThat(resumedAfter).containsExactly("", "3", "4");
  }

  @Test
  void waitsForAServerThatIsAway() {
    answers.add("retry: 1\n\nevent: snapshot\nid: 3\ndata: 1\n\n");
    answers.add("503");
    answers.add("event: end\nid: 4\ndata: 2\n\n");

    follow(Duration.ofSeconds(10));

    assertThat(seen).containsExactly("snapshot 1", "end 2");
    assertThat(resumedAfter).containsExactly("", "3", "3");
  }

  @Test
  void givesUpOnAServerThatStaysAway() {
    answers.add("retry: 1\n\n");
    for (int i = 0; i < 1_000; i++) {
      answers.add("503");
    }

    assertThatThrownBy(() -> follow(Duration.ofMillis(50)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("stays away");
  }

  @Test
  void doesNotAskAgainWhenRefused() {
    answers.add("403");

    assertThatThrownBy(() -> follow(Duration.ofSeconds(10)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("403");
    assertThat(resumedAfter).hasSize(1);
  }

  private void follow(Duration patience) {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/events"))
            .build();
    new EventStream(http, request, patience)
        .follow((name, data) -> seen.add(name + " " + data.asInt()));
  }

  /// Sends the next answer and closes the connection; three digits are a status.
  private void answer(HttpExchange exchange) throws IOException {
    var last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
    resumedAfter.add(last == null ? "" : last);
    var text = answers.remove();
    try (exchange) {
      if (text.matches("[0-9]{3}")) {
        exchange.sendResponseHeaders(Integer.parseInt(text), -1);
        return;
      }
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
