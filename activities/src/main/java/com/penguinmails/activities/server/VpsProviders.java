package com.penguinmails.activities.server;

import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.OutsideException.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The sellers of servers this installation buys from, by name, and how long to look for a purchase
/// whose end nobody knows.
public final class VpsProviders {
  private final String installation;
  private final Map<String, Seller> sellers;

  /// @param installation six characters: whose orders are carried out here
  public VpsProviders(String installation, List<Seller> sellers) {
    this.installation = installation;
    this.sellers =
        sellers.stream()
            .collect(Collectors.toMap(seller -> seller.provider().name(), Function.identity()));
  }

  /// @param image beginning of the name of the system servers are bought with
  /// @param grace how long a purchase or another address usually takes to be listed
  /// @param longGrace how long until staff must decide
  /// @param builtWithin how long a bought server may take to run before staff are told
  /// @param addressChange what another main address costs, where one can be had
  public record Seller(
      VpsProvider provider,
      String image,
      Duration grace,
      Duration longGrace,
      Duration builtWithin,
      Money addressChange) {}

  /// Where this installation buys.
  public Set<String> names() {
    return Set.copyOf(sellers.keySet());
  }

  /// Six characters: whose orders are carried out here.
  public String installation() {
    return installation;
  }

  /// What an order is called at its seller's.
  OrderLabel label(OrderId order) {
    return OrderLabel.of(installation, order);
  }

  /// Whether the order is this installation's; one of a copied database is not.
  public boolean isOurs(OrderLabel label) {
    return label.installation().equals(installation);
  }

  /// @throws Refused this installation does not buy there
  public Seller get(String name) {
    var seller = sellers.get(name);
    if (seller == null) {
      throw new Refused(
          "this installation does not buy from \"%s\"; known are %s"
              .formatted(name, sellers.keySet()));
    }
    return seller;
  }
}
