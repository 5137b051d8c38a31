package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The seller asks more than the tenant allowed: they allow more with the retry.
@SimulatedBadDay
class PriceAboveBudgetIT {
  @Test
  void goesOnWithAHigherBudget(Running product) {
    var prepared = product.prepareToBuy("above-budget.test");
    var setup = product.order(prepared, PriceAboveBudgetIT::thrifty);

    setup.untilItTells(Cause.PRICE_ABOVE_BUDGET, "9.99 USD", "5.00 USD");
    setup.assertNotBegun("server/buy");
    assertThat(setup.bought()).isEmpty();

    setup.retry(Map.of("server", Map.of("monthlyBudget", "12.00")));
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  /// A budget below the price: the set-up stops before anything is bought.
  static Map<String, Object> thrifty(Map<String, Object> request) {
    var changed = new TreeMap<>(request);
    var server = new TreeMap<Object, Object>((Map<?, ?>) request.get("server"));
    server.put("monthlyBudget", "5.00");
    changed.put("server", server);
    return changed;
  }
}
