package com.penguinmails.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.tenant.TenantStore;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Orders are taken while Temporal is away: the row is there, a sweep starts it later, and its
/// answer says why nothing happens.
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.config.name=api")
class TemporalAwayIT {
  @TempDir private static Path keys;
  private static final PostgresForTests DATABASE = PostgresForTests.freshDatabase();

  @LocalServerPort private int port;
  @Autowired private TenantStore tenants;

  @DynamicPropertySource
  static void settings(DynamicPropertyRegistry registry) {
    registry.add("spring.datasource.url", DATABASE::jdbcUrl);
    registry.add("spring.datasource.username", () -> "penguin_app");
    registry.add("spring.datasource.password", () -> "penguin_app");
    registry.add("management.server.port", () -> "0");
    registry.add("penguin.installation.kind", () -> "test");
    registry.add("penguin.temporal.address", () -> "127.0.0.1:1"); // nobody listens there
    registry.add("penguin.temporal.patience", () -> "1s");
    registry.add("penguin.api.start-wait", () -> "300ms");
    registry.add("penguin.codec.key-file", () -> key("codec"));
    registry.add("penguin.secret.master-key-file", () -> key("master"));
  }

  private static String key(String name) {
    KeyFile.openOrCreate(keys.resolve(name));
    return keys.resolve(name).toString();
  }

  @AfterAll
  static void stop() {
    DATABASE.close();
  }

  @Test
  void takesTheOrderAndTheCancelAndSaysThatItIsNotReady() throws Exception {
    var key = tenants.createApiKey(tenants.create("Acme").id(), "tests").key();

    var created = send(key, "POST", "/api/v1/setups", order("acme.test", "10.1.2.3"));

    assertThat(created.statusCode()).as(created.body()).isEqualTo(202);
    var location = created.headers().firstValue("Location").orElseThrow();
    assertThat(
            JdbcClient.create(DATABASE.superuser())
                .sql("SELECT state FROM setup WHERE id = CAST(:id AS uuid)")
                .param("id", location.substring(location.lastIndexOf('/') + 1))
                .query(String.class)
                .single())
        .isEqualTo("REQUESTED");
    assertThat(send(key, "POST", location + "/retry", "").statusCode()).isEqualTo(503);
    assertThat(send(key, "POST", location + "/cancel", "").statusCode()).isEqualTo(202);
    assertThat(send(key, "GET", location, "").body()).contains("\"HELD\"");
    assertThat(send(key, "POST", location + "/resume", "").statusCode()).isEqualTo(202);
    assertThat(send(key, "GET", location, "").body()).contains("\"REQUESTED\"");
    assertThat(send(key, "GET", "/readyz", "").statusCode()).isEqualTo(503);
    assertThat(send(key, "GET", "/livez", "").statusCode()).isEqualTo(200);
  }

  @Test
  void saysThatTemporalIsAwayUntilTheSetupHasEnded() throws Exception {
    var key = tenants.createApiKey(tenants.create("Acme").id(), "tests").key();
    var created = send(key, "POST", "/api/v1/setups", order("waiting.test", "10.1.2.4"));
    var location = created.headers().firstValue("Location").orElseThrow();

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(attention(key, location)).hasSize(1));
    var told = attention(key, location).get(0);
    assertThat(told.get("cause").stringValue()).isEqualTo("TEMPORAL_AWAY");
    assertThat(told.get("what").stringValue()).contains("Nothing is lost");
    assertThat(told.get("nextStep").stringValue()).contains("goes on by itself");
    assertThat(told.get("whoActs").stringValue()).isEqualTo("STAFF");
    var once = attention(key, location);
    assertThat(attention(key, location)).as("the same as long as it lasts").isEqualTo(once);

    end(location);
    assertThat(attention(key, location)).as("nothing waits for Temporal").isEmpty();
  }

  private JsonNode attention(String key, String location) throws Exception {
    return new JsonMapper().readTree(send(key, "GET", location, "").body()).get("attention");
  }

  private static void end(String location) {
    JdbcClient.create(DATABASE.superuser())
        .sql(
            "UPDATE setup SET state = 'CANCELLED', finished_at = now() WHERE id = CAST(:id AS uuid)")
        .param("id", location.substring(location.lastIndexOf('/') + 1))
        .update();
  }

  private static String order(String domain, String address) {
    return """
    {"domain": "%s", "server": {"address": "%s", "password": "p"},
     "dns": {"provider": "rfc2136", "server": "10.0.0.3", "keyName": "k",
             "secret": "MDEyMzQ1Njc4OTAxMjM0NQ=="},
     "mailbox": {"localPart": "anna"}}
    """
        .formatted(domain, address);
  }

  private HttpResponse<String> send(String key, String method, String path, String body)
      throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .header("Authorization", "Bearer " + key)
              .header("Idempotency-Key", UUID.randomUUID().toString())
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
