package com.penguinmails.store.domain;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.certificate.CertificateStore;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose a name is: claims may be many, ownership is one. Of two tenants, never both own a name, or
/// one a name above the other's. Times are the database's. Call inside [Tenancy#as].
public final class OwnershipStore {
  private final Tenancy tenancy;
  private final AuditLog audit;
  private final ServerStore servers;
  private final CertificateStore certificates;

  public OwnershipStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
    this.servers = new ServerStore(tenancy);
    this.certificates = new CertificateStore(tenancy);
  }

  /// Makes a claim, whose proof was seen just now, the owner of its name. Its certificate gets a
  /// newer version, with its names; the first time its server does too: from then on it takes mail
  /// for the domain. Safe to repeat.
  ///
  /// @return false when another tenant owns it, or a name above or below it; nothing was written
  public boolean take(DomainId claim) {
    lockFamily(claim);
    if (!inTheWay(claim).isEmpty()) {
      return false;
    }
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE domain SET owned_at = now(), first_owned_at = coalesce(first_owned_at, now()),
              state = CASE WHEN state = 'CLAIMED' THEN 'OWNED' ELSE state END
            WHERE id = :id AND owned_at IS NULL
            RETURNING server_id, old.first_owned_at IS NULL AS is_first
            """)
        .param("id", claim.value())
        .query((row, number) ->
            new Taken(new ServerId(Columns.uuid(row, "server_id")), row.getBoolean("is_first")))
        .optional()
        .ifPresent(taken -> {
          audit.record("domain.owned", EntityKind.DOMAIN, claim.value(), Map.of());
          certificates.wantNamesOf(claim);
          if (taken.isFirst()) {
            servers.bumpDesiredVersion(taken.server());
          }
        });
    return true;
  }

  /// Domains of other tenants that stand in the claim's way. Whose they are is never told to
  /// anyone: it is only good for looking further as that tenant.
  public List<Owner> inTheWay(DomainId claim) {
    return tenancy
        .jdbc()
        .sql("SELECT tenant_id, domain_id FROM owners_in_the_way(:claim)")
        .param("claim", claim.value())
        .query((row, number) ->
            new Owner(
                new TenantId(Columns.uuid(row, "tenant_id")),
                new DomainId(Columns.uuid(row, "domain_id"))))
        .list();
  }

  /// Notes whether the proof of an owned domain was seen when the owner had to prove it again.
  ///
  /// @return since when it is missing; empty when it was seen, or the domain is owned no longer
  public Optional<Missing> challenged(DomainId owned, boolean isSeen) {
    var noted =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE domain SET challenged_at = now(), proof_missing_since =
                  CASE WHEN :seen THEN NULL ELSE coalesce(proof_missing_since, now()) END
                WHERE id = :id AND owned_at IS NOT NULL AND state <> 'WITHDRAWN'
                RETURNING old.proof_missing_since AS before, new.proof_missing_since AS since,
                  now() AS moment
                """)
            .param("id", owned.value())
            .param("seen", isSeen)
            .query((row, number) ->
                new Noted(
                    Columns.optionalInstant(row, "before"),
                    Columns.optionalInstant(row, "since"),
                    Columns.instant(row, "moment")))
            .optional();
    noted.ifPresent(change -> {
      if (change.before().isPresent() != change.since().isPresent()) {
        audit.record(
            isSeen ? "domain.proof_seen_again" : "domain.proof_missing",
            EntityKind.DOMAIN,
            owned.value(),
            Map.of());
      }
    });
    return noted.flatMap(change ->
        change.since().map(since -> new Missing(since, Duration.between(since, change.moment()))));
  }

  /// Ends ownership whose proof stayed away for so long; the claim stays. Safe to repeat.
  ///
  /// @return whether it ended now
  public boolean lose(DomainId owned, Duration grace) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE domain SET owned_at = NULL, published_at = NULL, verified_at = NULL,
                  challenged_at = NULL, proof_missing_since = NULL, state = 'CLAIMED'
                WHERE id = :id AND owned_at IS NOT NULL AND state <> 'WITHDRAWN'
                  AND proof_missing_since <= now() - make_interval(secs => :seconds)
                """)
            .param("id", owned.value())
            .param("seconds", grace.toMillis() / 1000.0)
            .update();
    if (changed == 1) {
      audit.record("domain.ownership_lost", EntityKind.DOMAIN, owned.value(), Map.of());
    }
    return changed == 1;
  }

  /// One taking of related names at a time: the second one sees what the first has written.
  private void lockFamily(DomainId claim) {
    tenancy
        .jdbc()
        .sql(
            """
            SELECT pg_advisory_xact_lock(hashtextextended(name_family(name), 2))
            FROM domain WHERE id = :id
            """)
        .param("id", claim.value())
        .query((row, number) -> true)
        .list();
  }

  /// An owned domain and whose it is.
  public record Owner(TenantId tenant, DomainId domain) {}

  /// @param lasting until now
  public record Missing(Instant since, Duration lasting) {}

  private record Taken(ServerId server, boolean isFirst) {}

  private record Noted(Optional<Instant> before, Optional<Instant> since, Instant moment) {}
}
