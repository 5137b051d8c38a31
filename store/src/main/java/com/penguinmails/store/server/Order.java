package com.penguinmails.store.server;

import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import java.time.Instant;
import java.util.Optional;

/// One purchase of one server as its row says.
///
/// @param plan as the provider names it
/// @param place as the provider names it
/// @param budget what a month may cost
/// @param agreedPrice what it may cost a month at most, by the plan that was gone ahead from;
///   empty: whatever is within the budget
/// @param price of a month; empty until reserved
/// @param found what the provider has under the label; empty until seen
/// @param acceptedAt since when the server has its address and first login
/// @param parkedAt since when it is paid for and not used
/// @param closedAt since when nothing is paid for it
/// @param switchedOffAt of one that is parked: since when its seller has switched it off, or
///   refused to
public record Order(
    OrderId id,
    ServerId server,
    OrderLabel label,
    String plan,
    String place,
    Money budget,
    Optional<Money> agreedPrice,
    Optional<Money> price,
    Optional<Instant> reservedAt,
    Optional<ProviderServerId> found,
    Optional<Instant> acceptedAt,
    Optional<Instant> parkedAt,
    Optional<Instant> closedAt,
    Optional<Instant> switchedOffAt) {
  /// Whether its server is not used any more and runs on, as far as we know.
  public boolean mayRunUnused() {
    return parkedAt.isPresent()
        && found.isPresent()
        && switchedOffAt.isEmpty()
        && closedAt.isEmpty();
  }
}
