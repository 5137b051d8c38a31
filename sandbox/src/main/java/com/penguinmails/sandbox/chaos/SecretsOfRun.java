package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.secret.VaultServer;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// What nobody may read anywhere: the secrets of one run, also those that are destroyed before its
/// end. Whoever plays the run lets it look now and then.
final class SecretsOfRun {
  private static final Logger LOG = LoggerFactory.getLogger(SecretsOfRun.class);

  /// Fields of secrets. The others beside them may be known, such as a fingerprint.
  private static final Set<String> CONFIDENTIAL =
      Set.of("pem", "password", "hash", "key", "secret");

  private static final int SHORTEST = 12; // below are such as the name of an algorithm

  private final ChaosWorld chaos;
  private final long seed;
  private final Set<SecretRef> read = new HashSet<>();
  private final Set<String> values = new HashSet<>();

  SecretsOfRun(ChaosWorld chaos, long seed) {
    this.chaos = chaos;
    this.seed = seed;
  }

  /// One that is in no store.
  void add(String secret) {
    if (secret.length() >= SHORTEST) {
      values.add(secret);
    }
  }

  Set<String> values() {
    return Set.copyOf(values);
  }

  /// Takes down what has come since; not while nobody answers.
  void look() {
    try {
      chaos.world().hostwinds().rootPasswords().forEach(this::add);
      for (var setup : setups()) {
        var entities = entities(setup);
        var references =
            chaos
                .vault()
                .map(vault -> inVault(vault, setup.tenant(), entities))
                .orElseGet(() -> inRows(entities));
        for (var reference : references) {
          if (!read.contains(reference)) {
            take(setup.tenant(), reference);
          }
        }
      }
    } catch (DataAccessException | OutsideException.Unavailable dead) {
      LOG.atDebug().setCause(dead).log("Secrets cannot be read now");
    }
  }

  private void take(TenantId tenant, SecretRef reference) {
    try {
      var fields = chaos.secrets().get(tenant, reference);
      read.add(reference);
      fields.entrySet().stream()
          .filter(field -> CONFIDENTIAL.contains(field.getKey()))
          .map(field -> tellingLine(field.getValue()))
          .forEach(this::add);
    } catch (OutsideException.Refused destroyed) {
      read.add(reference);
    }
  }

  /// Of a key in PEM the last full line: the first ones may be public.
  private static String tellingLine(String value) {
    var lines = value.lines().filter(line -> !line.startsWith("-----")).toList();
    return lines.size() > 1 ? lines.get(lines.size() - 2) : value.strip();
  }

  private record Ids(TenantId tenant, UUID setup, UUID server, UUID domain, UUID certificate) {}

  private List<Ids> setups() {
    return chaos
        .rows()
        .sql(
            """
            SELECT tenant_id, id, server_id, domain_id, certificate_id FROM setup
            WHERE idempotency_key = :key OR idempotency_key LIKE :key || '-%'
            """)
        .param("key", ChaosWorld.KEY + seed)
        .query((row, _) ->
            new Ids(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getObject("id", UUID.class),
                row.getObject("server_id", UUID.class),
                row.getObject("domain_id", UUID.class),
                row.getObject("certificate_id", UUID.class)))
        .list();
  }

  /// Whose secrets are below their ids.
  private List<String> entities(Ids setup) {
    var all =
        new ArrayList<>(
            List.of(
                "setup/" + setup.setup(),
                "server/" + setup.server(),
                "domain/" + setup.domain(),
                "certificate/" + setup.certificate()));
    chaos
        .rows()
        .sql("SELECT id FROM mailbox WHERE domain_id = :domain")
        .param("domain", setup.domain())
        .query((row, _) -> row.getString("id"))
        .list()
        .forEach(id -> all.add("mailbox/" + id));
    return all;
  }

  private List<SecretRef> inRows(List<String> entities) {
    return chaos
        .rows()
        .sql(
            """
            SELECT path, version FROM secret
            WHERE destroyed_at IS NULL
              AND EXISTS (SELECT 1 FROM unnest(:entities) AS entity
                WHERE path LIKE entity || '/%')
            """)
        .param("entities", entities.toArray(String[]::new))
        .query((row, _) -> new SecretRef(row.getString("path"), row.getInt("version")))
        .list();
  }

  private static List<SecretRef> inVault(
      VaultServer vault, TenantId tenant, List<String> entities) {
    return entities.stream()
        .flatMap(entity -> vault.kept("tenant/" + tenant + "/", entity).stream())
        .toList();
  }
}
