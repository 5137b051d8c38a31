package com.penguinmails.store.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantCommandIT {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void makesATenantWhoseKeyIsKnown() {
    try (var postgres = PostgresForTests.freshDatabase()) {
      int code = command(postgres.jdbcUrl()).run(List.of("Acme"));

      assertThat(code).isZero();
      var key = out.toString(StandardCharsets.UTF_8).replaceAll("(?s).*API key +(\\S+).*", "$1");
      assertThat(new TenantStore(postgres.tenancy()).ownerOf(key)).isPresent();
    }
  }

  @Test
  void saysWhatIsWrongWhenTheDatabaseIsAway() {
    assertThat(command("jdbc:postgresql://127.0.0.1:1/none").run(List.of("Acme"))).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("No tenant made");
  }

  @Test
  void needsAName() {
    assertThat(command("jdbc:postgresql://127.0.0.1:1/none").run(List.of())).isEqualTo(2);
  }

  private TenantCommand command(String url) {
    return new TenantCommand(
        Map.of("SPRING_DATASOURCE_URL", url, "SPRING_DATASOURCE_PASSWORD", "penguin_app"),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }
}
