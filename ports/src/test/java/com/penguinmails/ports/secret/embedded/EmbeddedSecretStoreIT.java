package com.penguinmails.ports.secret.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.SecretStoreContract;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EmbeddedSecretStoreIT implements SecretStoreContract {
  private PostgresForTests postgres;
  private JdbcClient everything;
  private KeyFile masterKey;
  private SecretStore store;
  private TenantId tenant;
  private TenantId otherTenant;

  @BeforeAll
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    everything = JdbcClient.create(postgres.superuser());
    masterKey = KeyFile.openOrCreate(directory.resolve("master.key"));
    store = storeWith(masterKey);
    var tenants = new TenantStore(postgres.tenancy());
    tenant = tenants.create("one").id();
    otherTenant = tenants.create("two").id();
  }

  @AfterAll
  void stop() {
    postgres.close();
  }

  @Override
  public SecretStore store() {
    return store;
  }

  @Override
  public TenantId tenant() {
    return tenant;
  }

  @Override
  public TenantId otherTenant() {
    return otherTenant;
  }

  @Test
  void keepsNothingReadableInItsRows() {
    var reference = store.put(tenant, "domain/canary/dkim", Map.of("key", "canary-in-row"));

    assertThat(new String(ciphertext(tenant, reference), StandardCharsets.ISO_8859_1))
        .doesNotContain("canary");
  }

  @Test
  void leavesNoCiphertextOfWhatWasDestroyed() {
    var reference = store.put(tenant, "domain/gone/dkim", FIELDS);

    store.destroy(tenant, reference);

    assertThat(
            everything
                .sql("SELECT ciphertext IS NULL FROM secret WHERE path = :path")
                .param("path", reference.path())
                .query(Boolean.class)
                .single())
        .isTrue();
  }

  @Test
  void refusesACiphertextMovedToAnotherTenant() {
    var mine = store.put(tenant, "server/moved/login", FIELDS);
    var theirs = store.put(otherTenant, "server/moved/login", Map.of("password", "theirs"));

    overwrite(otherTenant, theirs, ciphertext(tenant, mine));

    assertDoesNotOpen(store, otherTenant, theirs);
  }

  @Test
  void refusesACiphertextMovedToAnotherPathOrVersion() {
    var source = store.put(tenant, "server/source/login", FIELDS);
    var elsewhere = store.put(tenant, "server/elsewhere/login", FIELDS);
    var later = store.put(tenant, "server/source/login", FIELDS);

    overwrite(tenant, elsewhere, ciphertext(tenant, source));
    overwrite(tenant, later, ciphertext(tenant, source));

    assertDoesNotOpen(store, tenant, elsewhere);
    assertDoesNotOpen(store, tenant, later);
    assertThat(store.get(tenant, source)).isEqualTo(FIELDS);
  }

  @Test
  void refusesAnAlteredCiphertext() {
    var reference = store.put(tenant, "server/altered/login", FIELDS);
    var altered = ciphertext(tenant, reference);
    altered[altered.length / 2] ^= 1;

    overwrite(tenant, reference, altered);

    assertDoesNotOpen(store, tenant, reference);
  }

  @Test
  void isSealedWithoutTheMasterKeyOfARow(@TempDir Path elsewhere) {
    var reference = store.put(tenant, "server/sealed/login", FIELDS);
    var stranger = storeWith(KeyFile.openOrCreate(elsewhere.resolve("master.key")));

    assertThatThrownBy(() -> stranger.get(tenant, reference))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("sealed")
        .hasMessageContaining(masterKey.currentId());
    assertThat(stranger.putIfAbsent(tenant, reference.path(), FIELDS)).isEqualTo(reference);
  }

  @Test
  void refusesAnotherKeyUnderTheSameName(@TempDir Path elsewhere) throws Exception {
    var reference = store.put(tenant, "server/impostor/login", FIELDS);
    var path = elsewhere.resolve("master.key");
    var other = KeyFile.openOrCreate(path);
    Files.writeString(
        path, Files.readString(path).replace(other.currentId(), masterKey.currentId()));

    assertDoesNotOpen(storeWith(KeyFile.open(path)), tenant, reference);
  }

  @Test
  void opensOldRowsAfterTheMasterKeyWasRotated(@TempDir Path elsewhere) {
    var first = KeyFile.openOrCreate(elsewhere.resolve("master.key"));
    var before = storeWith(first).put(tenant, "server/rotated/login", FIELDS);
    var rotated = storeWith(first.rotate());

    var after = rotated.put(tenant, "server/rotated/login", FIELDS);

    assertThat(rotated.get(tenant, before)).isEqualTo(FIELDS);
    assertThat(rotated.get(tenant, after)).isEqualTo(FIELDS);
    assertThatThrownBy(() -> storeWith(first).get(tenant, after)).isInstanceOf(Unavailable.class);
  }

  @Test
  void saysThatItIsOutOfReach() {
    var nowhere = new PGSimpleDataSource();
    nowhere.setServerNames(new String[] {"localhost"});
    nowhere.setPortNumbers(new int[] {1});
    var tenancy = new Tenancy(nowhere);
    var unreachable = new EmbeddedSecretStore(tenancy, new SecretRows(tenancy), masterKey);

    assertThatThrownBy(() -> unreachable.get(tenant, new SecretRef("server/any/login", 1)))
        .isInstanceOf(Unavailable.class);
  }

  private SecretStore storeWith(KeyFile key) {
    var tenancy = postgres.tenancy();
    return new EmbeddedSecretStore(tenancy, new SecretRows(tenancy), key);
  }

  private byte[] ciphertext(TenantId owner, SecretRef reference) {
    return everything
        .sql(
            """
            SELECT ciphertext FROM secret
            WHERE tenant_id = :tenant AND path = :path AND version = :version
            """)
        .param("tenant", owner.value())
        .param("path", reference.path())
        .param("version", reference.version())
        .query((row, _) -> row.getBytes("ciphertext"))
        .single();
  }

  private void overwrite(TenantId owner, SecretRef reference, byte[] ciphertext) {
    int rows =
        everything
            .sql(
                """
                UPDATE secret SET ciphertext = :ciphertext
                WHERE tenant_id = :tenant AND path = :path AND version = :version
                """)
            .param("ciphertext", ciphertext)
            .param("tenant", owner.value())
            .param("path", reference.path())
            .param("version", reference.version())
            .update();
    assertThat(rows).isEqualTo(1);
  }

  private static void assertDoesNotOpen(SecretStore opened, TenantId owner, SecretRef reference) {
    assertThatThrownBy(() -> opened.get(owner, reference))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("does not open");
  }
}
