package com.penguinmails.store.domain;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One writer per zone at a time. Leases are global: a zone is one, whoever holds domains in it.
/// Opens its own short transactions, because a lease must be committed before the zone is touched.
/// Times are the database's, so that clocks of workers do not matter.
public final class ZoneLeaseStore {
  private final Tenancy tenancy;

  public ZoneLeaseStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Takes the lease when it is free, has run out, or is this holder's own (then it is prolonged
  /// and keeps its fence: an activity tried again does not wait for itself).
  ///
  /// @param holder who asks; one per activity, the same for all its attempts
  /// @return empty while somebody else holds it
  public Optional<ZoneLease> acquire(DomainName zone, String holder, Duration time) {
    return tenancy.global(() ->
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO zone_lease (zone_name, holder, fence, expires_at)
                VALUES (:zone, :holder, 1, clock_timestamp() + make_interval(secs => :seconds))
                ON CONFLICT (zone_name) DO UPDATE SET
                  fence = CASE
                    WHEN zone_lease.holder = :holder
                      AND zone_lease.expires_at > clock_timestamp()
                    THEN zone_lease.fence ELSE zone_lease.fence + 1 END,
                  holder = :holder,
                  expires_at = clock_timestamp() + make_interval(secs => :seconds)
                WHERE zone_lease.holder = :holder
                  OR zone_lease.expires_at <= clock_timestamp()
                RETURNING fence, expires_at
                """)
            .param("zone", zone.value())
            .param("holder", holder)
            .param("seconds", time.toMillis() / 1000.0)
            .query((row, number) ->
                new ZoneLease(
                    zone, holder, row.getLong("fence"), Columns.instant(row, "expires_at")))
            .optional());
  }

  /// Prolongs a lease that is still held. Call before each change: an empty answer means that
  /// somebody else may be writing, so stop.
  public Optional<ZoneLease> renew(ZoneLease lease, Duration time) {
    return tenancy.global(() ->
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE zone_lease
                SET expires_at = clock_timestamp() + make_interval(secs => :seconds)
                WHERE zone_name = :zone AND holder = :holder AND fence = :fence
                  AND expires_at > clock_timestamp()
                RETURNING expires_at
                """)
            .param("zone", lease.zone().value())
            .param("holder", lease.holder())
            .param("fence", lease.fence())
            .param("seconds", time.toMillis() / 1000.0)
            .query((row, number) ->
                new ZoneLease(
                    lease.zone(),
                    lease.holder(),
                    lease.fence(),
                    Columns.instant(row, "expires_at")))
            .optional());
  }

  /// Gives the lease back. Safe to repeat; a lease lost in between is left alone.
  public void release(ZoneLease lease) {
    tenancy.global(() ->
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE zone_lease SET expires_at = clock_timestamp()
                WHERE zone_name = :zone AND holder = :holder AND fence = :fence
                  AND expires_at > clock_timestamp()
                """)
            .param("zone", lease.zone().value())
            .param("holder", lease.holder())
            .param("fence", lease.fence())
            .update());
  }

  /// @param fence grows with every new holder of the zone
  public record ZoneLease(DomainName zone, String holder, long fence, Instant expiresAt) {}
}
