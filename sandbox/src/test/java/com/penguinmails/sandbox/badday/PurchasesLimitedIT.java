package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// What may be bought is limited: staff have stopped purchases, or a cap is reached. Money is what
/// a set-up waits for then; nothing was tried.
@SimulatedBadDay
class PurchasesLimitedIT {
  @Test
  void waitsWhilePurchasesAreStopped(Running product) {
    var prepared = product.prepareToBuy("purchases-stopped.test");
    try (var _ = limit(product, "stopped_reason = 'the seller is being looked at'")) {
      var setup = product.order(prepared);
      setup.untilItTells(Cause.PURCHASES_STOPPED, "the seller is being looked at");
      goesOn(product, setup);
    }
  }

  @Test
  void waitsForAHigherCapOfTheTenant(Running product) {
    var prepared = product.prepareToBuy("tenant-cap.test");
    try (var _ = limit(product, "tenant_monthly_cents = 500")) {
      var setup = product.order(prepared);
      setup.untilItTells(Cause.TENANT_CAP_REACHED, "5.00 USD");
      goesOn(product, setup);
    }
  }

  @Test
  void waitsForAHigherCapOfTheInstallation(Running product) {
    var prepared = product.prepareToBuy("installation-cap.test");
    try (var _ = limit(product, "installation_monthly_cents = 500")) {
      var setup = product.order(prepared);
      setup.untilItTells(Cause.INSTALLATION_CAP_REACHED, "5.00 USD");
      goesOn(product, setup);
    }
  }

  private static void goesOn(Running product, OrderedSetup setup) {
    setup.assertNotBegun("server/buy");
    assertThat(setup.bought()).isEmpty();
    change(product, SharedProduct.AMPLE);
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  /// Sets what may be bought; as it was when closed.
  private static Limit limit(Running product, String change) {
    change(product, change);
    return () -> change(product, SharedProduct.AMPLE);
  }

  private static void change(Running product, String change) {
    SharedProduct.limitPurchases(product.world(), change);
  }

  private interface Limit extends AutoCloseable {
    @Override
    void close();
  }
}
