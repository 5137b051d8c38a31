package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.api.ApiApplication;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.store.tenancy.MigrateCommand;
import com.penguinmails.store.tenant.TenantCommand;
import com.penguinmails.worker.WorkerApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `./penguin migrate`, `tenant` and `up` against services of ours, told everything by the
/// environment alone, as the README says.
@Timeout(300)
class UpIT {
  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path directory;

  @Test
  void startsFromTheEnvironmentAlone() throws Exception {
    try (var database = EmbeddedDatabase.start(directory.resolve("postgres"));
        var temporal =
            TemporalServer.start(TemporalServer.Place.in(directory.resolve("temporal")))) {
      database.createDatabaseIfAbsent("penguin");
      var environment = environment(database.jdbcUrl("penguin"), temporal.target());
      var migrated = run(environment, MigrateCommand.class, "--roles");
      var tenant = run(environment, TenantCommand.class, "Acme");
      try (var _ = start("worker", environment, WorkerApplication.class);
          var _ = start("api", environment, ApiApplication.class)) {
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> readiness(environment, "api") == 200);
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(500))
            .until(() -> readiness(environment, "worker") == 200);

        assertThat(migrated).contains("newest version");
        var list = list(environment, tenant.substring(tenant.indexOf("pm_")).strip());
        assertThat(list.statusCode()).isEqualTo(200);
        assertThat(health(environment)).contains("\"db\"").contains("\"temporal\"");

        temporal.kill();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() ->
                readiness(environment, "api") == 503 && readiness(environment, "worker") == 503);
      }
    }
  }

  @Test
  void saysWhichSettingsAreMissing() throws Exception {
    var up = new ProcessBuilder(Path.of("..", "penguin").toAbsolutePath().toString(), "up");
    up.environment().keySet().removeIf(name -> name.matches("(PENGUIN|SPRING|TEMPORAL)_.*"));
    up.environment().put("SPRING_DATASOURCE_PASSWORD", "known");
    up.environment().put("PENGUIN_CODEC_KEYFILE", directory.resolve("none").toString());

    var process = up.redirectErrorStream(true).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said.lines())
        .contains("  PENGUIN_WORKER_SWEEPPOOL_PASSWORD is not set")
        .contains("  PENGUIN_CODEC_KEYFILE: " + directory.resolve("none") + " cannot be read")
        .noneMatch(line -> line.contains("SPRING_DATASOURCE_PASSWORD") || line.contains("\tat "));
  }

  private Map<String, String> environment(String url, String temporal) throws IOException {
    var master = directory.resolve("master.keys");
    var codec = directory.resolve("codec.keys");
    KeyFile.openOrCreate(master);
    KeyFile.openOrCreate(codec);
    var environment = new TreeMap<String, String>();
    environment.put("PENGUIN_OWNER_URL", url);
    environment.put("PENGUIN_OWNER_PASSWORD", "of-the-owner");
    environment.put("PENGUIN_SUPERUSER_PASSWORD", "postgres");
    environment.put("PENGUIN_APP_PASSWORD", "of-the-pool");
    environment.put("PENGUIN_SWEEP_PASSWORD", "of-the-sweep");
    environment.put("PENGUIN_STAFF_PASSWORD", "of-the-staff");
    environment.put("SPRING_DATASOURCE_URL", url);
    environment.put("SPRING_DATASOURCE_PASSWORD", "of-the-pool");
    environment.put("PENGUIN_WORKER_SWEEPPOOL_PASSWORD", "of-the-sweep");
    environment.put("TEMPORAL_ADDRESS", temporal);
    environment.put("PENGUIN_SECRET_MASTERKEYFILE", master.toString());
    environment.put("PENGUIN_WORKER_KEYS_MASTER", master.toString());
    environment.put("PENGUIN_CODEC_KEYFILE", codec.toString());
    environment.put("PENGUIN_WORKER_KEYS_CODEC", codec.toString());
    environment.put("api", Integer.toString(LoopbackPort.choose()));
    environment.put("api-management", Integer.toString(LoopbackPort.choose()));
    environment.put("worker", Integer.toString(LoopbackPort.choose()));
    return environment;
  }

  private ChildProcess start(String name, Map<String, String> environment, Class<?> main) {
    var own = new TreeMap<>(environment);
    own.put("SERVER_PORT", String.valueOf(environment.get(name)));
    if (name.equals("api")) {
      own.put("MANAGEMENT_SERVER_PORT", String.valueOf(environment.get("api-management")));
    }
    return ChildProcess.start(
        new ChildProcess.Launch(name, command(main), own, directory.resolve(name)));
  }

  private static String run(Map<String, String> environment, Class<?> main, String... arguments)
      throws Exception {
    var command = new ArrayList<>(command(main));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static List<String> command(Class<?> main) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName());
  }

  private int readiness(Map<String, String> environment, String name) {
    var port = environment.get(name.equals("api") ? "api-management" : name);
    return get(port, "/actuator/health/readiness", "").map(HttpResponse::statusCode).orElse(0);
  }

  private String health(Map<String, String> environment) {
    return get(environment.get("worker"), "/actuator/health/readiness", "").orElseThrow().body();
  }

  private HttpResponse<String> list(Map<String, String> environment, String key) {
    return get(environment.get("api"), "/api/v1/setups", key).orElseThrow();
  }

  /// Empty while nobody listens.
  private Optional<HttpResponse<String>> get(@Nullable String port, String path, String key) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(10))
            .header("Authorization", "Bearer " + key)
            .build();
    try {
      return Optional.of(http.send(request, BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
