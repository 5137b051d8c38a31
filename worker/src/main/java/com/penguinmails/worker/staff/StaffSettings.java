package com.penguinmails.worker.staff;

import com.penguinmails.store.migration.Migrations;
import com.penguinmails.workflows.temporal.Pace;
import java.io.Serial;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Where the database and Temporal are, from the environment: the worker's variables, but with the
/// password of `penguin_staff`.
final class StaffSettings {
  private final Map<String, String> environment;

  StaffSettings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  String databaseUrl() {
    return find("SPRING_DATASOURCE_URL").orElse("jdbc:postgresql://127.0.0.1:5432/penguin");
  }

  /// Unpooled, as `penguin_staff`.
  ///
  /// @throws Missing no password is set
  DataSource database() {
    return new DriverManagerDataSource(
        databaseUrl(), Migrations.STAFF, needed("PENGUIN_STAFF_PASSWORD"));
  }

  String temporal() {
    return find("TEMPORAL_ADDRESS").orElse("127.0.0.1:7233");
  }

  String namespace() {
    return find("TEMPORAL_NAMESPACE").orElse("penguin");
  }

  Optional<String> temporalApiKey() {
    return find("TEMPORAL_API_KEY");
  }

  boolean isTemporalTls() {
    return temporalApiKey().isPresent()
        || find("PENGUIN_WORKER_TEMPORAL_TLS").filter("true"::equalsIgnoreCase).isPresent();
  }

  /// Keys of the payloads in Temporal.
  Path codecKeys() {
    return Path.of(find("PENGUIN_WORKER_KEYS_CODEC").orElse("/etc/penguin/codec.keys"));
  }

  /// How long workflows wait, as the worker is told it.
  ///
  /// @throws IllegalArgumentException there is no such pace
  Pace pace() {
    var name = find("PENGUIN_WORKER_PACE").orElse(Pace.Kind.PRODUCTION.name());
    return Arrays.stream(Pace.Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("PENGUIN_WORKER_PACE is no pace: " + name))
        .pace();
  }

  private String needed(String name) {
    return find(name).orElseThrow(() -> new Missing(name + " is not set."));
  }

  private Optional<String> find(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /// A setting that has no default.
  static final class Missing extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    Missing(String said) {
      super(said);
    }
  }
}
