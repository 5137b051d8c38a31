package com.penguinmails.sandbox.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.function.BiPredicate;

/// A tenant's program: speaks to the API over HTTP and nothing else.
public final class TenantClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration API_MAY_BE_AWAY = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final String key;

  public TenantClient(URI api, String key) {
    this.api = api;
    this.key = key;
  }

  /// An answer: status and body.
  public record Answer(int status, JsonNode body) {}

  /// Orders a set-up.
  public Answer order(String idempotencyKey, Map<String, ?> request) {
    return send("/api/v1/setups", idempotencyKey, request);
  }

  /// Rehearses a set-up.
  public Answer rehearse(String idempotencyKey, Map<String, ?> request) {
    return rehearseAs("true", idempotencyKey, request);
  }

  /// As above, with a word of one's own for `dryRun`.
  public Answer rehearseAs(String dryRun, String idempotencyKey, Map<String, ?> request) {
    return send("/api/v1/setups?dryRun=" + dryRun, idempotencyKey, request);
  }

  /// A plan as it is now.
  public Answer plan(String plan) {
    return answer(request("/api/v1/plans/" + plan).GET().build());
  }

  /// Sends a command to a set-up: `cancel` or `retry`.
  public Answer command(String setup, String command, String idempotencyKey) {
    return send("/api/v1/setups/" + setup + "/" + command, idempotencyKey, Map.of());
  }

  /// Tries again what is stuck, with something corrected.
  public Answer retry(String setup, String idempotencyKey, Map<String, ?> correction) {
    return send("/api/v1/setups/" + setup + "/retry", idempotencyKey, correction);
  }

  /// Sends any other order.
  ///
  /// @param path such as `/api/v1/mailboxes/<id>/reveal`
  public Answer post(String path, String idempotencyKey, Map<String, ?> body) {
    return send(path, idempotencyKey, body);
  }

  /// Reads anything.
  public Answer get(String path) {
    return answer(request(path).GET().build());
  }

  /// Removes something.
  public Answer delete(String path, String idempotencyKey) {
    return answer(request(path).header("Idempotency-Key", idempotencyKey).DELETE().build());
  }

  /// A set-up as it is now.
  public Answer look(String setup) {
    return answer(request("/api/v1/setups/" + setup).GET().build());
  }

  /// A link to the set-up's page that works in a browser.
  public String viewLink(String setup) {
    return send("/api/v1/setups/" + setup + "/view-link", setup, Map.of())
        .body()
        .path("url")
        .asText();
  }

  /// Follows a set-up's events until `follower` says no (false) or the set-up has ended, also when
  /// the API is restarted meanwhile.
  ///
  /// @param follower is given the event's name and data
  public void follow(String setup, BiPredicate<String, JsonNode> follower) {
    follow(
        HttpRequest.newBuilder(api.resolve("/api/v1/setups/" + setup + "/events"))
            .header("Authorization", "Bearer " + key),
        follower);
  }

  /// As above, as the page does that the link leads to: by what is in the link, and no key.
  ///
  /// @param viewLink of [#viewLink]
  public void followPage(String viewLink, BiPredicate<String, JsonNode> follower) {
    var page = URI.create(viewLink);
    var events = page.getRawPath() + "/events?" + page.getRawQuery();
    follow(HttpRequest.newBuilder(page.resolve(events)), follower);
  }

  private void follow(HttpRequest.Builder events, BiPredicate<String, JsonNode> follower) {
    var request = events.header("Accept", "text/event-stream").build();
    new EventStream(http, request, API_MAY_BE_AWAY).follow(follower);
  }

  private Answer send(String path, String idempotencyKey, Map<String, ?> body) {
    try {
      return answer(
          request(path)
              .header("Content-Type", "application/json")
              .header("Idempotency-Key", idempotencyKey)
              .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
              .build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(api.resolve(path))
        .timeout(LIMIT)
        .header("Authorization", "Bearer " + key);
  }

  private Answer answer(HttpRequest request) {
    try {
      var response = http.send(request, BodyHandlers.ofString());
      return new Answer(
          response.statusCode(),
          response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(request.method() + " " + request.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking the API", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
