package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.chaos.Invariants.Facts;
import com.penguinmails.sandbox.secret.VaultServer;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What nobody may read in a history of one run.
final class SecretsOfRun {
  /// Fields of secrets. The others beside them may be known, such as a fingerprint.
  private static final Set<String> CONFIDENTIAL =
      Set.of("pem", "password", "hash", "key", "secret");

  private static final int SHORTEST = 12; // below are such as the name of an algorithm

  private final ChaosWorld chaos;
  private final DomainName domain;

  SecretsOfRun(ChaosWorld chaos, DomainName domain) {
    this.chaos = chaos;
    this.domain = domain;
  }

  /// Everything in the secret store that belongs to a set-up, and what the seller and the DNS host
  /// gave in confidence.
  Set<String> of(Facts facts) {
    var known = new HashSet<String>();
    known.add(chaos.world().dns().delegate(domain).secret());
    known.addAll(chaos.world().hostwinds().rootPasswords());
    var entities = entities(facts);
    var references =
        chaos
            .vault()
            .map(vault -> inVault(vault, facts.tenant(), entities))
            .orElseGet(() -> inRows(entities));
    references.forEach(reference -> valuesOf(facts.tenant(), reference).forEach(known::add));
    known.removeIf(value -> value.length() < SHORTEST);
    return known;
  }

  private Stream<String> valuesOf(TenantId tenant, SecretRef reference) {
    try {
      return chaos.secrets().get(tenant, reference).entrySet().stream()
          .filter(field -> CONFIDENTIAL.contains(field.getKey()))
          .flatMap(field -> field.getValue().lines())
          .filter(line -> !line.startsWith("-----"));
    } catch (OutsideException.Refused destroyed) {
      return Stream.empty();
    }
  }

  /// Whose secrets are below their ids.
  private List<String> entities(Facts facts) {
    var all =
        new ArrayList<>(
            List.of(
                "setup/" + facts.setup(),
                "server/" + facts.server(),
                "domain/" + facts.domain(),
                "certificate/" + facts.certificate()));
    chaos
        .rows()
        .sql("SELECT id FROM mailbox WHERE domain_id = :domain")
        .param("domain", facts.domain())
        .query(String.class)
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
