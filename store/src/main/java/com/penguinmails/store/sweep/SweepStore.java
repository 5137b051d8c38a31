package com.penguinmails.store.sweep;

import com.penguinmails.store.row.Columns;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Finds work of all tenants, and nothing else: answers pairs of tenant and id. What is done with
/// them runs as `penguin_app` under that tenant. Built on the pool of `penguin_sweep`.
public final class SweepStore {
  private final JdbcClient jdbc;

  public SweepStore(DataSource sweepPool) {
    jdbc = JdbcClient.create(sweepPool);
  }

  /// Set-ups no run has taken up for this long, oldest first.
  public List<FoundSetup> setupsWithoutRun(Duration age, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM setup
            WHERE finished_at IS NULL AND started_at IS NULL
              AND created_at <= now() - make_interval(secs => :seconds)
            ORDER BY created_at, id LIMIT :limit
            """)
        .param("seconds", age.toMillis() / 1000.0)
        .param("limit", limit)
        .query((row, number) ->
            new FoundSetup(
                new TenantId(Columns.uuid(row, "tenant_id")), new SetupId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Commands about mailboxes that no server's workflow was told of for this long, oldest first.
  public List<FoundCommand> untoldMailboxCommands(Duration age, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM mailbox_command
            WHERE told_at IS NULL AND created_at <= now() - make_interval(secs => :seconds)
            ORDER BY created_at, id LIMIT :limit
            """)
        .param("seconds", age.toMillis() / 1000.0)
        .param("limit", limit)
        .query((row, number) ->
            new FoundCommand(new TenantId(Columns.uuid(row, "tenant_id")), Columns.uuid(row, "id")))
        .list();
  }

  /// Cancelled set-ups that nobody can take back any more for this long, oldest first: their runs
  /// were not told.
  public List<FoundSetup> setupsNoLongerHeld(Duration age, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM setup
            WHERE state = 'HELD'
              AND resumable_until <= now() - make_interval(secs => :seconds)
            ORDER BY resumable_until, id LIMIT :limit
            """)
        .param("seconds", age.toMillis() / 1000.0)
        .param("limit", limit)
        .query((row, number) ->
            new FoundSetup(
                new TenantId(Columns.uuid(row, "tenant_id")), new SetupId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Proved set-ups that are given up, and nobody can take that back any more; oldest first.
  public List<FoundSetup> setupsToRetire(int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM setup WHERE state = 'DONE' AND resumable_until <= now()
            ORDER BY resumable_until, id LIMIT :limit
            """)
        .param("limit", limit)
        .query((row, number) ->
            new FoundSetup(
                new TenantId(Columns.uuid(row, "tenant_id")), new SetupId(Columns.uuid(row, "id"))))
        .list();
  }

  /// All set-ups that take back what they made, oldest first; with their runs, or without.
  public List<FoundSetup> setupsTakingBack() {
    return jdbc.sql(
            "SELECT tenant_id, id FROM setup WHERE state = 'CANCELLING' ORDER BY created_at, id")
        .query((row, number) ->
            new FoundSetup(
                new TenantId(Columns.uuid(row, "tenant_id")), new SetupId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Plans whose secrets are still kept and that nobody can go ahead from: too old, or used by
  /// somebody who died before they were forgotten.
  public List<FoundPlan> plansToForget(Duration age, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM plan
            WHERE state NOT IN ('USED', 'ENDED')
                AND created_at <= now() - make_interval(secs => :seconds)
              OR state = 'USED' AND forgotten_at IS NULL
            ORDER BY created_at, id LIMIT :limit
            """)
        .param("seconds", age.toSeconds())
        .param("limit", limit)
        .query((row, number) ->
            new FoundPlan(
                new TenantId(Columns.uuid(row, "tenant_id")), new PlanId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Orders that a look at a seller's account is about: those that are not closed, those that it
  /// names, and those with an open incident of their own.
  ///
  /// @param named by labels that were seen there
  public List<FoundOrder> ordersToCompare(Collection<OrderId> named) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM server_order
            WHERE closed_at IS NULL OR id = ANY (CAST(:named AS uuid[]))
              OR id IN (
                SELECT entity_id FROM incident WHERE entity_kind = 'order' AND closed_at IS NULL)
            ORDER BY tenant_id, id
            """)
        .param("named", named.stream().map(OrderId::toString).toArray(String[]::new))
        .query((row, number) ->
            new FoundOrder(
                new TenantId(Columns.uuid(row, "tenant_id")), new OrderId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Domains whose records are all in DNS, or were once, and that stay; by id.
  ///
  /// @param after the id before the first one; empty: from the beginning
  public List<FoundDomain> domainsToLookAt(Optional<DomainId> after, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM domain
            WHERE state = 'VERIFIED' AND retire_wanted_at IS NULL
              AND id > coalesce(CAST(:after AS uuid), '00000000-0000-0000-0000-000000000000')
            ORDER BY id LIMIT :limit
            """)
        .param("after", after.map(DomainId::toString).orElse(null))
        .param("limit", limit)
        .query((row, number) ->
            new FoundDomain(
                new TenantId(Columns.uuid(row, "tenant_id")),
                new DomainId(Columns.uuid(row, "id"))))
        .list();
  }

  /// Servers that were converged, and stay; by id.
  ///
  /// @param after the id before the first one; empty: from the beginning
  public List<FoundServer> hostsToLookAt(Optional<ServerId> after, int limit) {
    return jdbc.sql(
            """
            SELECT tenant_id, id FROM server
            WHERE state = 'READY'
              AND id > coalesce(CAST(:after AS uuid), '00000000-0000-0000-0000-000000000000')
            ORDER BY id LIMIT :limit
            """)
        .param("after", after.map(ServerId::toString).orElse(null))
        .param("limit", limit)
        .query((row, number) ->
            new FoundServer(
                new TenantId(Columns.uuid(row, "tenant_id")),
                new ServerId(Columns.uuid(row, "id"))))
        .list();
  }

  /// A domain to look at.
  public record FoundDomain(TenantId tenant, DomainId domain) {}

  /// An order to look at.
  public record FoundOrder(TenantId tenant, OrderId order) {}

  /// A plan to look at.
  public record FoundPlan(TenantId tenant, PlanId plan) {}

  /// A command about mailboxes to pass on.
  public record FoundCommand(TenantId tenant, UUID command) {}

  /// A set-up to look at.
  public record FoundSetup(TenantId tenant, SetupId setup) {}

  /// A server to look at.
  public record FoundServer(TenantId tenant, ServerId server) {}
}
