package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.temporal.TemporalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the image of `deploy/Dockerfile` holds and starts, without the image: the same directory,
/// made by the same script, started as containers start it, with every secret in a file.
@Timeout(300)
class ImageIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String OURS = "(PENGUIN|SPRING|TEMPORAL|SECRETS)(_.*)?|(.*_)?SERVER_PORT";

  private final String api = Integer.toString(LoopbackPort.choose());
  private final String apiManagement = Integer.toString(LoopbackPort.choose());
  private final String worker = Integer.toString(LoopbackPort.choose());
  private final List<Process> started = new ArrayList<>();

  @TempDir private Path directory;

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void migratesAndBecomesReadyWithItsSecretsInFiles() throws Exception {
    var image = directory.resolve("image");
    run(Map.of(), "sh", "deploy/collect.sh", image.toString(), "api", "worker", "store");
    var program = Files.copy(ROOT.resolve("deploy/run.sh"), image.resolve("run.sh")).toString();
    assertThat(program).isNotEmpty();
    try (var database = EmbeddedDatabase.start(directory.resolve("postgres"));
        var temporal =
            TemporalServer.start(TemporalServer.Place.in(directory.resolve("temporal")))) {
      database.createDatabaseIfAbsent("penguin");
      var url = database.jdbcUrl("penguin");
      var ofMigrate =
          secrets(
              "migrate",
              Map.of(
                  "PENGUIN_SUPERUSER_PASSWORD", "postgres",
                  "PENGUIN_OWNER_PASSWORD", "of-the-owner",
                  "PENGUIN_APP_PASSWORD", "of-the-pool",
                  "PENGUIN_SWEEP_PASSWORD", "of-the-sweep",
                  "PENGUIN_STAFF_PASSWORD", "of-the-staff"));
      var migrated =
          run(
              Map.of("PENGUIN_OWNER_URL", url, "SECRETS", ofMigrate),
              program,
              "migrate",
              "--roles");
      assertThat(migrated).contains("newest version");

      start("api", program, ofApi(url, temporal.target()));
      start("worker", program, ofWorker(url, temporal.target()));

      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofSeconds(1))
          .untilAsserted(() -> {
            assertThat(started).as(said()).allMatch(Process::isAlive);
            assertThat(isReady(program, apiManagement)).as("api").isTrue();
            assertThat(isReady(program, worker)).as("worker").isTrue();
          });
      temporal.kill();
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !isReady(program, apiManagement) && !isReady(program, worker));
    }
  }

  private Map<String, String> ofApi(String url, String temporal) throws IOException {
    var keys = keys();
    var environment = new TreeMap<>(keys);
    environment.put("SPRING_DATASOURCE_URL", url);
    environment.put("TEMPORAL_ADDRESS", temporal);
    environment.put("PENGUIN_INSTALLATION_ID", "abc123");
    environment.put("PENGUIN_API_PUBLICURL", "https://api.example.com");
    environment.put("PENGUIN_API_PROVIDERS", ""); // as in deploy/compose.yaml
    environment.put("SERVER_PORT", api);
    environment.put("MANAGEMENT_SERVER_PORT", apiManagement);
    environment.put(
        "SECRETS",
        secrets(
            "api",
            Map.of(
                "spring.datasource.password", "of-the-pool",
                "penguin.api.view-link-key", "0123456789abcdef0123456789abcdef")));
    return environment;
  }

  private Map<String, String> ofWorker(String url, String temporal) throws IOException {
    var environment = new TreeMap<>(keys());
    environment.put("SPRING_DATASOURCE_URL", url);
    environment.put("TEMPORAL_ADDRESS", temporal);
    environment.put("PENGUIN_WORKER_VPS_INSTALLATION", "abc123");
    environment.put("PENGUIN_WORKER_PROBE_ADDRESS", "192.0.2.1");
    environment.put("PENGUIN_WORKER_PROBE_HOSTNAME", "probe.example.com");
    environment.put("PENGUIN_WORKER_PROBE_USER", "proof");
    environment.put("PENGUIN_WORKER_PROBE_MAILBOX", "proof@probe.example.com");
    environment.put("SERVER_PORT", worker);
    environment.put(
        "SECRETS",
        secrets(
            "worker",
            Map.of(
                "spring.datasource.password", "of-the-pool",
                "penguin.worker.sweep-pool.password", "of-the-sweep",
                "penguin.worker.probe.password", "of-the-probe")));
    return environment;
  }

  private Map<String, String> keys() {
    var master = directory.resolve("master.keys");
    var codec = directory.resolve("codec.keys");
    KeyFile.openOrCreate(master);
    KeyFile.openOrCreate(codec);
    return Map.of(
        "PENGUIN_SECRET_MASTERKEYFILE", master.toString(),
        "PENGUIN_WORKER_KEYS_MASTER", master.toString(),
        "PENGUIN_CODEC_KEYFILE", codec.toString(),
        "PENGUIN_WORKER_KEYS_CODEC", codec.toString());
  }

  /// As mounted into a container: a directory with a file for each.
  private String secrets(String program, Map<String, String> values) throws IOException {
    var place = Files.createDirectories(directory.resolve("secrets").resolve(program));
    for (var entry : values.entrySet()) {
      Files.writeString(place.resolve(entry.getKey()), entry.getValue());
    }
    return place.toString();
  }

  private void start(String name, String program, Map<String, String> environment)
      throws IOException {
    started.add(
        process(environment, program, name)
            .redirectOutput(directory.resolve(name + ".log").toFile())
            .start());
  }

  private boolean isReady(String program, String port) throws Exception {
    return process(Map.of(), program, "ready", port)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  private String said() throws IOException {
    return Files.readString(directory.resolve("api.log"))
        + Files.readString(directory.resolve("worker.log"));
  }

  private static String run(Map<String, String> environment, String... command) throws Exception {
    var process = process(environment, command).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    return said;
  }

  private static ProcessBuilder process(Map<String, String> environment, String... command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(ROOT.toFile());
    builder.environment().keySet().removeIf(name -> name.matches(OURS));
    var java = Path.of(System.getProperty("java.home"), "bin");
    builder.environment().merge("PATH", java.toString(), (path, ours) -> ours + ":" + path);
    builder.environment().put("JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -Xmx256m");
    builder.environment().putAll(environment);
    return builder;
  }
}
