package com.penguinmails.store.server;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Servers: what is known of them and which version they should have. Call inside [Tenancy#as].
public final class ServerStore {
  private static final String COLUMNS =
      """
      id, provider, stack, host(address) AS address, ssh_port, hostname, first_user,
      first_login_ref, seen_fingerprint, host_key_ref, host_key_fingerprint, login_ref,
      login_proved_at, passwords_off_at, desired_version, applied_version, state
      """;

  private static final RowMapper<Server> SERVER =
      (row, number) ->
          new Server(
              new ServerId(Columns.uuid(row, "id")),
              row.getString("provider"),
              Columns.choice(row, "stack", Stack.class),
              Columns.optionalText(row, "address").map(IpAddress::new),
              row.getInt("ssh_port"),
              new DomainName(row.getString("hostname")),
              row.getString("first_user"),
              Columns.optionalSecretRef(row, "first_login_ref"),
              Columns.optionalText(row, "seen_fingerprint"),
              Columns.optionalSecretRef(row, "host_key_ref"),
              Columns.optionalText(row, "host_key_fingerprint"),
              Columns.optionalSecretRef(row, "login_ref"),
              Columns.optionalInstant(row, "login_proved_at"),
              Columns.optionalInstant(row, "passwords_off_at"),
              row.getLong("desired_version"),
              row.getLong("applied_version"),
              Columns.choice(row, "state", Server.State.class));

  private final Tenancy tenancy;
  private final AuditLog audit;

  public ServerStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
  }

  /// Writes a server that is to be bought: its address comes later.
  public Server insertOrdered(NewServer wanted) {
    insert(wanted, Optional.empty());
    audit.record("server.added", EntityKind.SERVER, wanted.id().value(), Map.of());
    return get(wanted.id());
  }

  /// Writes a new server, or finds the tenant's server at that address: an address is one server. A
  /// found one gets the new first login, user and all, so that a correction counts; not once our
  /// own login is proved.
  public Server insertOrFind(NewServer wanted, IpAddress address) {
    int inserted = insert(wanted, Optional.of(address));
    var server = findByAddress(address).orElseThrow();
    if (inserted == 1) {
      audit.record(
          "server.added",
          EntityKind.SERVER,
          server.id().value(),
          Map.of("address", address.value()));
    } else {
      wanted
          .firstLogin()
          .ifPresent(
              login -> correctFirstLogin(server.id(), Optional.of(wanted.firstUser()), login));
    }
    return find(server.id()).orElseThrow();
  }

  private int insert(NewServer wanted, Optional<IpAddress> address) {
    return tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO server (id, tenant_id, provider, stack, address, ssh_port, hostname,
              first_user, first_login_ref)
            VALUES (:id, :tenant, :provider, :stack, CAST(:address AS inet), :port, :hostname,
              :user, :login)
            ON CONFLICT (tenant_id, address) WHERE state <> 'RETIRED' DO NOTHING
            """)
        .param("id", wanted.id().value())
        .param("tenant", tenancy.tenant().value())
        .param("provider", wanted.provider())
        .param("stack", wanted.stack().name())
        .param("address", address.map(IpAddress::value).orElse(null))
        .param("port", wanted.sshPort())
        .param("hostname", wanted.hostname().value())
        .param("user", wanted.firstUser())
        .param("login", wanted.firstLogin().map(SecretRef::toString).orElse(null))
        .update();
  }

  /// One server; empty when the tenant has none of this id.
  public Optional<Server> find(ServerId server) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM server WHERE id = :id")
        .param("id", server.value())
        .query(SERVER)
        .optional();
  }

  /// One server that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Server get(ServerId server) {
    return find(server)
        .orElseThrow(() -> new IllegalArgumentException("no server " + server + " here"));
  }

  /// The tenant's server at this address that is not retired.
  public Optional<Server> findByAddress(IpAddress address) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + " FROM server WHERE address = CAST(:address AS inet) AND state <> 'RETIRED'")
        .param("address", address.value())
        .query(SERVER)
        .optional();
  }

  /// Whether the tenant's server at this address is being retired.
  public boolean isLeaving(IpAddress address) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM server
              WHERE address = CAST(:address AS inet) AND state <> 'RETIRED'
                AND retire_wanted_at IS NOT NULL)
            """)
        .param("address", address.value())
        .query(Boolean.class)
        .single();
  }

  /// Whether it is the tenant's, has been proved to be a mail server, and stays.
  public boolean isUsable(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM server
              WHERE id = :id AND state = 'READY' AND retire_wanted_at IS NULL
                AND EXISTS (SELECT FROM setup WHERE server_id = :id AND state = 'DONE'))
            """)
        .param("id", server.value())
        .query(Boolean.class)
        .single();
  }

  /// Whether domains other than this one are on a server of that name, or are to come to it.
  public boolean isNameNeeded(DomainName hostname, DomainName domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM server v
              WHERE v.hostname = :hostname AND v.state <> 'RETIRED'
                AND (EXISTS (
                    SELECT FROM domain d
                    WHERE d.server_id = v.id AND d.name <> :domain AND d.state <> 'WITHDRAWN')
                  OR EXISTS (
                    SELECT FROM setup s
                    WHERE s.server_id = v.id AND s.domain_name <> :domain
                      AND s.finished_at IS NULL)))
            """)
        .param("hostname", hostname.value())
        .param("domain", domain.value())
        .query(Boolean.class)
        .single();
  }

  /// Another one-time login in the place of a wrong one, which is noted until
  /// [SpentSecretStore][com.penguinmails.store.setup.SpentSecretStore] says that it may go.
  ///
  /// @param user as before when empty
  /// @return false when our own login is proved already; nothing was written
  public boolean correctFirstLogin(ServerId server, Optional<String> user, SecretRef login) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                WITH replaced AS (
                  INSERT INTO replaced_secret (tenant_id, reference, server_id)
                  SELECT tenant_id, first_login_ref, id FROM server
                  WHERE id = :id AND login_proved_at IS NULL AND first_login_ref <> :login
                  ON CONFLICT DO NOTHING)
                UPDATE server SET first_login_ref = :login, first_user = coalesce(:user, first_user)
                WHERE id = :id AND login_proved_at IS NULL
                """)
            .param("id", server.value())
            .param("login", login.toString())
            .param("user", user.orElse(null))
            .update();
    if (changed == 1) {
      audit.record("server.first_login_corrected", EntityKind.SERVER, server.value(), Map.of());
    }
    return changed == 1;
  }

  /// The one-time login is destroyed.
  public void forgetFirstLogin(ServerId server) {
    tenancy
        .jdbc()
        .sql("UPDATE server SET first_login_ref = NULL WHERE id = :id")
        .param("id", server.value())
        .update();
  }

  /// Pins the host key seen at the first contact. The first one wins; afterwards nothing replaces
  /// it but our own key.
  ///
  /// @return whether `fingerprint` is the pinned one
  public boolean pinSeenHostKey(ServerId server, String fingerprint) {
    update("seen_fingerprint = coalesce(seen_fingerprint, :value)", server, fingerprint);
    return get(server).seenFingerprint().equals(Optional.of(fingerprint));
  }

  /// Notes the host key we made. The first one wins.
  ///
  /// @return the reference that counts
  public SecretRef recordHostKey(ServerId server, SecretRef hostKey) {
    update("host_key_ref = coalesce(host_key_ref, :value)", server, hostKey.toString());
    return get(server).hostKey().orElseThrow();
  }

  /// Replaces the pinned fingerprint by that of our own key: compare-and-set.
  ///
  /// @param expected the fingerprint pinned so far
  /// @return whether `own` is the pinned one now; false: something else was pinned
  public boolean pinOwnHostKey(ServerId server, String expected, String own) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server SET host_key_fingerprint = :own
            WHERE id = :id AND coalesce(host_key_fingerprint, seen_fingerprint) = :expected
            """)
        .param("own", own)
        .param("id", server.value())
        .param("expected", expected)
        .update();
    return get(server).hostKeyFingerprint().equals(Optional.of(own));
  }

  /// Notes our login. The first one wins.
  ///
  /// @return the reference that counts
  public SecretRef recordLogin(ServerId server, SecretRef login) {
    update("login_ref = coalesce(login_ref, :value)", server, login.toString());
    return get(server).login().orElseThrow();
  }

  /// Our login worked in a session of its own.
  public void recordLoginProved(ServerId server) {
    touch("login_proved_at = coalesce(login_proved_at, now())", server);
  }

  /// Passwords are off on the host.
  public void recordPasswordsOff(ServerId server) {
    touch("passwords_off_at = coalesce(passwords_off_at, now())", server);
  }

  /// Something the host's desired state is computed from has changed.
  ///
  /// @return the new version
  public long bumpDesiredVersion(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            UPDATE server SET desired_version = desired_version + 1
            WHERE id = :id RETURNING desired_version
            """)
        .param("id", server.value())
        .query(Long.class)
        .single();
  }

  /// The host has this version. Never goes back; a version that was never wanted is refused by the
  /// table.
  public void recordApplied(ServerId server, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE server SET applied_version = :version, applied_at = now(),
              state = CASE WHEN state IN ('LEAVING', 'RETIRED') THEN state ELSE 'READY' END
            WHERE id = :id AND applied_version <= :version
            """)
        .param("id", server.value())
        .param("version", version)
        .update();
  }

  /// First contact is over.
  public void recordBootstrapped(ServerId server) {
    touch("state = CASE WHEN state = 'NEW' THEN 'BOOTSTRAPPED' ELSE state END", server);
  }

  /// From here on a refused login means that ours is gone.
  public void recordLeaving(ServerId server) {
    touch("state = CASE WHEN state = 'RETIRED' THEN state ELSE 'LEAVING' END", server);
  }

  /// The server is no longer ours to touch. Safe to repeat.
  public void retire(ServerId server) {
    int changed =
        tenancy
            .jdbc()
            .sql("UPDATE server SET state = 'RETIRED' WHERE id = :id AND state <> 'RETIRED'")
            .param("id", server.value())
            .update();
    if (changed == 1) {
      audit.record("server.retired", EntityKind.SERVER, server.value(), Map.of());
    }
  }

  private void update(String assignment, ServerId server, String value) {
    tenancy
        .jdbc()
        .sql("UPDATE server SET " + assignment + " WHERE id = :id")
        .param("id", server.value())
        .param("value", value)
        .update();
  }

  private void touch(String assignment, ServerId server) {
    tenancy
        .jdbc()
        .sql("UPDATE server SET " + assignment + " WHERE id = :id")
        .param("id", server.value())
        .update();
  }

  /// @param firstLogin the tenant's one-time password (field `password`) or key (field `key`)
  public record NewServer(
      ServerId id,
      String provider,
      Stack stack,
      int sshPort,
      DomainName hostname,
      String firstUser,
      Optional<SecretRef> firstLogin) {}
}
