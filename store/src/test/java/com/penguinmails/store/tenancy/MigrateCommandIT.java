package com.penguinmails.store.tenancy;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.migration.Migrations;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MigrateCommandIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void makesRolesAndTablesAndTheSecondTimeNothing() {
    try (var postgres = PostgresForTests.emptyDatabase()) {
      var environment = environment(postgres);

      int first = command(environment).run(List.of("--roles"));
      int second = command(environment).run(List.of());

      assertThat(List.of(first, second)).containsExactly(0, 0);
      assertThat(text(out)).contains("Ran ").contains("nothing to do");
      assertThat(text(err)).isEmpty();
    }
  }

  @Test
  void namesWhatIsNotSet() {
    int code = command(Map.of("PENGUIN_OWNER_URL", "jdbc:postgresql://h/d")).run(List.of());

    assertThat(code).isEqualTo(2);
    assertThat(text(err)).contains("not set: PENGUIN_OWNER_PASSWORD");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThat(command(Map.of()).run(List.of("--rolls"))).isEqualTo(2);
  }

  @Test
  void saysWhatTheServerSaidAndNoPassword() {
    try (var postgres = PostgresForTests.emptyDatabase()) {
      var environment = environment(postgres);
      environment.put("PENGUIN_OWNER_URL", "jdbc:postgresql://127.0.0.1:1/nowhere");

      int code = command(environment).run(List.of());

      assertThat(code).isEqualTo(1);
      assertThat(text(err)).contains("Not migrated").doesNotContain(Migrations.OWNER);
    }
  }

  private static Map<String, String> environment(PostgresForTests postgres) {
    return new TreeMap<>(
        Map.of(
            "PENGUIN_OWNER_URL", postgres.jdbcUrl(),
            "PENGUIN_SUPERUSER_PASSWORD", "postgres",
            "PENGUIN_OWNER_PASSWORD", Migrations.OWNER,
            "PENGUIN_APP_PASSWORD", Migrations.APP,
            "PENGUIN_SWEEP_PASSWORD", Migrations.SWEEP,
            "PENGUIN_STAFF_PASSWORD", Migrations.STAFF));
  }

  private MigrateCommand command(Map<String, String> environment) {
    return new MigrateCommand(environment, stream(out), stream(err));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
