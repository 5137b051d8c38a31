package com.penguinmails.sandbox.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.ports.secret.vault.VaultSecretStore;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.worker.SecretsCommand;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// `./penguin secrets import`, from real rows into the real Vault.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(180)
class VaultImportIT {
  private static final String DATABASE = "penguin";
  private static final String CANARY = "canary-of-the-import-0123456789";

  private EmbeddedDatabase database;
  private VaultServer vault;
  private Path masterKey;
  private SecretStore embedded;
  private SecretStore imported;
  private TenantStore tenants;
  private TenantId one;
  private TenantId other;

  @BeforeAll
  void start(@TempDir Path directory) {
    database = EmbeddedDatabase.start(directory.resolve("postgres"));
    database.createDatabaseIfAbsent(DATABASE);
    Migrations.createRoles(
        database.superuser(DATABASE),
        new Migrations.Passwords("owner-pw", "app-pw", "sweep-pw", "staff-pw"));
    var _ = Migrations.migrate(database.as(DATABASE, Migrations.OWNER, "owner-pw"));
    var tenancy = new Tenancy(database.as(DATABASE, Migrations.APP, "app-pw"));
    masterKey = directory.resolve("master.keys");
    embedded =
        new EmbeddedSecretStore(tenancy, new SecretRows(tenancy), KeyFile.openOrCreate(masterKey));
    tenants = new TenantStore(tenancy);
    vault = VaultServer.start(directory.resolve("vault"));
    imported = new VaultSecretStore(vault.settings(), Clock.systemUTC());
  }

  @AfterAll
  void stop() {
    vault.close();
    database.close();
  }

  @BeforeEach
  void newTenants() {
    JdbcClient.create(database.superuser(DATABASE)).sql("DELETE FROM secret").update();
    one = tenants.create("One").id();
    other = tenants.create("Other").id();
  }

  @Test
  void copiesEveryVersionOfEveryTenantUnderItsReference() {
    var login = embedded.putIfAbsent(one, "server/a/login", fields("first"));
    var rotated = embedded.put(one, "server/a/login", fields("second"));
    var spent = embedded.putIfAbsent(one, "server/a/first-login", fields("spent"));
    var after = embedded.put(one, "server/a/first-login", fields("after"));
    embedded.destroy(one, spent);
    var sameName = embedded.putIfAbsent(other, "server/a/login", fields("of the other"));

    var said = importAll(0);

    assertThat(said)
        .contains("4 copied", "0 were there", "1 destroyed", "PENGUIN_SECRET_STORE=vault")
        .doesNotContain(CANARY);
    assertThat(imported.get(one, login)).isEqualTo(fields("first"));
    assertThat(imported.get(one, rotated)).isEqualTo(fields("second"));
    assertThat(imported.get(one, after)).isEqualTo(fields("after"));
    assertThat(imported.get(other, sameName)).isEqualTo(fields("of the other"));
    assertThatThrownBy(() -> imported.get(one, spent))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("destroyed");
    assertThat(embedded.get(one, login)).as("still there").isEqualTo(fields("first"));
  }

  @Test
  void copiesOnlyWhatIsNewWhenItIsRepeated() {
    var first = embedded.putIfAbsent(one, "server/b/login", fields("first"));
    assertThat(importAll(0)).contains("1 copied");
    var second = embedded.put(one, "server/b/login", fields("second"));
    embedded.destroy(one, first);

    assertThat(importAll(0)).contains("1 copied", "1 destroyed");
    assertThat(importAll(0)).contains("0 copied", "1 were there", "1 destroyed");

    assertThat(imported.get(one, second)).isEqualTo(fields("second"));
    assertThatThrownBy(() -> imported.get(one, first)).hasMessageContaining("destroyed");
    assertThat(imported.put(one, "server/b/login", fields("third")).version()).isEqualTo(3);
  }

  @Test
  void writesOverNothingThatIsInVault() {
    var reference = imported.putIfAbsent(one, "server/c/login", fields("of Vault"));
    embedded.putIfAbsent(one, "server/c/login", fields("of the rows"));
    var good = embedded.putIfAbsent(one, "server/d/login", fields("good"));

    var said = importAll(1);

    assertThat(said)
        .contains("1 copied", "1 could not be copied", reference.toString(), "other content")
        .doesNotContain(CANARY, "PENGUIN_SECRET_STORE=vault");
    assertThat(imported.get(one, reference)).isEqualTo(fields("of Vault"));
    assertThat(imported.get(one, good)).isEqualTo(fields("good"));
  }

  @Test
  void bringsNothingBackThatWasDestroyedInVaultSince() {
    var reference = embedded.putIfAbsent(one, "server/e/login", fields("old"));
    importAll(0);
    imported.destroy(one, reference);

    assertThat(importAll(0)).contains("0 copied", "1 destroyed");

    assertThatThrownBy(() -> imported.get(one, reference)).hasMessageContaining("destroyed");
  }

  @Test
  void saysWhatToDoWhileVaultIsSealedAndGoesOnAfterwards() {
    var reference = embedded.putIfAbsent(one, "server/f/login", fields("kept"));
    vault.seal();
    try {
      assertThat(importAll(1)).contains("sealed", "run this again").doesNotContain(CANARY);
    } finally {
      vault.unseal();
    }

    assertThat(importAll(0)).contains("1 copied");
    assertThat(imported.get(one, reference)).isEqualTo(fields("kept"));
  }

  @Test
  void saysWhatIsMissing() {
    var said = new ByteArrayOutputStream();
    var stream = new PrintStream(said, true, StandardCharsets.UTF_8);

    assertThat(new SecretsCommand(Map.of(), stream, stream).run(List.of("import"))).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("not set: PENGUIN_OWNER_URL", "PENGUIN_SECRET_VAULT_ADDRESS");
  }

  private String importAll(int expected) {
    var environment = new HashMap<String, String>();
    environment.put("PENGUIN_OWNER_URL", database.jdbcUrl(DATABASE));
    environment.put("PENGUIN_OWNER_PASSWORD", "owner-pw");
    environment.put("SPRING_DATASOURCE_PASSWORD", "app-pw");
    environment.put("PENGUIN_WORKER_KEYS_MASTER", masterKey.toString());
    vault
        .productSettings()
        .forEach((name, value) ->
            environment.put(
                name.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'),
                value.toString()));
    var said = new ByteArrayOutputStream();
    var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code = new SecretsCommand(environment, stream, stream).run(List.of("import"));
    var text = said.toString(StandardCharsets.UTF_8);
    assertThat(code).as(text).isEqualTo(expected);
    return text;
  }

  private static Map<String, String> fields(String which) {
    return Map.of("password", CANARY + " " + which);
  }
}
