package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.Staff;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// What may be bought is limited: staff have stopped purchases, or a cap is reached. Money is what
/// a set-up waits for then; nothing was tried.
@SimulatedBadDay
class PurchasesLimitedIT {
  @Test
  void waitsWhilePurchasesAreStopped(Running product) {
    var prepared = product.prepareToBuy("purchases-stopped.test");
    var staff = Staff.of(product.world());
    try (var _ = asAtFirst(product)) {
      staff.does("purchases", "--stop=the seller is being looked at", "--as=ada");
      var setup = product.order(prepared);
      setup.untilItTells(Cause.PURCHASES_STOPPED, "the seller is being looked at");
      goesOn(setup, "--go");
    }
  }

  @Test
  void waitsForAHigherCapOfTheTenant(Running product) {
    var prepared = product.prepareToBuy("tenant-cap.test");
    try (var _ = asAtFirst(product)) {
      Staff.of(product.world()).does("purchases", "--tenant=5.00", "--as=ada");
      var setup = product.order(prepared);
      setup.untilItTells(Cause.TENANT_CAP_REACHED, "5.00 USD");
      goesOn(setup, "--tenant=10000.00");
    }
  }

  @Test
  void waitsForAHigherCapOfTheInstallation(Running product) {
    var prepared = product.prepareToBuy("installation-cap.test");
    try (var _ = asAtFirst(product)) {
      Staff.of(product.world()).does("purchases", "--all=5.00", "--as=ada");
      var setup = product.order(prepared);
      setup.untilItTells(Cause.INSTALLATION_CAP_REACHED, "5.00 USD");
      goesOn(setup, "--all=20000.00");
    }
  }

  /// By itself, when staff have lifted it: nobody presses the tenant's button.
  private static void goesOn(OrderedSetup setup, String lifted) {
    setup.assertNotBegun("server/buy");
    assertThat(setup.bought()).isEmpty();
    setup.staff("purchases", lifted, "--as=ada");
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  /// What may be bought is as it was when this is closed, whatever the test did.
  private static Limit asAtFirst(Running product) {
    return () -> SharedProduct.limitPurchases(product.world(), SharedProduct.AMPLE);
  }

  private interface Limit extends AutoCloseable {
    @Override
    void close();
  }
}
