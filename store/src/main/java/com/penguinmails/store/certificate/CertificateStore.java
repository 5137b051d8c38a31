package com.penguinmails.store.certificate;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.springframework.jdbc.core.RowMapper;

/// Certificates of servers, one per server. Call inside [Tenancy#as].
public final class CertificateStore {
  /// Of a name that is in several domains, the longest one has it. A domain has names on a server
  /// it is on, or is to come to; the server's own name stays when its domain leaves.
  private static final String ORDERABLE_NAMES =
      """
      ARRAY(
        SELECT n FROM unnest(certificate.names) n
        JOIN LATERAL (
          SELECT d.owned_at, v.hostname = n OR (
              d.state <> 'WITHDRAWN' AND d.retire_wanted_at IS NULL AND (d.server_id = v.id OR EXISTS (
                SELECT FROM setup s
                WHERE s.domain_id = d.id AND s.server_id = v.id
                  AND s.state IN ('REQUESTED', 'RUNNING', 'HELD')))) AS stays
          FROM domain d JOIN server v ON v.id = certificate.server_id
          WHERE right(n, length(d.name) + 1) = '.' || d.name
            AND (d.server_id = v.id OR EXISTS (
              SELECT FROM setup s WHERE s.domain_id = d.id AND s.server_id = v.id))
          ORDER BY length(d.name) DESC, d.state = 'WITHDRAWN', d.id DESC LIMIT 1) AS whose ON true
        WHERE whose.owned_at IS NOT NULL AND whose.stays
        ORDER BY n) AS orderable_names
      """;

  private static final String COLUMNS =
      """
      id, server_id, names, order_url, account_ref, key_ref, secret_ref, not_before, not_after,
      renew_after, issued_fingerprint, installed_fingerprint, issues, state, desired_version,
      coalesce(ordered_names, names) AS ordered_names, coalesce(issued_names, names) AS issued_names,
      """
          + ORDERABLE_NAMES;

  private static final RowMapper<Certificate> CERTIFICATE =
      (row, number) ->
          new Certificate(
              new CertificateId(Columns.uuid(row, "id")),
              new ServerId(Columns.uuid(row, "server_id")),
              names(row, "names"),
              Columns.optionalText(row, "order_url").map(URI::create),
              Columns.optionalSecretRef(row, "account_ref"),
              Columns.optionalSecretRef(row, "key_ref"),
              Columns.optionalSecretRef(row, "secret_ref"),
              Columns.optionalInstant(row, "not_before"),
              Columns.optionalInstant(row, "not_after"),
              Columns.optionalInstant(row, "renew_after"),
              Columns.optionalText(row, "issued_fingerprint"),
              Columns.optionalText(row, "installed_fingerprint"),
              row.getInt("issues"),
              Columns.choice(row, "state", Certificate.State.class),
              row.getLong("desired_version"),
              names(row, "ordered_names"),
              names(row, "issued_names"),
              names(row, "orderable_names"));

  private final Tenancy tenancy;

  public CertificateStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  private static List<DomainName> names(ResultSet row, String column) throws SQLException {
    return Arrays.stream((String[]) row.getArray(column).getArray()).map(DomainName::new).toList();
  }

  /// How many names the server's certificate would carry with these; all of them when it has none
  /// yet.
  public int namesWith(ServerId server, List<DomainName> more) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT count(DISTINCT n)::integer FROM (
              SELECT unnest(names) AS n FROM certificate
              WHERE server_id = :server AND state <> 'RETIRED'
              UNION ALL SELECT unnest(CAST(:names AS text[]))) AS all_names
            """)
        .param("server", server.value())
        .param("names", sorted(more))
        .query(Integer.class)
        .single();
  }

  /// The domain leaves the server: its names are not renewed. The server's own name stays, and so
  /// do those of domains below it.
  public void dropNames(ServerId server, DomainName domain) {
    tenancy
        .jdbc()
        .sql(
            """
            WITH kept AS (
              SELECT c.id, ARRAY(
                SELECT n FROM unnest(c.names) n
                WHERE n = s.hostname OR right(n, length(:domain) + 1) <> '.' || :domain
                  OR EXISTS (
                    SELECT FROM domain below
                    WHERE below.server_id = s.id AND below.state <> 'WITHDRAWN'
                      AND right(below.name, length(:domain) + 1) = '.' || :domain
                      AND right(n, length(below.name) + 1) = '.' || below.name)
                ORDER BY n) AS names
              FROM certificate c JOIN server s ON s.id = c.server_id
              WHERE c.server_id = :server AND c.state <> 'RETIRED' AND s.hostname = ANY (c.names))
            UPDATE certificate c SET names = kept.names, desired_version = c.desired_version + 1
            FROM kept WHERE c.id = kept.id AND cardinality(c.names) <> cardinality(kept.names)
            """)
        .param("server", server.value())
        .param("domain", domain.value())
        .update();
  }

  /// Writes the server's certificate, or finds it and adds the names it lacks: then a newer version
  /// of it is wanted.
  public Certificate insertOrAddNames(CertificateId id, ServerId server, List<DomainName> names) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO certificate (id, tenant_id, server_id, names)
            VALUES (:id, :tenant, :server, :names)
            ON CONFLICT (server_id) WHERE state <> 'RETIRED' DO UPDATE SET
              names = ARRAY(
                SELECT DISTINCT n FROM unnest(certificate.names || excluded.names) n ORDER BY n),
              desired_version = certificate.desired_version
                + CASE WHEN certificate.names @> excluded.names THEN 0 ELSE 1 END
            """)
        .param("id", id.value())
        .param("tenant", tenancy.tenant().value())
        .param("server", server.value())
        .param("names", sorted(names))
        .update();
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + " FROM certificate WHERE server_id = :server AND state <> 'RETIRED'")
        .param("server", server.value())
        .query(CERTIFICATE)
        .single();
  }

  /// The domain is owned now, so that its names can be ordered: a newer version is wanted of every
  /// certificate that has them.
  public void wantNamesOf(DomainId owned) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE certificate c SET desired_version = c.desired_version + 1
            FROM domain d
            WHERE d.id = :domain AND c.state <> 'RETIRED'
              AND EXISTS (
                SELECT FROM unnest(c.names) n WHERE right(n, length(d.name) + 1) = '.' || d.name)
              AND (c.server_id = d.server_id OR EXISTS (
                SELECT FROM setup s WHERE s.domain_id = d.id AND s.server_id = c.server_id))
            """)
        .param("domain", owned.value())
        .update();
  }

  /// One certificate; empty when the tenant has none of this id.
  public Optional<Certificate> find(CertificateId certificate) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM certificate WHERE id = :id")
        .param("id", certificate.value())
        .query(CERTIFICATE)
        .optional();
  }

  /// One certificate that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Certificate get(CertificateId certificate) {
    return find(certificate)
        .orElseThrow(() -> new IllegalArgumentException("no certificate " + certificate + " here"));
  }

  /// Notes the ACME account key. The first one wins.
  public void recordAccount(CertificateId certificate, SecretRef account) {
    tenancy
        .jdbc()
        .sql("UPDATE certificate SET account_ref = coalesce(account_ref, :ref) WHERE id = :id")
        .param("id", certificate.value())
        .param("ref", account.toString())
        .update();
  }

  /// Notes the running order and the private key it is for. A newer order replaces an older one.
  public void recordOrder(
      CertificateId certificate, URI order, SecretRef key, List<DomainName> names) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE certificate SET order_url = :url, key_ref = :key, ordered_names = :names,
              state = CASE WHEN state = 'WANTED' THEN 'ORDERED' ELSE state END
            WHERE id = :id
            """)
        .param("id", certificate.value())
        .param("url", order.toString())
        .param("key", key.toString())
        .param("names", sorted(names))
        .update();
  }

  /// The order came to nothing: the next one starts from the beginning.
  public void forgetOrder(CertificateId certificate) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE certificate SET order_url = NULL, key_ref = NULL,
              state = CASE WHEN state = 'ORDERED' THEN 'WANTED' ELSE state END
            WHERE id = :id
            """)
        .param("id", certificate.value())
        .update();
  }

  /// Issued: chain and key are in `secret`. Counts the issue once per fingerprint.
  public void recordIssued(CertificateId certificate, Issued issued) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE certificate SET state = 'ISSUED', order_url = NULL, key_ref = NULL,
              secret_ref = :secret, not_before = :from, not_after = :to, renew_after = :renew,
              issued_fingerprint = :fingerprint, issued_names = :names, issues = issues + 1
            WHERE id = :id AND issued_fingerprint IS DISTINCT FROM :fingerprint
            """)
        .param("id", certificate.value())
        .param("secret", issued.secret().toString())
        .param("from", Columns.timestamp(issued.notBefore()))
        .param("to", Columns.timestamp(issued.notAfter()))
        .param("renew", Columns.timestamp(issued.renewAfter()))
        .param("fingerprint", issued.fingerprint())
        .param("names", sorted(issued.names()))
        .update();
  }

  /// The CA suggests another time to renew (RFC 9773).
  public void recordRenewAfter(CertificateId certificate, Instant renewAfter) {
    tenancy
        .jdbc()
        .sql("UPDATE certificate SET renew_after = :renew WHERE id = :id")
        .param("id", certificate.value())
        .param("renew", Columns.timestamp(renewAfter))
        .update();
  }

  /// A handshake with the server showed this leaf.
  public void recordInstalled(CertificateId certificate, String fingerprint) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE certificate SET installed_fingerprint = :fingerprint,
              state = CASE WHEN issued_fingerprint = :fingerprint AND state = 'ISSUED'
                THEN 'INSTALLED' ELSE state END
            WHERE id = :id
            """)
        .param("id", certificate.value())
        .param("fingerprint", fingerprint)
        .update();
  }

  private static String[] sorted(List<DomainName> names) {
    var unique = new TreeSet<String>();
    names.forEach(name -> unique.add(name.value()));
    return unique.toArray(String[]::new);
  }

  /// Ended: nothing is renewed any more. Safe to repeat.
  public void retire(CertificateId certificate) {
    tenancy
        .jdbc()
        .sql("UPDATE certificate SET state = 'RETIRED' WHERE id = :id")
        .param("id", certificate.value())
        .update();
  }

  /// @param secret fields `chain` and `key`
  /// @param fingerprint SHA-256 of the leaf, hexadecimal
  /// @param names the leaf is for
  public record Issued(
      SecretRef secret,
      Instant notBefore,
      Instant notAfter,
      Instant renewAfter,
      String fingerprint,
      List<DomainName> names) {
    public Issued {
      names = List.copyOf(names);
    }
  }

  /// One certificate as its row says.
  ///
  /// @param order the running ACME order
  /// @param account ACME account key
  /// @param key private key of the running order
  /// @param secret chain and key as issued
  /// @param issues how often it was issued; part of keys and secret paths
  /// @param desiredVersion counts the changes of its names, and of which can be ordered
  /// @param orderedNames what the running order is for
  /// @param issuedNames what the leaf is for
  /// @param orderableNames of the names, those whose domain is owned and stays: no other can be
  ///   proved to the authority, and one that cannot would hold up all
  public record Certificate(
      CertificateId id,
      ServerId server,
      List<DomainName> names,
      Optional<URI> order,
      Optional<SecretRef> account,
      Optional<SecretRef> key,
      Optional<SecretRef> secret,
      Optional<Instant> notBefore,
      Optional<Instant> notAfter,
      Optional<Instant> renewAfter,
      Optional<String> issuedFingerprint,
      Optional<String> installedFingerprint,
      int issues,
      State state,
      long desiredVersion,
      List<DomainName> orderedNames,
      List<DomainName> issuedNames,
      List<DomainName> orderableNames) {
    public Certificate {
      names = List.copyOf(names);
      orderedNames = List.copyOf(orderedNames);
      issuedNames = List.copyOf(issuedNames);
      orderableNames = List.copyOf(orderableNames);
    }

    /// When it must be issued again; empty: now, also because it lacks a name it could have.
    public Optional<Instant> goodUntil() {
      return renewAfter.filter(_ -> issuedNames.containsAll(orderableNames));
    }

    /// How far a certificate is.
    public enum State {
      WANTED,
      ORDERED,
      ISSUED,
      INSTALLED,
      RETIRED
    }
  }
}
