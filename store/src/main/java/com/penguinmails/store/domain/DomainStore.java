package com.penguinmails.store.domain;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Domains: claims, and how far their records are. Call inside [Tenancy#as].
public final class DomainStore {
  private static final String COLUMNS =
      """
      id, workspace_id, server_id, name, zone_name, zone_provider, zone_settings, zone_secret_ref,
      mx_replace_allowed, mta_sts_mode, ownership_token, owned_at, published_at, verified_at, state,
      desired_version
      """;

  private static final RowMapper<Domain> DOMAIN =
      (row, number) ->
          new Domain(
              new DomainId(Columns.uuid(row, "id")),
              new WorkspaceId(Columns.uuid(row, "workspace_id")),
              new ServerId(Columns.uuid(row, "server_id")),
              new DomainName(row.getString("name")),
              new DomainName(row.getString("zone_name")),
              row.getString("zone_provider"),
              Columns.texts(row, "zone_settings"),
              Columns.optionalSecretRef(row, "zone_secret_ref"),
              row.getBoolean("mx_replace_allowed"),
              row.getString("mta_sts_mode"),
              row.getString("ownership_token"),
              Columns.optionalInstant(row, "owned_at"),
              Columns.optionalInstant(row, "published_at"),
              Columns.optionalInstant(row, "verified_at"),
              Columns.choice(row, "state", Domain.State.class),
              row.getLong("desired_version"));

  private final Tenancy tenancy;
  private final AuditLog audit;

  public DomainStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
  }

  /// Writes a claim, or finds the tenant's claim on that name and gives it the new zone access, so
  /// that a corrected key counts. The server of a found one stays.
  public Domain insertOrFind(NewDomain wanted) {
    int inserted =
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO domain (id, tenant_id, workspace_id, server_id, name, zone_name,
                  zone_provider, zone_settings, zone_secret_ref, mx_replace_allowed, ownership_token)
                VALUES (:id, :tenant, :workspace, :server, :name, :zone,
                  :provider, CAST(:settings AS jsonb), :secret, :mx, :token)
                ON CONFLICT (tenant_id, name) WHERE state <> 'WITHDRAWN' DO NOTHING
                """)
            .param("id", wanted.id().value())
            .param("tenant", tenancy.tenant().value())
            .param("workspace", wanted.workspace().value())
            .param("server", wanted.server().value())
            .param("name", wanted.name().value())
            .param("zone", wanted.zone().value())
            .param("provider", wanted.zoneProvider())
            .param("settings", Columns.json(wanted.zoneSettings()))
            .param("secret", wanted.zoneSecret().map(SecretRef::toString).orElse(null))
            .param("mx", wanted.isMxReplaceAllowed())
            .param("token", wanted.ownershipToken())
            .update();
    var domain = findByName(wanted.name()).orElseThrow();
    if (inserted == 1) {
      audit.record(
          "domain.claimed",
          EntityKind.DOMAIN,
          domain.id().value(),
          Map.of("name", wanted.name().value()));
      return domain;
    }
    changeZone(domain.id(), wanted.zoneProvider(), wanted.zoneSettings(), wanted.zoneSecret());
    if (wanted.isMxReplaceAllowed()) {
      allowMxReplace(domain.id());
    }
    return get(domain.id());
  }

  /// One domain; empty when the tenant has none of this id.
  public Optional<Domain> find(DomainId domain) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM domain WHERE id = :id")
        .param("id", domain.value())
        .query(DOMAIN)
        .optional();
  }

  /// One domain that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Domain get(DomainId domain) {
    return find(domain)
        .orElseThrow(() -> new IllegalArgumentException("no domain " + domain + " here"));
  }

  /// The tenant's claim on this name that is not withdrawn.
  public Optional<Domain> findByName(DomainName name) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM domain WHERE name = :name AND state <> 'WITHDRAWN'")
        .param("name", name.value())
        .query(DOMAIN)
        .optional();
  }

  /// Every domain that ever came to this server or is to come, withdrawn ones too.
  public List<Domain> ofServer(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + """
                 FROM domain
                WHERE server_id = :server
                  OR id IN (SELECT domain_id FROM setup WHERE server_id = :server)
                ORDER BY id
                """)
        .param("server", server.value())
        .query(DOMAIN)
        .list();
  }

  /// Other access to the zone: a corrected key, another server. What it replaces is noted, until
  /// [SpentSecretStore][com.penguinmails.store.setup.SpentSecretStore] says that it may go.
  public void changeZone(
      DomainId domain, String provider, Map<String, String> settings, Optional<SecretRef> secret) {
    tenancy
        .jdbc()
        .sql(
            """
            WITH replaced AS (
              INSERT INTO replaced_secret (tenant_id, reference, domain_id)
              SELECT tenant_id, zone_secret_ref, id FROM domain
              WHERE id = :id AND zone_secret_ref <> :secret
              ON CONFLICT DO NOTHING)
            UPDATE domain SET zone_provider = :provider, zone_settings = CAST(:settings AS jsonb),
              zone_secret_ref = coalesce(:secret, zone_secret_ref)
            WHERE id = :id
            """)
        .param("id", domain.value())
        .param("provider", provider)
        .param("settings", Columns.json(settings))
        .param("secret", secret.map(SecretRef::toString).orElse(null))
        .update();
  }

  /// Another key for the zone in the place of a wrong one.
  public void correctZoneKey(DomainId domain, Map<String, String> settings, SecretRef secret) {
    changeZone(domain, get(domain).zoneProvider(), settings, Optional.of(secret));
    audit.record("domain.zone_key_corrected", EntityKind.DOMAIN, domain.value(), Map.of());
  }

  /// Another server sends and receives for the domain from now on: a newer version of it is wanted.
  public void moveTo(DomainId domain, ServerId server) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE domain SET server_id = :server, desired_version = desired_version + 1
            WHERE id = :id
            """)
        .param("id", domain.value())
        .param("server", server.value())
        .update();
  }

  /// Something the domain's desired state is computed from has changed.
  public void bumpDesiredVersion(DomainId domain) {
    touch("desired_version = desired_version + 1", "true", domain);
  }

  /// The tenant says yes to replacing a foreign MX.
  public void allowMxReplace(DomainId domain) {
    int changed = touch("mx_replace_allowed = true", "NOT mx_replace_allowed", domain);
    if (changed == 1) {
      audit.record("domain.mx_replace_allowed", EntityKind.DOMAIN, domain.value(), Map.of());
    }
  }

  /// The primary holds the whole record plan.
  public void recordPublished(DomainId domain) {
    touch(
        """
        published_at = now(),
        state = CASE WHEN state IN ('CLAIMED', 'OWNED') THEN 'PUBLISHED' ELSE state END
        """,
        "published_at IS NULL",
        domain);
  }

  /// Authoritative servers and resolvers answer with the whole record plan.
  public void recordVerified(DomainId domain) {
    touch(
        """
        verified_at = now(), published_at = coalesce(published_at, now()),
        state = CASE WHEN state = 'WITHDRAWN' THEN state ELSE 'VERIFIED' END
        """,
        "verified_at IS NULL",
        domain);
  }

  /// Given up: the name is free for another claim.
  public void withdraw(DomainId domain) {
    if (touch("state = 'WITHDRAWN'", "state <> 'WITHDRAWN'", domain) == 1) {
      audit.record("domain.withdrawn", EntityKind.DOMAIN, domain.value(), Map.of());
    }
  }

  /// The other servers the domain was on, those included from which a cancelled set-up gave it
  /// back; only those that have an address.
  public List<FormerServer> formerServers(DomainId domain) {
    return servers("d.id = :domain AND v.id <> d.server_id", "domain", domain.value());
  }

  /// As they would be if the tenant's domain of that name left the one it is on as well.
  public List<FormerServer> serversToLeave(DomainName name) {
    return servers("d.name = :name AND d.state <> 'WITHDRAWN'", "name", name.value());
  }

  private List<FormerServer> servers(String condition, String name, Object value) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT v.hostname, host(v.address) AS address,
              EXISTS (
                SELECT FROM domain o
                WHERE o.server_id = v.id AND o.id <> d.id AND o.state <> 'WITHDRAWN') AS needed,
              bool_and(s.state <> 'DONE') AND EXISTS (
                SELECT FROM record_state r
                WHERE r.domain_id = d.id AND r.type = 'TXT' AND r.ours
                  AND string_to_array(r.value, ' ')
                    && ARRAY['ip4:' || host(v.address), 'ip6:' || host(v.address)]) AS given_up
            FROM domain d JOIN setup s ON s.domain_id = d.id JOIN server v ON v.id = s.server_id
            WHERE %s AND v.address IS NOT NULL AND (s.state = 'DONE' OR s.moved_at IS NOT NULL OR s.proved_at IS NOT NULL)
            GROUP BY d.id, v.id ORDER BY v.id
            """
                .formatted(condition))
        .param(name, value)
        .query((row, number) ->
            new FormerServer(
                new DomainName(row.getString("hostname")),
                new IpAddress(row.getString("address")),
                row.getBoolean("needed"),
                row.getBoolean("given_up")))
        .list();
  }

  private int touch(String assignment, String condition, DomainId domain) {
    return tenancy
        .jdbc()
        .sql("UPDATE domain SET " + assignment + " WHERE id = :id AND " + condition)
        .param("id", domain.value())
        .update();
  }

  /// @param isNeeded other domains are on it
  /// @param isGivenUp no set-up of the domain was proved there, and our records name its address
  public record FormerServer(
      DomainName hostname, IpAddress address, boolean isNeeded, boolean isGivenUp) {}

  /// @param zoneSecret fields of the DNS provider; empty when it needs none
  /// @param ownershipToken random; what the TXT proof must say
  public record NewDomain(
      DomainId id,
      WorkspaceId workspace,
      ServerId server,
      DomainName name,
      DomainName zone,
      String zoneProvider,
      Map<String, String> zoneSettings,
      Optional<SecretRef> zoneSecret,
      boolean isMxReplaceAllowed,
      String ownershipToken) {
    /// The same claim on another server.
    public NewDomain on(ServerId other) {
      return new NewDomain(
          id,
          workspace,
          other,
          name,
          zone,
          zoneProvider,
          zoneSettings,
          zoneSecret,
          isMxReplaceAllowed,
          ownershipToken);
    }
  }
}
