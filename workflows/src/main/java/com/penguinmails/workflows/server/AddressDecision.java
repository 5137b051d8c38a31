package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.server.OrderActivities.AddressJudged;
import com.penguinmails.workflows.server.OrderActivities.Listing;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether mail may be sent from a bought address, from what blacklists say about it. A list that
/// gave no answer speaks neither for nor against it. Pure.
public final class AddressDecision {
  private static final int MANY = 3; // small lists that agree weigh as much as a large one

  private AddressDecision() {}

  /// Empty when nothing severe speaks against the address.
  public static Optional<Trouble> of(AddressJudged judged) {
    boolean isBad =
        judged.listings().stream().anyMatch(Listing::isSevere) || judged.listings().size() >= MANY;
    return isBad
        ? Optional.of(
            new Trouble(
                Cause.ADDRESS_LISTED,
                judged.listings().stream()
                    .map(Listing::toString)
                    .collect(Collectors.joining("; "))))
        : Optional.empty();
  }
}
