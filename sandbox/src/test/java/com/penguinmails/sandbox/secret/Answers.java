package com.penguinmails.sandbox.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that can be asked over HTTP, headers and bodies as they come.
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Place> places = new ArrayList<>();
  private final Optional<String> apiKey;

  /// @param apiKey shown with each request; empty: anonymous
  Answers(Optional<String> apiKey) {
    this.apiKey = apiKey;
  }

  List<Place> places() {
    return List.copyOf(places);
  }

  /// Keeps answers that somebody else was given.
  void keep(List<Place> others) {
    places.addAll(others);
  }

  /// Asks and keeps the answer, whatever it is.
  String get(URI uri) {
    return keep("GET", HttpRequest.newBuilder(uri).GET());
  }

  String post(URI uri, String idempotencyKey, String body) {
    return keep(
        "POST",
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofString(body)));
  }

  String post(URI uri, String idempotencyKey, Map<String, ?> body) {
    try {
      return post(uri, idempotencyKey, JSON.writeValueAsString(body));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /// Everything the actuator at this address offers, and what it must not.
  void actuator(URI base) {
    for (var link : links(get(base.resolve("/actuator")))) {
      var path = link.path("href").asText();
      if (!path.contains("{")) {
        get(URI.create(path));
      }
    }
    for (var hidden : List.of("env", "configprops", "beans", "loggers", "threaddump", "heapdump")) {
      get(base.resolve("/actuator/" + hidden));
    }
  }

  private static JsonNode links(String body) {
    return read(body).path("_links");
  }

  /// @throws IllegalStateException it is not JSON
  static JsonNode read(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not an answer in JSON", e);
    }
  }

  private String keep(String method, HttpRequest.Builder request) {
    apiKey.ifPresent(key -> request.setHeader("Authorization", "Bearer " + key));
    var built = request.timeout(LIMIT).build();
    try {
      var answer = http.send(built, BodyHandlers.ofString());
      places.add(
          Place.of(
              "%s %s -> %d".formatted(method, built.uri().getPath(), answer.statusCode()),
              answer.headers().map() + "\n" + answer.body()));
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + built.uri().getPath(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking", e);
    }
  }
}
