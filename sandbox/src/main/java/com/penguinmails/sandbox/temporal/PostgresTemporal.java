package com.penguinmails.sandbox.temporal;

import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.sandbox.process.PinnedTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The Temporal of `deploy/temporal/`, from its binaries: the same configuration, databases and
/// schema script as in containers.
final class PostgresTemporal {
  private static final Path FILES = deployed();
  private static final String ROLE = "temporal";
  private static final String LOOPBACK = "127.0.0.1";

  private final TemporalServer.Place place;
  private final EmbeddedDatabase database;
  private final String password;
  private final Map<String, String> ports;

  PostgresTemporal(TemporalServer.Place place, EmbeddedDatabase database, String password) {
    this.place = place;
    this.database = database;
    this.password = password;
    ports = choosePorts(place.port());
  }

  /// Makes role and databases when they are not there, and brings them to the binaries' schema.
  void prepareDatabases() {
    var superuser = JdbcClient.create(database.superuser("postgres"));
    var isThere =
        superuser
            .sql("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :role)")
            .param("role", ROLE)
            .query(Boolean.class)
            .single();
    if (!isThere) {
      // One by one: databases are not made inside a transaction.
      statements(FILES.resolve("databases.sql"))
          .forEach(statement -> superuser.sql(statement).update());
      superuser.sql("ALTER ROLE temporal PASSWORD '%s'".formatted(checked(password))).update();
    }
    migrate();
  }

  ChildProcess launch() {
    var environment = new TreeMap<>(ports);
    environment.put("POSTGRES_SEEDS", LOOPBACK);
    environment.put("DB_PORT", Integer.toString(database.port()));
    environment.put("POSTGRES_PWD", password);
    environment.put("LOG_LEVEL", "warn");
    environment.put("DYNAMIC_CONFIG_FILE_PATH", FILES.resolve("dynamicconfig.yaml").toString());
    var command =
        List.of(
            PinnedTool.TEMPORAL_SERVER.executable().toString(),
            "--root",
            String.valueOf(FILES.getParent()),
            "--config",
            String.valueOf(FILES.getFileName()),
            "--env",
            "cluster",
            "--allow-no-auth",
            "start");
    return ChildProcess.start(
        new ChildProcess.Launch(
            "temporal", command, environment, place.directory().toAbsolutePath()));
  }

  private void migrate() {
    var tool = PinnedTool.TEMPORAL_SERVER.executable("temporal-sql-tool");
    var tools = String.valueOf(tool.getParent());
    var builder =
        new ProcessBuilder(FILES.resolve("schema.sh").toString()).redirectErrorStream(true);
    builder.environment().merge("PATH", tools, (path, ours) -> ours + ":" + path);
    builder.environment().put("SQL_HOST", LOOPBACK);
    builder.environment().put("SQL_PORT", Integer.toString(database.port()));
    builder.environment().put("SQL_USER", ROLE);
    builder.environment().put("SQL_PASSWORD", password);
    try {
      var process = builder.start();
      var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("Temporal's schema was not made: " + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("schema.sh did not start", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Temporal's schema was made", e);
    }
  }

  private static Map<String, String> choosePorts(int frontend) {
    var ports = new TreeMap<String, String>();
    ports.put("FRONTEND_GRPC_PORT", Integer.toString(frontend));
    Stream.of(
            "FRONTEND_MEMBERSHIP_PORT",
            "HISTORY_GRPC_PORT",
            "HISTORY_MEMBERSHIP_PORT",
            "MATCHING_GRPC_PORT",
            "MATCHING_MEMBERSHIP_PORT",
            "WORKER_GRPC_PORT",
            "WORKER_MEMBERSHIP_PORT")
        .forEach(name -> ports.put(name, Integer.toString(LoopbackPort.choose())));
    return Map.copyOf(ports);
  }

  private static List<String> statements(Path script) {
    try (var lines = Files.lines(script)) {
      var text = String.join("\n", lines.filter(line -> !line.startsWith("--")).toList());
      return Stream.of(text.split(";")).map(String::strip).filter(one -> !one.isEmpty()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(script + " cannot be read", e);
    }
  }

  /// A password cannot be a parameter of ALTER ROLE.
  private static String checked(String password) {
    if (!password.matches("[0-9A-Za-z_-]+")) {
      throw new IllegalArgumentException("the password of Temporal's role has to be quoted");
    }
    return password;
  }

  /// From a module's directory, where tests run, or from the checkout's.
  private static Path deployed() {
    return Stream.of(Path.of("deploy"), Path.of("..", "deploy"))
        .map(directory -> directory.resolve("temporal").toAbsolutePath().normalize())
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "deploy/temporal is nowhere near " + Path.of("").toAbsolutePath()));
  }
}
