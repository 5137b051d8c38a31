package com.penguinmails.store.mailbox;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Mailboxes of domains: what is there, and how far the server is with them. What tenants order is
/// in [MailboxCommands]. Call inside [Tenancy#as].
public final class MailboxStore {
  private static final String SELECT =
      """
      SELECT m.id, m.domain_id, m.local_part, d.name, s.hostname, m.display_name, m.login_ref,
        m.state, m.wanted_version, m.revealed_at, m.remove_after, m.created_at
      FROM mailbox m JOIN domain d ON d.id = m.domain_id JOIN server s ON s.id = d.server_id
      """;

  private static final RowMapper<Mailbox> MAILBOX =
      (row, number) ->
          new Mailbox(
              new MailboxId(Columns.uuid(row, "id")),
              new DomainId(Columns.uuid(row, "domain_id")),
              new EmailAddress(row.getString("local_part"), new DomainName(row.getString("name"))),
              new DomainName(row.getString("hostname")),
              row.getString("display_name"),
              Columns.optionalSecretRef(row, "login_ref"),
              Columns.choice(row, "state", Mailbox.State.class),
              Columns.optionalInstant(row, "revealed_at"),
              Columns.optionalInstant(row, "remove_after"),
              Columns.instant(row, "created_at"));

  private final Tenancy tenancy;

  public MailboxStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes a wanted mailbox, or finds the one with that address.
  public Mailbox insertOrFind(MailboxId id, DomainId domain, String localPart) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO mailbox (id, tenant_id, domain_id, local_part)
            VALUES (:id, :tenant, :domain, :local)
            ON CONFLICT (domain_id, local_part) WHERE state <> 'RETIRED' DO NOTHING
            """)
        .param("id", id.value())
        .param("tenant", tenancy.tenant().value())
        .param("domain", domain.value())
        .param("local", localPart)
        .update();
    return ofDomain(domain).stream()
        .filter(mailbox -> mailbox.address().localPart().equals(localPart))
        .findFirst()
        .orElseThrow();
  }

  /// One mailbox; empty when the tenant has none of this id.
  public Optional<Mailbox> find(MailboxId mailbox) {
    return tenancy
        .jdbc()
        .sql(SELECT + " WHERE m.id = :id")
        .param("id", mailbox.value())
        .query(MAILBOX)
        .optional();
  }

  /// The domain's mailboxes that are not retired, by address.
  public List<Mailbox> ofDomain(DomainId domain) {
    return ofDomain(domain, "", Integer.MAX_VALUE);
  }

  /// One page of them.
  ///
  /// @param after local part of the last one of the page before; empty for the first page
  public List<Mailbox> ofDomain(DomainId domain, String after, int limit) {
    return tenancy
        .jdbc()
        .sql(
            SELECT
                + """
                WHERE m.domain_id = :domain AND m.state <> 'RETIRED'
                  AND m.local_part COLLATE "C" > :after
                ORDER BY m.local_part COLLATE "C" LIMIT :limit
                """)
        .param("domain", domain.value())
        .param("after", after)
        .param("limit", limit)
        .query(MAILBOX)
        .list();
  }

  /// Notes the login we made, with the server's version that has it. The first one wins.
  public void recordLogin(MailboxId mailbox, SecretRef login, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE mailbox SET login_ref = :login, wanted_version = :version
            WHERE id = :id AND login_ref IS NULL
            """)
        .param("id", mailbox.value())
        .param("login", login.toString())
        .param("version", version)
        .update();
  }

  /// Mailboxes that were ordered in number and have no login yet, oldest order first. Those of a
  /// set-up get theirs from their domain.
  public List<MailboxId> withoutLogin(ServerId server, int limit) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT m.id FROM mailbox m JOIN domain d ON d.id = m.domain_id
            WHERE d.server_id = :server AND d.state <> 'WITHDRAWN' AND m.state = 'WANTED'
              AND m.login_ref IS NULL AND m.wanted_version IS NOT NULL
            ORDER BY m.id LIMIT :limit
            """)
        .param("server", server.value())
        .param("limit", limit)
        .query((row, number) -> new MailboxId(Columns.uuid(row, "id")))
        .list();
  }

  /// When the next time of grace on this server ends.
  public Optional<Instant> nextRemoval(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT min(m.remove_after) AS at FROM mailbox m JOIN domain d ON d.id = m.domain_id
            WHERE d.server_id = :server AND d.state <> 'WITHDRAWN' AND m.state = 'REMOVING'
            """)
        .param("server", server.value())
        .query((row, number) -> Columns.optionalInstant(row, "at"))
        .single();
  }

  /// Ends the time of grace where it is over: the mail is to leave the host. Safe to repeat.
  ///
  /// @param now as whoever asks sees it
  /// @param version of the server that is without them
  /// @return how many
  public int endGrace(ServerId server, Instant now, long version) {
    return tenancy
        .jdbc()
        .sql(
            """
            UPDATE mailbox m SET state = 'LEAVING', wanted_version = :version
            FROM domain d
            WHERE d.id = m.domain_id AND d.server_id = :server AND m.state = 'REMOVING'
              AND m.remove_after <= :now
            """)
        .param("server", server.value())
        .param("now", Columns.timestamp(now))
        .param("version", version)
        .update();
  }

  /// The logins that nobody needs any more once the host has this version: those that were replaced
  /// and those of mailboxes whose mail is gone.
  public List<SecretRef> loginsToDestroy(ServerId server, long version) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT unnest(CASE WHEN m.state = 'LEAVING'
              THEN ARRAY[m.login_ref, m.replaced_login_ref] ELSE ARRAY[m.replaced_login_ref] END)
              AS ref
            FROM mailbox m JOIN domain d ON d.id = m.domain_id
            WHERE d.server_id = :server AND m.wanted_version <= :version
              AND (m.state = 'LEAVING' OR m.replaced_login_ref IS NOT NULL)
            """)
        .param("server", server.value())
        .param("version", version)
        .query((row, number) -> Columns.optionalSecretRef(row, "ref"))
        .list()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// The host has this version: what was wanted with it is ready, what was to leave is gone. Before
  /// there is a certificate no mail program can come in, so nothing is ready; nor is it for a
  /// domain that was never owned, which the host does not have.
  public void settle(ServerId server, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE mailbox m SET
              state = CASE m.state WHEN 'LEAVING' THEN 'RETIRED' WHEN 'WANTED' THEN 'READY'
                ELSE m.state END,
              replaced_login_ref = NULL
            FROM domain d
            WHERE d.id = m.domain_id AND d.server_id = :server AND coalesce(m.wanted_version, 0) <= :version
              AND (m.state = 'LEAVING' OR m.replaced_login_ref IS NOT NULL
                OR (m.state = 'WANTED' AND m.login_ref IS NOT NULL
                  AND d.first_owned_at IS NOT NULL))
              AND EXISTS (SELECT FROM certificate c
                WHERE c.server_id = :server AND c.state <> 'RETIRED' AND c.secret_ref IS NOT NULL)
            """)
        .param("server", server.value())
        .param("version", version)
        .update();
  }

  /// Their domain is given up, and they with it. Safe to repeat.
  public void retireAll(DomainId domain) {
    tenancy
        .jdbc()
        .sql(
            "UPDATE mailbox SET state = 'RETIRED' WHERE domain_id = :domain AND state <> 'RETIRED'")
        .param("domain", domain.value())
        .update();
  }

  /// Their domain is on another server from now on: what is wanted is wanted there.
  ///
  /// @param version of that server
  public void moved(DomainId domain, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE mailbox SET wanted_version = :version,
              state = CASE state WHEN 'READY' THEN 'WANTED' ELSE state END
            WHERE domain_id = :domain AND wanted_version IS NOT NULL AND state <> 'RETIRED'
            """)
        .param("domain", domain.value())
        .param("version", version)
        .update();
  }

  /// Takes back what a set-up ordered, if the domain had others before: what has a login leaves the
  /// server it is on, what has none is gone.
  ///
  /// @param orderedAt when the set-up was: its mailboxes were written with it
  /// @param version of the domain's server
  /// @return how many are to leave the server
  public int takeBack(DomainId domain, Instant orderedAt, long version) {
    var states =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE mailbox SET wanted_version = :version,
                  state = CASE WHEN login_ref IS NULL THEN 'RETIRED' ELSE 'LEAVING' END
                WHERE domain_id = :domain AND created_at = :ordered AND command_id IS NULL
                  AND state IN ('WANTED', 'READY', 'REMOVING')
                RETURNING state
                """)
            .param("domain", domain.value())
            .param("ordered", Columns.timestamp(orderedAt))
            .param("version", version)
            .query(String.class)
            .list();
    return Collections.frequency(states, "LEAVING");
  }

  /// Whether a mailbox of the domain is still on its server, and is to go.
  public boolean isAnyLeaving(DomainId domain) {
    return tenancy
        .jdbc()
        .sql("SELECT EXISTS (SELECT FROM mailbox WHERE domain_id = :domain AND state = 'LEAVING')")
        .param("domain", domain.value())
        .query(Boolean.class)
        .single();
  }

  /// One mailbox.
  ///
  /// @param hostname of the server that serves it, as mail programs are told
  /// @param displayName as the tenant calls it; may be empty
  /// @param login fields `password` and `hash`; empty until made, and once destroyed with its
  ///   domain
  /// @param revealedAt when the password was shown; empty while it may be
  /// @param removeAfter until then a removal can be taken back
  public record Mailbox(
      MailboxId id,
      DomainId domain,
      EmailAddress address,
      DomainName hostname,
      String displayName,
      Optional<SecretRef> login,
      State state,
      Optional<Instant> revealedAt,
      Optional<Instant> removeAfter,
      Instant createdAt) {
    /// Whether somebody may log in, as soon as the server has it.
    public boolean isWanted() {
      return state == State.WANTED || state == State.READY;
    }

    /// How far a mailbox is.
    public enum State {
      /// The server does not have it yet, or not as it is here.
      WANTED,
      READY,
      /// Nobody can log in, mail still arrives; it can be taken back.
      REMOVING,
      /// The time of grace is over: its mail is being taken off the server.
      LEAVING,
      RETIRED
    }
  }
}
