package com.penguinmails.store.mailbox;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.springframework.jdbc.core.RowMapper;

/// What tenants order about mailboxes. Each command is written with its effect and with the version
/// of the server from which on it holds, in one transaction; the same key with the same request
/// gets the same answer for ever. Call inside [Tenancy#as].
public final class MailboxCommands {
  /// What a domain may have at most: a host with more is no sender of cold mail any more.
  public static final int MAX_OF_DOMAIN = 1000;

  private static final RowMapper<Told> TOLD =
      (row, number) ->
          new Told(
              Columns.uuid(row, "id"),
              new ServerId(Columns.uuid(row, "server_id")),
              new SetupId(Columns.uuid(row, "setup_id")),
              new DomainName(row.getString("domain_name")),
              row.getLong("version"),
              Columns.optionalInstant(row, "told_at").isPresent());

  private final Tenancy tenancy;
  private final AuditLog audit;
  private final ServerStore servers;
  private final MailboxStore mailboxes;

  public MailboxCommands(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
    this.servers = new ServerStore(tenancy);
    this.mailboxes = new MailboxStore(tenancy);
  }

  /// Orders mailboxes, all of them or none.
  public Outcome create(Command command, DomainId domain, List<NewMailbox> wanted) {
    return once(
        command,
        domain,
        () -> objections(domain, wanted),
        version -> {
          wanted.forEach(mailbox -> insert(command, domain, mailbox, version));
          audit.record(
              "mailbox.ordered",
              EntityKind.DOMAIN,
              domain.value(),
              Map.of("count", Integer.toString(wanted.size())));
        });
  }

  /// Another login in the place of the one there is, which may be revealed once again.
  ///
  /// @param login in the secret store already
  public Outcome resetPassword(Command command, MailboxId id, SecretRef login) {
    return on(
        command,
        id,
        mailbox -> mailbox.state() == Mailbox.State.READY,
        version -> {
          update(
              """
              state = 'WANTED', replaced_login_ref = login_ref, login_ref = :login,
              revealed_at = NULL, wanted_version = :version
              """,
              id,
              Map.of("login", login.toString(), "version", version));
          audit.record("mailbox.password_reset", EntityKind.MAILBOX, id.value(), Map.of());
        });
  }

  /// Ends the login at once and the mailbox after a time of grace. One that is being removed
  /// already keeps its time.
  public Outcome remove(Command command, MailboxId id, Duration grace) {
    return on(
        command,
        id,
        mailbox -> mailbox.isWanted() || mailbox.state() == Mailbox.State.REMOVING,
        version -> {
          int changed =
              update(
                  """
                  state = 'REMOVING', wanted_version = :version,
                  remove_after = now() + make_interval(secs => :seconds)
                  """,
                  "state IN ('WANTED', 'READY')",
                  id,
                  Map.of("version", version, "seconds", grace.toMillis() / 1000.0));
          if (changed == 1) {
            audit.record("mailbox.removed", EntityKind.MAILBOX, id.value(), Map.of());
          }
        });
  }

  /// Takes a removal back while its time of grace lasts. Nothing for one that is not being removed.
  public Outcome restore(Command command, MailboxId id) {
    return on(
        command,
        id,
        mailbox -> mailbox.isWanted() || mailbox.state() == Mailbox.State.REMOVING,
        version -> {
          int changed =
              update(
                  "state = 'WANTED', wanted_version = :version, remove_after = NULL",
                  "state = 'REMOVING'",
                  id,
                  Map.of("version", version));
          if (changed == 1) {
            audit.record("mailbox.restored", EntityKind.MAILBOX, id.value(), Map.of());
          }
        });
  }

  /// Takes the one right to see the password, before anybody reads it. Compare-and-set.
  ///
  /// @return the login to show; empty when it is not ready, or was shown before
  public Optional<SecretRef> reveal(MailboxId id) {
    var login =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE mailbox SET revealed_at = now()
                WHERE id = :id AND state = 'READY' AND revealed_at IS NULL
                RETURNING login_ref
                """)
            .param("id", id.value())
            .query((row, number) -> Columns.secretRef(row, "login_ref"))
            .optional();
    login.ifPresent(
        _ -> audit.record("mailbox.password_revealed", EntityKind.MAILBOX, id.value(), Map.of()));
    return login;
  }

  /// Gives the right back, for who knows that nobody saw the password: the secret store was out of
  /// reach.
  public void unreveal(MailboxId id, SecretRef login) {
    int changed =
        update("revealed_at = NULL", "login_ref = :login", id, Map.of("login", login.toString()));
    if (changed == 1) {
      audit.record("mailbox.password_not_shown", EntityKind.MAILBOX, id.value(), Map.of());
    }
  }

  /// The mailboxes that came with one bulk order, by address.
  public List<MailboxId> ordered(UUID command) {
    return tenancy
        .jdbc()
        .sql("SELECT id FROM mailbox WHERE command_id = :id ORDER BY local_part COLLATE \"C\"")
        .param("id", command)
        .query((row, number) -> new MailboxId(Columns.uuid(row, "id")))
        .list();
  }

  /// One command, for who tells the server's workflow.
  public Told get(UUID command) {
    return told("WHERE c.id = :id", "id", command).orElseThrow();
  }

  /// Whether a command with this key was taken already.
  public boolean isKnown(String idempotencyKey) {
    return told("WHERE c.idempotency_key = :key", "key", idempotencyKey).isPresent();
  }

  /// The server's workflow has the signal. Safe to repeat.
  public void recordTold(UUID command) {
    tenancy
        .jdbc()
        .sql("UPDATE mailbox_command SET told_at = coalesce(told_at, now()) WHERE id = :id")
        .param("id", command)
        .update();
  }

  private Outcome on(
      Command command, MailboxId id, Function<Mailbox, Boolean> takes, LongConsumer effect) {
    var mailbox = mailboxes.find(id);
    if (mailbox.isEmpty()) {
      return new Outcome.Unknown();
    }
    return once(
        command,
        mailbox.get().domain(),
        () -> {
          // Read again: one request of a tenant at a time from here on.
          var now = mailboxes.find(id).orElseThrow();
          return takes.apply(now) ? Optional.empty() : Optional.of(new Outcome.NotNow(now.state()));
        },
        effect);
  }

  private Outcome once(
      Command command,
      DomainId domain,
      java.util.function.Supplier<Optional<? extends Outcome>> against,
      LongConsumer effect) {
    tenancy.lockRequests();
    var sameKey = told("WHERE c.idempotency_key = :key", "key", command.idempotencyKey());
    if (sameKey.isPresent()) {
      return hash(sameKey.get().command()).equals(command.requestHash())
          ? new Outcome.Taken(sameKey.get())
          : new Outcome.KeyConflict();
    }
    var home = home(domain);
    if (home.isEmpty()) {
      return new Outcome.NotSetUp();
    }
    var objection = against.get();
    if (objection.isPresent()) {
      return objection.get();
    }
    long version = servers.bumpDesiredVersion(home.get().server());
    insert(command, home.get(), version);
    effect.accept(version);
    return new Outcome.Taken(get(command.id()));
  }

  /// Where a domain is that has been proved on its server and stays there.
  private Optional<Home> home(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT d.server_id, s.id FROM domain d
            JOIN server v ON v.id = d.server_id
            JOIN setup s ON s.domain_id = d.id AND s.server_id = d.server_id AND s.state = 'DONE'
            WHERE d.id = :domain AND d.state <> 'WITHDRAWN' AND d.retire_wanted_at IS NULL
              AND v.state <> 'RETIRED' AND v.retire_wanted_at IS NULL
            ORDER BY s.id DESC LIMIT 1
            """)
        .param("domain", domain.value())
        .query((row, number) ->
            new Home(
                new ServerId(Columns.uuid(row, "server_id")), new SetupId(Columns.uuid(row, "id"))))
        .optional();
  }

  private Optional<Outcome> objections(DomainId domain, List<NewMailbox> wanted) {
    var there = new TreeMap<String, Mailbox.State>();
    for (var mailbox : mailboxes.ofDomain(domain)) {
      there.put(mailbox.address().localPart(), mailbox.state());
    }
    var taken = new TreeMap<>(there);
    taken.keySet().retainAll(wanted.stream().map(NewMailbox::localPart).toList());
    if (!taken.isEmpty()) {
      return Optional.of(new Outcome.AddressesTaken(taken));
    }
    return there.size() + wanted.size() > MAX_OF_DOMAIN
        ? Optional.of(new Outcome.TooMany(there.size()))
        : Optional.empty();
  }

  private void insert(Command command, Home home, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO mailbox_command (id, tenant_id, idempotency_key, request_hash, server_id,
              setup_id, version)
            VALUES (:id, :tenant, :key, :hash, :server, :setup, :version)
            """)
        .param("id", command.id())
        .param("tenant", tenancy.tenant().value())
        .param("key", command.idempotencyKey())
        .param("hash", command.requestHash())
        .param("server", home.server().value())
        .param("setup", home.setup().value())
        .param("version", version)
        .update();
  }

  private void insert(Command command, DomainId domain, NewMailbox mailbox, long version) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO mailbox (id, tenant_id, domain_id, local_part, display_name, command_id,
              wanted_version)
            VALUES (:id, :tenant, :domain, :local, :display, :command, :version)
            """)
        .param("id", mailbox.id().value())
        .param("tenant", tenancy.tenant().value())
        .param("domain", domain.value())
        .param("local", mailbox.localPart())
        .param("display", mailbox.displayName())
        .param("command", command.id())
        .param("version", version)
        .update();
  }

  private int update(String assignment, MailboxId id, Map<String, ?> values) {
    return update(assignment, "true", id, values);
  }

  private int update(String assignment, String condition, MailboxId id, Map<String, ?> values) {
    return tenancy
        .jdbc()
        .sql("UPDATE mailbox SET " + assignment + " WHERE id = :id AND " + condition)
        .param("id", id.value())
        .params(values)
        .update();
  }

  private Optional<Told> told(String where, String name, Object value) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT c.id, c.server_id, c.setup_id, s.domain_name, c.version, c.told_at
            FROM mailbox_command c JOIN setup s ON s.id = c.setup_id
            """
                + where)
        .param(name, value)
        .query(TOLD)
        .optional();
  }

  private String hash(UUID command) {
    return tenancy
        .jdbc()
        .sql("SELECT request_hash FROM mailbox_command WHERE id = :id")
        .param("id", command)
        .query(String.class)
        .single();
  }

  private record Home(ServerId server, SetupId setup) {}

  /// @param idempotencyKey of the caller
  /// @param requestHash of the whole request: the same key with another hash is a conflict
  public record Command(UUID id, String idempotencyKey, String requestHash) {}

  /// @param displayName may be empty
  public record NewMailbox(MailboxId id, String localPart, String displayName) {}

  /// A command that was taken.
  ///
  /// @param setup on whose page the server's work appears
  /// @param version of the server from which on it holds
  /// @param isTold whether the server's workflow has the signal
  public record Told(
      UUID command,
      ServerId server,
      SetupId setup,
      DomainName domain,
      long version,
      boolean isTold) {}

  /// What became of a command.
  public sealed interface Outcome {
    /// Written now, or by the same request before.
    record Taken(Told told) implements Outcome {}

    /// The key was used for another request.
    record KeyConflict() implements Outcome {}

    /// The tenant has no such mailbox.
    record Unknown() implements Outcome {}

    /// No set-up of the domain has been proved on the server it is on.
    record NotSetUp() implements Outcome {}

    /// The mailbox takes no such command as it is now.
    record NotNow(Mailbox.State state) implements Outcome {}

    /// @param taken local part → state of the mailbox that has it
    record AddressesTaken(Map<String, Mailbox.State> taken) implements Outcome {
      public AddressesTaken {
        taken = Map.copyOf(taken);
      }
    }

    /// @param there how many the domain has
    record TooMany(int there) implements Outcome {}
  }
}
