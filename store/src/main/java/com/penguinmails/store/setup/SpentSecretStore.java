package com.penguinmails.store.setup;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.SecretRef;
import java.util.List;
import java.util.UUID;

/// Secrets of domains and servers that are gone: mailbox logins, DKIM keys, access to the zone; our
/// login of the server and its host key. And those that others have replaced. Rows refer to them
/// until they are destroyed. Call inside [Tenancy#as].
public final class SpentSecretStore {
  private final Tenancy tenancy;

  public SpentSecretStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// What nobody needs any more once this set-up is proved or has taken back what it made: of its
  /// server, if that is retired; of its own domain and of every other that was on it, as far as
  /// they are withdrawn; what was replaced by now. A domain or server whose other set-up is under
  /// way is left to that one.
  ///
  /// The zone of the domain whose name a server bears is needed as long as the server is there: its
  /// certificate is proved in it, and the records of its name go with the server.
  public List<SpentSecret> after(Setup setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            WITH gone AS (
              SELECT d.id, d.name, d.zone_secret_ref FROM domain d
              WHERE d.state = 'WITHDRAWN'
                AND d.id IN (SELECT domain_id FROM setup WHERE server_id = :server)
                AND NOT EXISTS (
                  SELECT FROM setup s
                  WHERE s.domain_id = d.id AND s.id <> :setup AND s.finished_at IS NULL))
            SELECT 'LOGIN' AS place, m.id, ref
            FROM mailbox m JOIN gone ON gone.id = m.domain_id
            CROSS JOIN unnest(ARRAY[m.login_ref, m.replaced_login_ref]) ref
            WHERE ref IS NOT NULL
            UNION ALL
            SELECT 'DKIM_KEY', k.domain_id, k.secret_ref
            FROM dkim_key k JOIN gone ON gone.id = k.domain_id
            WHERE k.state <> 'RETIRED'
            UNION ALL
            SELECT 'ZONE_ACCESS', gone.id, gone.zone_secret_ref FROM gone
            WHERE gone.zone_secret_ref IS NOT NULL
              AND NOT EXISTS (
                SELECT FROM record_state r
                WHERE r.domain_id = gone.id AND r.ours AND r.state <> 'WITHDRAWN')
              AND NOT EXISTS (
                SELECT FROM setup s
                JOIN server v ON v.id = s.server_id
                LEFT JOIN certificate c ON c.server_id = v.id AND c.state <> 'RETIRED'
                WHERE s.domain_id = gone.id AND right(v.hostname, length(gone.name) + 1) = '.' || gone.name
                  AND (v.state <> 'RETIRED' OR c.id IS NOT NULL))
            UNION ALL
            SELECT 'SERVER_KEY', v.id, ref
            FROM server v
            CROSS JOIN unnest(ARRAY[v.first_login_ref, v.login_ref, v.host_key_ref]) ref
            WHERE v.id = :server AND v.state = 'RETIRED' AND ref IS NOT NULL
            UNION ALL
            SELECT 'REPLACED', coalesce(r.domain_id, r.server_id), r.reference
            FROM replaced_secret r
            WHERE r.destroyed_at IS NULL AND (r.domain_id = :domain OR r.server_id = :server)
              AND NOT EXISTS (
                SELECT FROM setup s
                WHERE (s.domain_id = r.domain_id OR s.server_id = r.server_id)
                  AND s.id <> :setup AND s.finished_at IS NULL)
              AND NOT EXISTS (SELECT FROM domain d WHERE d.zone_secret_ref = r.reference)
              AND NOT EXISTS (SELECT FROM server v WHERE v.first_login_ref = r.reference)
            """)
        .param("server", setup.server().value())
        .param("domain", setup.domain().value())
        .param("setup", setup.id().value())
        .query((row, number) ->
            new SpentSecret(
                Columns.choice(row, "place", Place.class),
                Columns.uuid(row, "id"),
                Columns.secretRef(row, "ref")))
        .list();
  }

  /// It is destroyed: its row says so. Safe to repeat.
  public void forget(SpentSecret spent) {
    tenancy
        .jdbc()
        .sql(
            switch (spent.place()) {
              case LOGIN ->
                  """
                  UPDATE mailbox SET login_ref = nullif(login_ref, :ref),
                    replaced_login_ref = nullif(replaced_login_ref, :ref)
                  WHERE id = :id
                  """;
              case DKIM_KEY -> // its selector stays taken
                  """
                  UPDATE dkim_key SET state = 'RETIRED', retired_at = now()
                  WHERE domain_id = :id AND secret_ref = :ref AND state <> 'RETIRED'
                  """;
              case ZONE_ACCESS ->
                  """
                  UPDATE domain SET zone_secret_ref = NULL WHERE id = :id AND zone_secret_ref = :ref
                  """;
              case SERVER_KEY ->
                  """
                  UPDATE server SET first_login_ref = nullif(first_login_ref, :ref),
                    login_ref = nullif(login_ref, :ref), host_key_ref = nullif(host_key_ref, :ref)
                  WHERE id = :id
                  """;
              case REPLACED ->
                  """
                  UPDATE replaced_secret SET destroyed_at = now()
                  WHERE coalesce(domain_id, server_id) = :id AND reference = :ref
                  """;
            })
        .param("id", spent.row())
        .param("ref", spent.reference().toString())
        .update();
  }

  /// Which row refers to it.
  enum Place {
    LOGIN,
    DKIM_KEY,
    ZONE_ACCESS,
    SERVER_KEY,
    REPLACED
  }

  /// A secret that may be destroyed, and then forgotten.
  ///
  /// @param row a mailbox's id, a domain's, or a server's
  public record SpentSecret(Place place, UUID row, SecretRef reference) {}
}
