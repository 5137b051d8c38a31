package com.penguinmails.store.ledger;

import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.util.Optional;

/// One sum that an order costs, or the end of what it costs.
///
/// @param at when the call was made, the month began, or the order was closed
/// @param number counts the calls of a kind from 1, or the months after the first one
/// @param provider as servers name it, such as `hostwinds`
/// @param reference the server's id at the seller; empty: no server was found
/// @param amount nothing for a release
/// @param paidUntil empty: for no time in particular
/// @param isCertain else nobody knows whether it happened
public record LedgerEntry(
    Instant at,
    Kind kind,
    TenantId tenant,
    OrderId order,
    int number,
    String provider,
    OrderLabel label,
    Optional<ProviderServerId> reference,
    Money amount,
    Optional<Instant> paidUntil,
    boolean isCertain) {
  /// Whether an invoice may name its server so.
  boolean isCalled(String server) {
    return label.value().equals(server)
        || reference.map(ProviderServerId::value).filter(server::equals).isPresent();
  }

  /// What it is for.
  public enum Kind {
    PURCHASE,
    ADDRESS_CHANGE,
    /// The next month of a server that is kept.
    RENEWAL,
    /// Nothing is paid for the order any more.
    RELEASE
  }
}
