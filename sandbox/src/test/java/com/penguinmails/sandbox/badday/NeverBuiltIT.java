package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller takes the money and never builds the server.
@SimulatedBadDay
class NeverBuiltIT {
  @Test
  void waitsAndSaysForWhat(Running product) {
    var prepared = product.prepareToBuy("never-built.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.stick();
    var setup = product.order(prepared);

    setup.untilStepWaits("server/active", Cause.SERVER_ADDRESS_AWAITED);
    assertThat(setup.bought()).hasSize(1);

    hostwinds.heal();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
