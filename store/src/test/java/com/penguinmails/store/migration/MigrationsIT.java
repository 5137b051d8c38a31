package com.penguinmails.store.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import org.junit.jupiter.api.Test;

class MigrationsIT {
  @Test
  void makesEverythingFromEmptyAndNothingTheSecondTime() {
    try (var postgres = PostgresForTests.emptyDatabase()) {
      Migrations.createRoles(postgres.superuser(), PostgresForTests.passwords());
      Migrations.createRoles(postgres.superuser(), PostgresForTests.passwords());

      var first = Migrations.migrate(postgres.owner());
      var second = Migrations.migrate(postgres.owner());

      assertThat(first).isPositive();
      assertThat(second).isZero();
    }
  }

  @Test
  void thePoolCannotMigrate() {
    try (var postgres = PostgresForTests.emptyDatabase()) {
      assertThatThrownBy(() -> Migrations.migrate(postgres.unpooledApp()))
          .hasStackTraceContaining("permission denied");
    }
  }
}
