package com.penguinmails.store.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.tenant.InstallationStore;
import com.penguinmails.store.tenant.InstallationStore.Installation;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.TenantId;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TenancyIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static TenantStore tenants;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    tenants = new TenantStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void refusesAQueryOutsideOfATransaction() {
    assertThatThrownBy(() -> tenancy.jdbc())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("Tenancy.as");
  }

  @Test
  void forgetsTheTenantWithTheTransaction() {
    var tenant = tenants.create("Acme").id();
    for (int i = 0; i < 20; i++) {
      tenancy.run(tenant, () -> {});

      var left =
          tenancy.global(() ->
              tenancy.jdbc().sql("SELECT current_tenant() IS NULL").query(Boolean.class).single());

      assertThat(left).isTrue();
    }
  }

  @Test
  void readsOneMomentAndWritesNothing() {
    var tenant = tenants.create("Acme").id();

    assertThat(tenancy.reading(tenant, () -> setting("transaction_isolation")))
        .isEqualTo("repeatable read");
    assertThat(tenancy.reading(tenant, () -> setting("transaction_read_only"))).isEqualTo("on");
    assertThat(tenancy.as(tenant, () -> setting("transaction_isolation")))
        .as("the next one on the same connection")
        .isEqualTo("read committed");
  }

  private static String setting(String name) {
    return tenancy.jdbc().sql("SELECT current_setting(?)").param(name).query(String.class).single();
  }

  @Test
  void rollsBackWhatFailed() {
    var tenant = tenants.create("Acme").id();

    assertThatThrownBy(() ->
            tenancy.run(
                tenant,
                () -> {
                  rename("Other");
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");

    assertThat(tenancy.reading(tenant, TenancyIT::name)).isEqualTo("Acme");
  }

  @Test
  void belongsToOneTenantAndReadingStaysReading() {
    var tenant = tenants.create("Acme").id();
    var other = new TenantId(UUID.randomUUID());

    assertThatThrownBy(() -> tenancy.run(tenant, () -> tenancy.run(other, () -> {})))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> tenancy.reading(tenant, () -> tenancy.as(tenant, () -> 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() ->
            tenancy.reading(
                tenant,
                () -> {
                  rename("Other");
                  return 1;
                }))
        .hasStackTraceContaining("read-only transaction");
  }

  @Test
  void findsTheTenantOfAnApiKeyUntilItIsRevoked() {
    var tenant = tenants.create("Acme").id();
    var made = tenants.createApiKey(tenant, "ci");

    var owner = tenants.ownerOf(made.key()).orElseThrow();
    var unknown = tenants.ownerOf("pm_unknown");
    tenants.revokeApiKey(tenant, made.id());

    assertThat(owner.tenant()).isEqualTo(tenant);
    assertThat(made.toString()).doesNotContain(made.key());
    assertThat(unknown).isEmpty();
    assertThat(tenants.ownerOf(made.key())).isEmpty();
  }

  @Test
  void aDatabaseBelongsToOneInstallation() {
    var installations = new InstallationStore(tenancy);
    var ours = new Installation("abc123", false);

    installations.claim(ours);

    assertThat(installations.claim(ours)).isEqualTo(ours);
    assertThatThrownBy(() -> installations.claim(new Installation("zzz999", true)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("abc123 (test)");
  }

  private static void rename(String name) {
    tenancy.jdbc().sql("UPDATE tenant SET name = :name").param("name", name).update();
  }

  private static String name() {
    return tenancy.jdbc().sql("SELECT name FROM tenant").query(String.class).single();
  }
}
