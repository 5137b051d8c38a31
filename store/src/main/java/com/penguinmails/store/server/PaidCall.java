package com.penguinmails.store.server;

import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import java.time.Instant;
import java.util.Optional;

/// One call that costs money, as the ledger has it.
///
/// @param attempt counts from 1
/// @param triedAt before the call was made
/// @param evidence what came back
/// @param from the address before it was changed; empty for a purchase
public record PaidCall(
    Kind kind,
    int attempt,
    Money amount,
    Instant triedAt,
    Outcome outcome,
    String evidence,
    Optional<IpAddress> from) {
  /// Whether that is certain, so that another try would be the first.
  public boolean nothingHappened() {
    return outcome == Outcome.REFUSED || outcome == Outcome.NOT_DONE;
  }

  /// What is paid for.
  public enum Kind {
    PURCHASE,
    ADDRESS_CHANGE
  }

  /// What became of it.
  public enum Outcome {
    /// Nobody knows yet: it may have been heard.
    UNCLEAR,
    /// It happened, and is charged.
    DONE,
    /// The provider said no: nothing happened.
    REFUSED,
    /// A member of staff looked and says that nothing happened.
    NOT_DONE
  }
}
