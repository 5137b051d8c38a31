package com.penguinmails.store.sweep;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Servers with a label of ours that no order has: of no tenant, one open row for each. Call inside
/// [Tenancy#global].
public final class StrayStore {
  private final Tenancy tenancy;

  public StrayStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes what an account has of them now: opens, renews, and closes those that are not there any
  /// more. Safe to repeat.
  ///
  /// @param at when the sweep began
  /// @return how many were over
  public int record(String provider, List<NewStray> there, Instant at) {
    there.forEach(stray -> note(provider, stray, at));
    return tenancy
        .jdbc()
        .sql(
            """
            UPDATE stray_server SET closed_at = now(),
              closed_reason = 'Its seller lists it no more under a label that no order has.'
            WHERE provider = :provider AND closed_at IS NULL AND provider_server_id <> ALL (:there)
            """)
        .param("provider", provider)
        .param("there", there.stream().map(stray -> stray.id().value()).toArray(String[]::new))
        .update();
  }

  private void note(String provider, NewStray stray, Instant at) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO stray_server (id, provider, provider_server_id, label, evidence, proposal,
              day_cents, currency, opened_at, seen_at)
            VALUES (:id, :provider, :server, :label, :evidence, :proposal, :cents, :currency, :at,
              :at)
            ON CONFLICT (provider, provider_server_id) WHERE closed_at IS NULL DO UPDATE SET
              evidence = excluded.evidence, proposal = excluded.proposal,
              day_cents = excluded.day_cents, currency = excluded.currency,
              seen_at = excluded.seen_at
            """)
        .param("id", UuidCreator.getTimeOrderedEpoch())
        .param("provider", provider)
        .param("server", stray.id().value())
        .param("label", stray.label().value())
        .param("evidence", stray.evidence())
        .param("proposal", stray.proposal())
        .param("cents", stray.perDay().map(Money::cents).orElse(null), Types.BIGINT)
        .param("currency", stray.perDay().map(Money::currency).orElse(null), Types.VARCHAR)
        .param("at", Columns.timestamp(at))
        .update();
  }

  /// @param proposal what helps, said to staff
  /// @param perDay what it costs a day; empty: it is not known
  public record NewStray(
      ProviderServerId id,
      OrderLabel label,
      String evidence,
      String proposal,
      Optional<Money> perDay) {}
}
