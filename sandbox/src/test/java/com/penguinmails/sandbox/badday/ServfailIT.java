package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The tenant's name servers answer SERVFAIL: that is no answer, so nothing is concluded from it,
/// and the set-up goes on by itself when they have recovered.
@SimulatedBadDay
class ServfailIT {
  @Test
  void waitsUntilTheServersHaveRecovered(Running product) {
    var prepared = product.prepareToBuy("servfail.test");
    product.world().dns().servfail(prepared.domain());
    var setup = product.order(prepared);

    setup.untilStepWaits("domain/claim", Cause.DNS_UNREACHABLE);
    setup.untilItTells(Cause.DNS_UNREACHABLE, "servfail.test", "SERVFAIL");
    setup.assertNotBegun("domain/publish");
    setup.assertNotBegun("certificate/order");

    product.world().dns().heal(prepared.domain());
    setup.untilProved();
  }
}
