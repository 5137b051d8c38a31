package com.penguinmails.api.command;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running API, asked with a tenant's key.
public final class ApiClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI api;
  private final String key;

  public ApiClient(URI api, String key) {
    this.api = api;
    this.key = key;
  }

  /// Where the environment says that the API listens.
  ///
  /// @throws IllegalArgumentException that is no address
  public static URI address(Map<String, String> environment) {
    return URI.create(environment.getOrDefault("PENGUIN_API_URL", "http://127.0.0.1:8080"));
  }

  /// @throws IOException also when the API said no, with its words
  public JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  /// @param body JSON
  /// @throws IOException also when the API said no, with its words
  public JsonNode post(String path, String idempotencyKey, byte[] body)
      throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", idempotencyKey)
            .POST(BodyPublishers.ofByteArray(body))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(api.resolve(path))
        .timeout(LIMIT)
        .header("Accept", "application/json")
        .header("Authorization", "Bearer " + key);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    var response = http.send(request, BodyHandlers.ofString());
    try {
      var answer = JSON.readTree(response.body());
      if (response.statusCode() / 100 == 2) {
        return answer;
      }
      throw new IOException(said(response.statusCode(), answer));
    } catch (JacksonException e) {
      throw new IOException(
          "%s answered %d, and not as the API does".formatted(request.uri(), response.statusCode()),
          e);
    }
  }

  private static String said(int status, JsonNode problem) {
    var said = new StringBuilder("%d %s".formatted(status, problem.path("detail").asString("")));
    problem
        .path("faults")
        .forEach(fault ->
            said.append("\n  ")
                .append(fault.path("field").asString(""))
                .append(' ')
                .append(fault.path("detail").asString("")));
    return said.toString();
  }

  @Override
  public void close() {
    http.close();
  }
}
