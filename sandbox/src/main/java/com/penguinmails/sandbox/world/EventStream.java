package com.penguinmails.sandbox.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads server-sent events (WHATWG HTML, 9.2) to their end, over as many connections as it takes:
/// a new one resumes after the last event seen (`Last-Event-ID`), so that a restarted server costs
/// the reader nothing.
final class EventStream {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int OK = 200;
  private static final int FIRST_SERVER_ERROR = 500;

  private final HttpClient http;
  private final HttpRequest request;
  private final Duration patience;
  private Duration pause = Duration.ofSeconds(2);
  private String lastId = "";

  /// @param patience how long the server may be away before that is an error
  EventStream(HttpClient http, HttpRequest request, Duration patience) {
    this.http = http;
    this.request = request;
    this.patience = patience;
  }

  /// Returns when `follower` says no (false), after the event `end`, or when the thread is
  /// interrupted, which it then still is.
  ///
  /// @throws IllegalStateException the server refuses the stream
  /// @throws UncheckedIOException the server stays away longer than the patience
  void follow(BiPredicate<String, JsonNode> follower) {
    var lastHeard = Instant.now();
    while (true) {
      try {
        if (readOnce(follower)) {
          return;
        }
        lastHeard = Instant.now(); // it was there, and hung up
      } catch (IOException e) {
        if (Instant.now().isAfter(lastHeard.plus(patience))) {
          throw new UncheckedIOException(request.uri().getPath() + " stays away", e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (!waited()) {
        return;
      }
    }
  }

  /// @return whether nothing more is to be read
  private boolean readOnce(BiPredicate<String, JsonNode> follower)
      throws IOException, InterruptedException {
    var again = HttpRequest.newBuilder(request, (_, _) -> true);
    if (!lastId.isEmpty()) {
      again.setHeader("Last-Event-ID", lastId);
    }
    var response = http.send(again.build(), BodyHandlers.ofLines());
    try (var lines = response.body()) {
      if (response.statusCode() >= FIRST_SERVER_ERROR) {
        throw new IOException("status " + response.statusCode());
      }
      if (response.statusCode() != OK) {
        throw new IllegalStateException(
            "%s was answered with %d: %s"
                .formatted(
                    request.uri().getPath(),
                    response.statusCode(),
                    String.join(" ", lines.limit(20).toList())));
      }
      return read(lines, follower);
    } catch (UncheckedIOException e) {
      throw new IOException("the stream broke", e);
    }
  }

  private boolean read(Stream<String> lines, BiPredicate<String, JsonNode> follower)
      throws IOException {
    var event = new Event();
    for (var line : (Iterable<String>) lines::iterator) {
      var colon = line.indexOf(':');
      var field = colon < 0 ? line : line.substring(0, colon);
      var value = colon < 0 ? "" : line.substring(colon + 1).strip();
      switch (field) {
        case "event" -> event.name = value;
        case "data" -> event.data = value;
        case "id" -> event.id = value;
        case "retry" -> pause = Duration.ofMillis(Long.parseLong(value));
        default -> {} // a comment, or the empty line after an event
      }
      if (line.isEmpty() && event.data != null) {
        var isLast = !follower.test(event.name, JSON.readTree(event.data));
        lastId = event.id; // seen once it was shown
        if (isLast || event.name.equals("end")) {
          return true;
        }
        event = new Event();
      }
    }
    return false;
  }

  /// @return whether the wait was not interrupted
  private boolean waited() {
    try {
      Thread.sleep(pause);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// One event while its lines come in. Ours have one data line each.
  private static final class Event {
    private String name = "message";
    private String id = "";
    private @Nullable String data;
  }
}
