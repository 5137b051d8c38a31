package com.penguinmails.sandbox.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.setup.ProgressFeed;
import com.penguinmails.workflows.model.SetupId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedDatabaseKillIT {
  @TempDir private Path directory;

  @Test
  void keepsWhatWasCommittedWhenTheJvmIsKilled() throws Exception {
    var data = directory.resolve("data");
    var ready = directory.resolve("ready");
    var child = startChild(data, ready);
    await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(ready));

    child.destroyForcibly().waitFor();
    try (var database = EmbeddedDatabase.start(data)) {
      var rows =
          JdbcClient.create(database.superuser("kept"))
              .sql("SELECT count(*) FROM kept")
              .query(Integer.class)
              .single();

      assertThat(rows).isEqualTo(1);
    }
  }

  @Test
  void startsBesideAStaleFileThatNamesAnotherProcess() throws Exception {
    var data = directory.resolve("data");
    try (var database = EmbeddedDatabase.start(data)) {
      database.createDatabaseIfAbsent("kept");
    }
    Files.writeString(data.resolve("postmaster.pid"), ProcessHandle.current().pid() + "\n");

    try (var database = EmbeddedDatabase.start(data)) {
      database.createDatabaseIfAbsent("kept");

      assertThat(database.port()).isPositive();
    }
    assertThat(ProcessHandle.current().isAlive()).isTrue();
  }

  @Test
  void aProgressFeedLivesThroughARestartOfTheServer() {
    var data = directory.resolve("data");
    List<ProgressFeed.Event> events = new CopyOnWriteArrayList<>();
    var database = EmbeddedDatabase.start(data);
    int port = database.port();
    database.createDatabaseIfAbsent("penguin");
    Migrations.createRoles(
        database.superuser("penguin"), new Migrations.Passwords("o", "a", "s", "t"));
    Migrations.migrate(database.as("penguin", Migrations.OWNER, "o"));
    try (var feed = new ProgressFeed(database.as("penguin", Migrations.APP, "a"))) {
      feed.follow(new SetupId(UUID.randomUUID()), events::add);
      await().until(() -> events.contains(ProgressFeed.Event.RESYNC));
      events.clear();

      database.close();
      try (var again = EmbeddedDatabase.start(data, port)) {
        await().atMost(Duration.ofSeconds(20)).until(() -> !events.isEmpty());

        assertThat(again.port()).isEqualTo(port);
        assertThat(events).containsOnly(ProgressFeed.Event.RESYNC);
      }
    }
  }

  private static Process startChild(Path data, Path ready) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                data.toString(),
                ready.toString()))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Starts the server, commits one row, says so, and waits to be killed.
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws Exception {
      var database = EmbeddedDatabase.start(Path.of(arguments[0]));
      database.createDatabaseIfAbsent("kept");
      var jdbc = JdbcClient.create(database.superuser("kept"));
      jdbc.sql("CREATE TABLE kept (id integer PRIMARY KEY)").update();
      jdbc.sql("INSERT INTO kept VALUES (1)").update();
      Files.writeString(Path.of(arguments[1]), "ready");
      new CountDownLatch(1).await();
    }
  }
}
