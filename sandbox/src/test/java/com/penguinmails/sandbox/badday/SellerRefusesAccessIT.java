package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller does not take our key, or not from this machine: nothing can be asked, so nothing is
/// tried; staff renew it.
@SimulatedBadDay
class SellerRefusesAccessIT {
  private static final int ALL = 1000;

  @Test
  void goesOnWhenAccessIsRenewed(Running product) {
    var prepared = product.prepareToBuy("seller-refuses-access.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("*", new ProviderFault.NotAuthorized(), ALL);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PROVIDER_LOGIN_REFUSED, "list of IPv4 addresses");
    assertThat(setup.bought()).isEmpty();

    hostwinds.heal();
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
