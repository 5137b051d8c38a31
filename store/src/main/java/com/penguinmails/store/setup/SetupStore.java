package com.penguinmails.store.setup;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.domain.DkimKeyStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.RecordStateStore;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.mailbox.MailboxStore;
import com.penguinmails.store.proof.ProofStore;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.setup.NewSetup.ServerChoice;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.MailboxId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.RowMapper;

/// Set-ups. Call inside [Tenancy#as] or, for questions, [Tenancy#reading].
public final class SetupStore {
  private static final String COLUMNS =
      """
      id, workspace_id, domain_name, domain_id, server_id, certificate_id, state, stage,
      progress_sequence, retries, created_at, started_at, cancel_requested_at, finished_at,
      resumable_until, holds, proved_at
      """;

  private static final RowMapper<Setup> SETUP =
      (row, number) ->
          new Setup(
              new SetupId(Columns.uuid(row, "id")),
              new WorkspaceId(Columns.uuid(row, "workspace_id")),
              new DomainName(row.getString("domain_name")),
              new DomainId(Columns.uuid(row, "domain_id")),
              new ServerId(Columns.uuid(row, "server_id")),
              new CertificateId(Columns.uuid(row, "certificate_id")),
              Columns.choice(row, "state", Setup.State.class),
              row.getString("stage"),
              row.getLong("progress_sequence"),
              row.getInt("retries"),
              Columns.instant(row, "created_at"),
              Columns.optionalInstant(row, "started_at"),
              Columns.optionalInstant(row, "cancel_requested_at"),
              Columns.optionalInstant(row, "finished_at"),
              Columns.optionalInstant(row, "resumable_until"),
              row.getInt("holds"),
              Columns.optionalInstant(row, "proved_at"));

  private final Tenancy tenancy;
  private final AuditLog audit;
  private final ServerStore servers;
  private final OrderStore orders;
  private final DomainStore domains;
  private final DkimKeyStore dkimKeys;
  private final RecordStateStore records;
  private final CertificateStore certificates;
  private final MailboxStore mailboxes;
  private final ProofStore proofs;
  private final IncidentStore incidents;

  public SetupStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    audit = new AuditLog(tenancy);
    servers = new ServerStore(tenancy);
    orders = new OrderStore(tenancy);
    domains = new DomainStore(tenancy);
    dkimKeys = new DkimKeyStore(tenancy);
    records = new RecordStateStore(tenancy);
    certificates = new CertificateStore(tenancy);
    mailboxes = new MailboxStore(tenancy);
    proofs = new ProofStore(tenancy);
    incidents = new IncidentStore(tenancy);
  }

  /// Writes the set-up with its server, domain, mailboxes and certificate, or says why not. The
  /// same key with the same request gets the same answer for ever.
  public Requested request(NewSetup wanted) {
    tenancy.lockRequests();
    var sameKey = findByKey(wanted.idempotencyKey());
    if (sameKey.isPresent()) {
      var setup = sameKey.get();
      return requestHash(setup.id()).equals(wanted.requestHash())
          ? new Requested.Same(setup)
          : new Requested.KeyConflict(setup.id());
    }
    var open = findOpen(wanted.domain().name());
    if (open.isPresent()) {
      return new Requested.DomainBusy(open.get().id());
    }
    if (wanted.server() instanceof ServerChoice.Own own && servers.isLeaving(own.address())) {
      return new Requested.ServerLeaving();
    }
    if (wanted.server() instanceof ServerChoice.Known known && !servers.isUsable(known.id())) {
      return new Requested.ServerUnknown();
    }
    if (isNameTaken(wanted)) {
      return new Requested.ServerNameNeeded();
    }
    return new Requested.Created(insert(wanted));
  }

  /// Mail of other domains is sent to that name: it cannot stand for another server as well.
  private boolean isNameTaken(NewSetup wanted) {
    return switch (wanted.server()) {
      case ServerChoice.Own own ->
          servers.findByAddress(own.address()).isEmpty() // else it has a name
              && servers.isNameNeeded(own.server().hostname(), wanted.domain().name());
      case ServerChoice.Bought bought ->
          servers.isNameNeeded(bought.server().hostname(), wanted.domain().name());
      case ServerChoice.Known _ -> false; // it has a name
    };
  }

  /// The set-up with this key; empty when the key is new.
  public Optional<Setup> findByKey(String idempotencyKey) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM setup WHERE idempotency_key = :key")
        .param("key", idempotencyKey)
        .query(SETUP)
        .optional();
  }

  /// The set-up of a domain that is not finished, or is being given up.
  public Optional<Setup> findOpen(DomainName domain) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + " FROM setup WHERE domain_name = :name"
                + " AND (finished_at IS NULL OR resumable_until IS NOT NULL)")
        .param("name", domain.value())
        .query(SETUP)
        .optional();
  }

  /// The newest set-up that proved the domain; empty when none did.
  public Optional<SetupId> newestProved(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT id FROM setup WHERE domain_id = :domain AND state = 'DONE'
            ORDER BY id DESC LIMIT 1
            """)
        .param("domain", domain.value())
        .query((row, number) -> new SetupId(Columns.uuid(row, "id")))
        .optional();
  }

  /// The newest set-up that was proved on the server; empty when none was.
  public Optional<SetupId> newestProved(ServerId server) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT id FROM setup WHERE server_id = :server AND state = 'DONE'
            ORDER BY id DESC LIMIT 1
            """)
        .param("server", server.value())
        .query((row, number) -> new SetupId(Columns.uuid(row, "id")))
        .optional();
  }

  /// One set-up; empty when the tenant has none of this id.
  public Optional<Setup> find(SetupId setup) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM setup WHERE id = :id")
        .param("id", setup.value())
        .query(SETUP)
        .optional();
  }

  /// One set-up that must be there.
  ///
  /// @throws IllegalArgumentException the tenant has none of this id
  public Setup get(SetupId setup) {
    return find(setup)
        .orElseThrow(() -> new IllegalArgumentException("no set-up " + setup + " here"));
  }

  /// The tenant's set-ups, newest first.
  ///
  /// @param before page by key: only those older than this one; empty for the first page
  public List<Setup> newest(Optional<SetupId> before, int limit) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + """
                 FROM setup WHERE CAST(:before AS uuid) IS NULL OR id < CAST(:before AS uuid)
                ORDER BY id DESC LIMIT :limit
                """)
        .param("before", before.map(SetupId::value).orElse(null))
        .param("limit", limit)
        .query(SETUP)
        .list();
  }

  /// Unfinished set-ups that wait for this server: who follows its progress.
  public List<SetupId> openSetupsOf(ServerId server) {
    return tenancy
        .jdbc()
        .sql("SELECT id FROM setup WHERE server_id = :id AND finished_at IS NULL ORDER BY id")
        .param("id", server.value())
        .query((row, number) -> new SetupId(Columns.uuid(row, "id")))
        .list();
  }

  /// Everything the start of a run needs. Best inside [Tenancy#reading]: then all of it is of one
  /// moment.
  public SetupFacts facts(SetupId id) {
    var setup = get(id);
    return new SetupFacts(
        setup,
        servers.get(setup.server()),
        domains.get(setup.domain()),
        dkimKeys.ofDomain(setup.domain()),
        records.ofDomain(setup.domain()),
        certificates.get(setup.certificate()),
        mailboxes.ofDomain(setup.domain()),
        proofs.newestOf(id),
        incidents.openOf(id));
  }

  /// A run has taken it up. Safe to repeat.
  public void recordStarted(SetupId setup) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE setup SET started_at = coalesce(started_at, now()),
              state = CASE WHEN state = 'REQUESTED' THEN 'RUNNING' ELSE state END
            WHERE id = :id AND finished_at IS NULL
            """)
        .param("id", setup.value())
        .update();
  }

  /// Where it is now. Finished set-ups keep their last stage.
  public void enterStage(SetupId setup, String stage) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE setup SET stage = :stage
            WHERE id = :id AND finished_at IS NULL AND stage <> :stage
            """)
        .param("id", setup.value())
        .param("stage", stage)
        .update();
  }

  /// The tenant wants it stopped. Safe to repeat.
  ///
  /// @return false when it is finished already
  public boolean requestCancel(SetupId setup) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET cancel_requested_at = now(), state = 'CANCELLING'
                WHERE id = :id AND finished_at IS NULL AND cancel_requested_at IS NULL
                """)
            .param("id", setup.value())
            .update();
    if (changed == 1) {
      audit.record("setup.cancel_requested", EntityKind.SETUP, setup.value(), Map.of());
    }
    return get(setup).finishedAt().isEmpty();
  }

  /// Somebody asks to try what is stuck again, now. Counts.
  ///
  /// @return false when it is finished already
  public boolean requestRetry(SetupId setup) {
    int changed =
        tenancy
            .jdbc()
            .sql("UPDATE setup SET retries = retries + 1 WHERE id = :id AND finished_at IS NULL")
            .param("id", setup.value())
            .update();
    if (changed == 1) {
      audit.record("setup.retry_requested", EntityKind.SETUP, setup.value(), Map.of());
    }
    return changed == 1;
  }

  /// The set-up's server can take the domain: it goes there with its mailboxes. Safe to repeat.
  ///
  /// @return false when the set-up is held or to end; nothing was changed
  public boolean moveDomain(SetupId id) {
    tenancy.lockRequests(); // a cancel gives the domain back, and that is the last word
    var setup = get(id);
    if (setup.state() != Setup.State.RUNNING) {
      return false;
    }
    if (!domains.get(setup.domain()).server().equals(setup.server())) {
      move(setup, setup.server());
    }
    return true;
  }

  /// Whether the domain came to the set-up's server from another one, even if it has gone back.
  public boolean hasMoved(SetupId id) {
    return tenancy
        .jdbc()
        .sql("SELECT moved_at IS NOT NULL FROM setup WHERE id = :id")
        .param("id", id.value())
        .query(Boolean.class)
        .single();
  }

  /// The domain goes to that server, and its mailboxes with it: both servers are to be changed.
  void move(Setup setup, ServerId server) {
    servers.bumpDesiredVersion(domains.get(setup.domain()).server());
    domains.moveTo(setup.domain(), server);
    audit.record(
        "domain.moved",
        EntityKind.DOMAIN,
        setup.domain().value(),
        Map.of("server", server.toString()));
    mailboxes.moved(setup.domain(), servers.bumpDesiredVersion(server));
    tenancy
        .jdbc()
        .sql("UPDATE setup SET moved_at = coalesce(moved_at, now()) WHERE id = :id")
        .param("id", setup.id().value())
        .update();
  }

  /// It is over. Safe to repeat; the first end counts. Servers the domain was on before keep its
  /// names until then: a cancelled move goes back.
  public void finish(SetupId setup, Setup.State end) {
    if (!end.isFinal()) {
      throw new IllegalArgumentException(end + " is no end of set-up " + setup);
    }
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET state = :state, finished_at = now(), resumable_until = NULL,
                  proved_at = CASE WHEN :state = 'DONE' THEN now() ELSE proved_at END
                WHERE id = :id AND finished_at IS NULL
                """)
            .param("id", setup.value())
            .param("state", end.name())
            .update();
    if (changed == 1) {
      audit.record("setup.finished", EntityKind.SETUP, setup.value(), Map.of("state", end.name()));
      if (end == Setup.State.DONE) {
        leaveEarlierServers(get(setup));
      }
    }
  }

  private Setup insert(NewSetup wanted) {
    var server = insert(wanted.server());
    var domain = domains.insertOrFind(wanted.domain().on(server.id()));
    var certificate =
        certificates.insertOrAddNames(wanted.certificate(), server.id(), wanted.certificateNames());
    for (var localPart : wanted.mailboxes()) {
      mailboxes.insertOrFind(
          new MailboxId(UuidCreator.getTimeOrderedEpoch()), domain.id(), localPart);
    }
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO setup (id, tenant_id, workspace_id, idempotency_key, request_hash,
              domain_name, domain_id, server_id, certificate_id)
            VALUES (:id, :tenant, :workspace, :key, :hash, :name, :domain, :server, :certificate)
            """)
        .param("id", wanted.id().value())
        .param("tenant", tenancy.tenant().value())
        .param("workspace", wanted.workspace().value())
        .param("key", wanted.idempotencyKey())
        .param("hash", wanted.requestHash())
        .param("name", domain.name().value())
        .param("domain", domain.id().value())
        .param("server", server.id().value())
        .param("certificate", certificate.id().value())
        .update();
    audit.record(
        "setup.requested",
        EntityKind.SETUP,
        wanted.id().value(),
        Map.of("domain", domain.name().value()));
    return get(wanted.id());
  }

  private Server insert(ServerChoice choice) {
    return switch (choice) {
      case ServerChoice.Own own -> servers.insertOrFind(own.server(), own.address());
      case ServerChoice.Bought bought -> {
        var server = servers.insertOrdered(bought.server());
        orders.insert(bought.order());
        yield server;
      }
      case ServerChoice.Known known -> servers.get(known.id());
    };
  }

  private void leaveEarlierServers(Setup proved) {
    tenancy
        .jdbc()
        .sql(
            """
            SELECT DISTINCT server_id FROM setup
            WHERE domain_id = :domain AND server_id <> :server ORDER BY server_id
            """)
        .param("domain", proved.domain().value())
        .param("server", proved.server().value())
        .query((row, number) -> new ServerId(Columns.uuid(row, "server_id")))
        .list()
        .forEach(earlier -> {
          certificates.dropNames(earlier, proved.domainName());
          servers.bumpDesiredVersion(earlier); // it is to be without the domain
        });
  }

  private String requestHash(SetupId setup) {
    return tenancy
        .jdbc()
        .sql("SELECT request_hash FROM setup WHERE id = :id")
        .param("id", setup.value())
        .query(String.class)
        .single();
  }

  /// What became of a request.
  public sealed interface Requested {
    /// Written now: start its run.
    record Created(Setup setup) implements Requested {}

    /// The same key and request as before: the set-up of then.
    record Same(Setup setup) implements Requested {}

    /// The key was used for another request.
    record KeyConflict(SetupId other) implements Requested {}

    /// Another set-up of this domain is not finished.
    record DomainBusy(SetupId other) implements Requested {}

    /// The tenant has no such server in service.
    record ServerUnknown() implements Requested {}

    /// The name its server would have stands for another one, which other domains need.
    record ServerNameNeeded() implements Requested {}

    /// What was made on the server is being taken back: a new order would be emptied with it.
    record ServerLeaving() implements Requested {}
  }
}
