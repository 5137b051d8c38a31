package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The primary has our records, its secondary never hears of them: half of the world would see an
/// old zone, so the certificate authority is not asked to look before both answer alike.
@SimulatedBadDay
class StaleSecondaryIT {
  @Test
  void waitsUntilTheSecondaryIsFed(Running product) {
    var prepared = product.prepareToBuy("stale-secondary.test");
    product.world().dns().staleSecondary(prepared.domain());
    var setup = product.order(prepared);

    setup.untilStepWaits("domain/own", Cause.DNS_NOT_VISIBLE);
    setup.untilItTells(Cause.DNS_NOT_VISIBLE, "ns2.test", "stale-secondary.test");
    setup.assertNotBegun("certificate/authorise");

    product.world().dns().heal(prepared.domain());
    setup.untilProved();
  }
}
