package com.penguinmails.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.secret.KeyFile;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Readiness while PostgreSQL is stopped: who runs the API reads which part is away, and whoever
/// restarts what does not live leaves it alone.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.config.name=api")
@Import(ApiIT.InMemoryTemporal.class)
class DatabaseAwayIT {
  @TempDir private static Path directory;
  private static EmbeddedPostgres postgres;

  @LocalServerPort private int port;
  @LocalManagementPort private int managementPort;

  @BeforeAll
  static void start() throws IOException {
    postgres = server().start();
  }

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", () -> postgres.getJdbcUrl("postgres", "postgres"));
    registry.add("spring.datasource.username", () -> "postgres");
    registry.add("spring.datasource.password", () -> "postgres");
    registry.add("spring.datasource.hikari.connection-timeout", () -> "1000");
    registry.add("management.server.port", () -> "0");
    registry.add("penguin.installation.kind", () -> "test");
    registry.add("penguin.codec.key-file", () -> key("codec"));
    registry.add("penguin.secret.master-key-file", () -> key("master"));
  }

  @AfterAll
  static void stop() throws IOException {
    postgres.close();
  }

  @Test
  void isNotReadyAndNamesTheDatabaseUntilItIsBack() throws Exception {
    assertThat(get(managementPort, "/actuator/health/readiness").statusCode()).isEqualTo(200);
    int listenedOn = postgres.getPort();

    postgres.close();

    var away = get(managementPort, "/actuator/health/readiness");
    assertThat(away.statusCode()).isEqualTo(503);
    assertThat(status(away, "db")).isEqualTo("DOWN");
    assertThat(status(away, "temporal")).isEqualTo("UP");
    assertThat(away.body()).as("names the part, not its address").doesNotContain("" + listenedOn);
    assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    assertThat(get(managementPort, "/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(get(port, "/livez").statusCode()).isEqualTo(200);

    postgres = server().setPort(listenedOn).start();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get(managementPort, "/actuator/health/readiness").statusCode() == 200);
  }

  private static EmbeddedPostgres.Builder server() {
    return EmbeddedPostgres.builder()
        .setDataDirectory(directory.resolve("postgres"))
        .setCleanDataDirectory(false);
  }

  private static String key(String name) {
    KeyFile.openOrCreate(directory.resolve(name));
    return directory.resolve(name).toString();
  }

  private static String status(HttpResponse<String> health, String part) {
    JsonNode components = new JsonMapper().readTree(health.body()).path("components");
    return components.path(part).path("status").asString("not named");
  }

  private static HttpResponse<String> get(int port, String path) {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
