package com.penguinmails.sandbox.postgres;

import com.penguinmails.sandbox.process.UserCache;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// PostgreSQL 18 with a data directory that outlives the process: a second start finds everything
/// again. A server left behind by a killed JVM is stopped first, and PostgreSQL recovers by itself.
/// Listens on the loopback address only. Works for an ordinary user and for root (in a user
/// namespace, because PostgreSQL refuses to run as root).
public final class EmbeddedDatabase implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);
  private static final String SUPERUSER = "postgres";
  private static final Duration STOP_TIME = Duration.ofSeconds(20);

  private final Path data;
  private volatile EmbeddedPostgres postgres;

  private EmbeddedDatabase(Path data, EmbeddedPostgres postgres) {
    this.data = data;
    this.postgres = postgres;
  }

  /// Starts on a free port.
  ///
  /// @param dataDirectory made when it is not there
  public static EmbeddedDatabase start(Path dataDirectory) {
    return start(dataDirectory, 0);
  }

  /// Starts on this port. Close it by hand, after what uses it: no shutdown hook of its own would
  /// know the order.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException another live process uses the data directory
  public static EmbeddedDatabase start(Path dataDirectory, int port) {
    try {
      Files.createDirectories(dataDirectory);
      var data = dataDirectory.toRealPath();
      return new EmbeddedDatabase(data, launch(data, port));
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start in " + dataDirectory, e);
    }
  }

  private static EmbeddedPostgres launch(Path data, int port) throws IOException {
    clearLeftovers(data);
    var builder =
        EmbeddedPostgres.builder()
            // Unpacks the server's programs there; the default is writable for everybody.
            .setOverrideWorkingDirectory(UserCache.directory("postgres").toFile())
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60)) // crash recovery takes its time
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .setServerConfig("shared_buffers", "64MB")
            .setServerConfig("listen_addresses", "127.0.0.1");
    if (port != 0) {
      builder.setPort(port);
    }
    return builder.start();
  }

  /// Ends the server as a crash does (SIGKILL). Only `restart` and `close` make sense afterwards.
  public void kill() {
    try {
      postmaster(data.resolve("postmaster.pid"))
          .filter(process -> isPostmasterOf(process, data))
          .ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
          });
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL could not be killed", e);
    }
  }

  /// Starts it again on the same port, after a `kill`; it recovers by itself.
  public void restart() {
    int port = port();
    close();
    try {
      postgres = launch(data, port);
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not start again in " + data, e);
    }
  }

  /// The process id of the server that started all others of it.
  ///
  /// @throws java.util.NoSuchElementException it does not run
  public long pid() {
    try {
      return postmaster(data.resolve("postmaster.pid")).map(ProcessHandle::pid).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException("no postmaster.pid in " + data, e);
    }
  }

  /// The port it listens on.
  public int port() {
    return postgres.getPort();
  }

  /// For settings: `jdbc:postgresql://127.0.0.1:<port>/<database>`.
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
  }

  /// Unpooled, as the superuser: for making roles.
  public DataSource superuser(String database) {
    return as(database, SUPERUSER, SUPERUSER);
  }

  /// Unpooled, as any role.
  public DataSource as(String database, String role, String password) {
    return new DriverManagerDataSource(jdbcUrl(database), role, password);
  }

  /// Makes a database when there is none of this name.
  ///
  /// @param name lower-case letters, digits and underscores
  public void createDatabaseIfAbsent(String name) {
    if (!name.matches("[a-z][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a database name: \"" + name + "\"");
    }
    var jdbc = JdbcClient.create(superuser(SUPERUSER));
    var isThere =
        jdbc.sql("SELECT EXISTS (SELECT FROM pg_database WHERE datname = :name)")
            .param("name", name)
            .query(Boolean.class)
            .single();
    if (!isThere) {
      jdbc.sql("CREATE DATABASE " + name).update();
    }
  }

  /// Ends all sessions and stops the server; its files stay. Safe to repeat.
  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException("PostgreSQL did not stop", e);
    }
  }

  /// Stops the server a killed JVM left behind, and takes away the file that claims one is running.
  private static void clearLeftovers(Path data) throws IOException {
    var pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)) {
      return;
    }
    var left = postmaster(pidFile).filter(process -> isPostmasterOf(process, data));
    if (left.isPresent()) {
      log.atWarn()
          .addKeyValue("pid", left.get().pid())
          .log("A PostgreSQL server of an earlier run is still there; stopping it");
      stop(left.get());
    }
    Files.deleteIfExists(pidFile);
  }

  private static Optional<ProcessHandle> postmaster(Path pidFile) throws IOException {
    return Files.readAllLines(pidFile).stream()
        .findFirst()
        .map(String::strip)
        .filter(line -> line.matches("[0-9]{1,18}"))
        .map(Long::parseLong)
        .flatMap(ProcessHandle::of)
        .filter(ProcessHandle::isAlive);
  }

  /// A process id may have gone to somebody else since: a postmaster works in its data directory.
  private static boolean isPostmasterOf(ProcessHandle process, Path data) {
    var workingDirectory = Path.of("/proc", Long.toString(process.pid()), "cwd");
    try {
      return Files.readSymbolicLink(workingDirectory).equals(data);
    } catch (IOException | UnsupportedOperationException e) {
      log.atDebug().setCause(e).log("No /proc to look at; judging by the command");
      return process.info().command().filter(command -> command.contains("postgres")).isPresent();
    }
  }

  /// SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients that will never come
  /// back.
  private static void stop(ProcessHandle postmaster) throws IOException {
    var pid = Long.toString(postmaster.pid());
    var kill = new ProcessBuilder(List.of("kill", "-INT", pid)).inheritIO().start();
    try {
      kill.waitFor(5, TimeUnit.SECONDS);
      postmaster.onExit().get(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "PostgreSQL with process id " + pid + " does not stop; stop it by hand", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not wait for process " + pid, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while stopping process " + pid, e);
    }
  }
}
