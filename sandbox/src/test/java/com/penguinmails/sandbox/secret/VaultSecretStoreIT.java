package com.penguinmails.sandbox.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.SecretStoreContract;
import com.penguinmails.ports.secret.vault.VaultSecretStore;
import com.penguinmails.ports.secret.vault.VaultSettings;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Against the real server.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class VaultSecretStoreIT implements SecretStoreContract {
  private static final Duration USUAL_LIFE = Duration.ofMinutes(20);
  private static final Duration USUAL_LONGEST = Duration.ofHours(4);

  private final TenantId tenant = new TenantId(UUID.randomUUID());
  private final TenantId otherTenant = new TenantId(UUID.randomUUID());
  private VaultServer vault;
  private SecretStore store;
  private Path directory;

  @BeforeAll
  void start(@TempDir Path place) {
    directory = place;
    vault = VaultServer.start(place.resolve("vault"));
    store = newStore();
  }

  @AfterAll
  void stop() {
    vault.close();
  }

  @AfterEach
  void asUsual() {
    vault.tokensLive(USUAL_LIFE, USUAL_LONGEST);
    vault.allow(VaultServer.usualPolicy());
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
  void keepsMoreVersionsThanVaultDoesByItself() {
    var first = store.put(tenant, "server/many/login", FIELDS);
    for (int i = 0; i < 12; i++) {
      var _ = store.put(tenant, "server/many/login", Map.of("number", "" + i));
    }

    assertThat(store.get(tenant, first)).isEqualTo(FIELDS);
  }

  @Test
  void keepsWhatAnsweredTheFirstTimeWhenTheVersionIsDestroyed() {
    var first = store.putIfAbsent(tenant, "server/ended/login", FIELDS);
    store.destroy(tenant, first);

    assertThat(store.putIfAbsent(tenant, "server/ended/login", FIELDS)).isEqualTo(first);
    assertThatThrownBy(() -> store.get(tenant, first)).hasMessageContaining("was destroyed");
  }

  @Test
  void takesFieldsOfAnyText() {
    var fields =
        Map.of(
            "text", "\u0000\u001f\"\\/</script>\ud83d\udc27\n\r\t", "number", "1", "null", "null");

    var reference = store.put(tenant, "server/text/login", fields);

    assertThat(store.get(tenant, reference)).isEqualTo(fields);
  }

  @Test
  void renewsItsTokenAndLogsInAgainWhenItCannotLiveLonger() {
    vault.tokensLive(Duration.ofSeconds(4), Duration.ofSeconds(10));
    var shortLived = newStore();
    var reference = shortLived.putIfAbsent(tenant, "server/renewed/login", FIELDS);
    long logins = vault.logins();
    long renewals = vault.renewals();
    var began = Instant.now();

    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(Duration.ofSeconds(40))
        .until(() -> {
          assertThat(shortLived.get(tenant, reference)).isEqualTo(FIELDS);
          return Duration.between(began, Instant.now()).toSeconds() >= 24;
        });

    assertThat(vault.logins() - logins)
        .as("logins in 24 s with tokens of at most 10 s")
        .isBetween(2L, 4L);
    assertThat(vault.renewals()).isGreaterThan(renewals + 2);
  }

  @Test
  void logsInAgainAfterAPauseLongerThanATokensLife() {
    vault.tokensLive(Duration.ofSeconds(2), Duration.ofSeconds(4));
    var shortLived = newStore();
    var reference = shortLived.putIfAbsent(tenant, "server/paused/login", FIELDS);

    await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(10)).until(() -> true);

    assertThat(shortLived.get(tenant, reference)).isEqualTo(FIELDS);
  }

  @Test
  void logsInAgainWhenItsTokenWasRevoked() {
    var reference = store.putIfAbsent(tenant, "server/revoked/login", FIELDS);

    vault.revokeTokens();

    assertThat(store.get(tenant, reference)).isEqualTo(FIELDS);
  }

  @Test
  void saysThatItIsSealedAndGoesOnWhenItIsOpened() {
    var reference = store.putIfAbsent(tenant, "server/sealed/login", FIELDS);
    vault.seal();

    assertTells(
        () -> store.get(tenant, reference),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "sealed");
    assertTells(
        () -> store.putIfAbsent(tenant, "server/sealed/other", FIELDS),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "sealed");
    assertTells(
        () -> newStore().get(tenant, reference),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "sealed");

    vault.unseal();
    assertThat(store.get(tenant, reference)).isEqualTo(FIELDS);
    assertThat(store.putIfAbsent(tenant, "server/sealed/other", FIELDS).version()).isEqualTo(1);
  }

  @Test
  void losesNothingWhenItDies() {
    var reference = store.putIfAbsent(tenant, "server/killed/login", FIELDS);
    vault.kill();
    assertTells(
        () -> store.get(tenant, reference),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "does not answer");

    vault.restart();
    assertTells(
        () -> store.get(tenant, reference),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "sealed");

    vault.unseal();
    assertThat(store.get(tenant, reference)).isEqualTo(FIELDS);
    assertThat(store.putIfAbsent(tenant, "server/killed/login", Map.of("no", "no")))
        .isEqualTo(reference);
  }

  @Test
  void saysThatStaffMustAllowWhatThePolicyForbids() {
    var reference = store.putIfAbsent(tenant, "server/forbidden/login", FIELDS);
    vault.allow("path \"penguin/data/*\" { capabilities = [\"read\"] }");

    assertThat(store.get(tenant, reference)).isEqualTo(FIELDS);
    assertTells(
        () -> store.put(tenant, "server/forbidden/login", FIELDS),
        Refused.class,
        Cause.SECRET_STORE_REFUSED,
        "policy must allow");
  }

  @Test
  void takesAnotherSecretIdAsSoonAsItIsThere() {
    var reference = store.putIfAbsent(tenant, "server/secret-id/login", FIELDS);
    vault.forgetSecretIds();
    vault.revokeTokens();
    var later = newStore();
    assertTells(
        () -> later.get(tenant, reference),
        Refused.class,
        Cause.SECRET_STORE_REFUSED,
        vault.secretIdFile().toString());

    vault.giveSecretId();

    assertThat(later.get(tenant, reference)).isEqualTo(FIELDS);
    store = newStore(); // a role that is made anew has another id
  }

  @Test
  void believesNoOtherCertificate() {
    var settings = vault.settings();
    var believing =
        new VaultSettings(
            settings.address(),
            settings.mount(),
            settings.roleId(),
            settings.secretIdFile(),
            Optional.empty(),
            false);

    assertTells(
        () ->
            new VaultSecretStore(believing, Clock.systemUTC())
                .get(tenant, new SecretRef("server/any/login", 1)),
        Unavailable.class,
        Cause.SECRET_STORE_UNAVAILABLE,
        "does not answer");
  }

  @Test
  void startsNotWithoutTlsNorWithASecretIdThatOthersMayRead() throws IOException {
    var settings = vault.settings();
    assertThatThrownBy(() ->
            new VaultSettings(
                URI.create("http://127.0.0.1:8200"),
                settings.mount(),
                settings.roleId(),
                settings.secretIdFile(),
                Optional.empty(),
                false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("TLS");

    var open = directory.resolve("open.id");
    Files.writeString(open, Files.readString(settings.secretIdFile()));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    var careless =
        new VaultSettings(
            settings.address(),
            settings.mount(),
            settings.roleId(),
            open,
            settings.trustRoots(),
            false);
    assertThatThrownBy(() -> new VaultSecretStore(careless, Clock.systemUTC()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chmod 600");
  }

  /// In what Vault writes, and in what the adapter says about failures of every kind.
  @Test
  void noSecretIsWhereOthersCouldReadIt() throws IOException {
    var canary = "canary-" + UUID.randomUUID();
    var fields = Map.of("password", canary);
    var reference = store.putIfAbsent(tenant, "server/canary/login", fields);
    var said = new ArrayList<Place>();
    vault.allow("path \"nothing\" { capabilities = [\"deny\"] }");
    said.add(said("forbidden", () -> store.put(tenant, "server/canary/login", fields)));
    vault.allow(VaultServer.usualPolicy());
    vault.seal();
    said.add(said("sealed", () -> store.put(tenant, "server/canary/login", fields)));
    said.add(said("sealed, reading", () -> store.get(tenant, reference)));
    vault.kill();
    said.add(said("away", () -> store.put(tenant, "server/canary/login", fields)));
    vault.restart();
    vault.unseal();
    var planted = Place.of("planted", "on purpose: " + canary);

    var search =
        new SecretSearch(
            List.of(
                Secret.of("canary", canary),
                Secret.of("secret id", Files.readString(vault.secretIdFile()).strip())));

    assertThat(Place.search(search, List.of(planted))).isNotEmpty();
    assertThat(Place.search(search, said)).isEmpty();
    assertThat(
            Place.search(
                search, vault.places().stream().flatMap(VaultSecretStoreIT::below).toList()))
        .isEmpty();
  }

  private SecretStore newStore() {
    return new VaultSecretStore(vault.settings(), Clock.systemUTC());
  }

  private static void assertTells(
      ThrowingCallable call, Class<? extends OutsideException> type, Cause cause, String words) {
    assertThatThrownBy(call)
        .isInstanceOf(type)
        .hasMessageContaining(words)
        .satisfies(thrown -> assertThat(((OutsideException) thrown).ownCause()).contains(cause));
  }

  private static Place said(String name, ThrowingCallable call) {
    var thrown = catchThrowable(call);
    assertThat(thrown).as(name).isInstanceOf(OutsideException.class);
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return Place.of(name, text.toString());
  }

  private static Stream<Place> below(Path place) {
    try (var files = Files.walk(place)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> {
            try {
              return new Place(file.toString(), Files.readAllBytes(file));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          })
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
