package com.penguinmails.activities.server;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.server.Order;
import com.penguinmails.store.server.PaidCall;
import com.penguinmails.store.server.Server;
import com.penguinmails.workflows.server.OrderActivities.AddressTry;
import com.penguinmails.workflows.server.OrderActivities.Earlier;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import java.util.Comparator;
import java.util.Optional;

/// Reads what the order and the ledger say of a server that is bought. Call inside a transaction of
/// the tenant's.
final class OrderReader {
  private final Stores stores;
  private final VpsProviders providers;

  OrderReader(Stores stores, VpsProviders providers) {
    this.stores = stores;
    this.providers = providers;
  }

  /// Empty for a tenant's own server, and after the order was parked or closed.
  Optional<OrderFacts> read(Server server) {
    return stores.orders().openOf(server.id()).map(order -> facts(server, order));
  }

  private OrderFacts facts(Server server, Order order) {
    var seller = providers.get(server.provider());
    var calls = stores.orders().paidCalls(order.id());
    var tries = calls.stream().filter(call -> call.kind() == PaidCall.Kind.PURCHASE).toList();
    return new OrderFacts(
        order.id(),
        server.provider(),
        order.label().value(),
        order.reservedAt().isPresent(),
        tries.size(),
        tries.stream()
            .filter(call -> call.outcome() == PaidCall.Outcome.UNCLEAR)
            .map(PaidCall::triedAt)
            .max(Comparator.naturalOrder()),
        order.found(),
        order.acceptedAt().isPresent(),
        seller.grace(),
        seller.longGrace(),
        seller.builtWithin(),
        calls.stream()
            .filter(call -> call.kind() == PaidCall.Kind.ADDRESS_CHANGE)
            .max(Comparator.comparingInt(PaidCall::attempt))
            .map(call ->
                new AddressTry(
                    call.attempt(),
                    call.from().orElseThrow(),
                    call.triedAt(),
                    call.outcome() == PaidCall.Outcome.UNCLEAR,
                    call.nothingHappened() ? Optional.of(call.evidence()) : Optional.empty())),
        stores.orders().allOf(server.id()).stream()
            .filter(Order::mayRunUnused)
            .findFirst()
            .map(earlier -> new Earlier(earlier.id(), earlier.found().orElseThrow())));
  }
}
