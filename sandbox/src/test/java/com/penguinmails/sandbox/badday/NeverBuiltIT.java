package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller takes the money and does not build the server: after a stated time staff are told,
/// and the looking goes on.
@SimulatedBadDay
class NeverBuiltIT {
  @Test
  void waitsThenTellsStaffAndLooksOn(Running product) {
    var prepared = product.prepareToBuy("never-built.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.stick();
    var setup = product.order(prepared);

    setup.untilStepWaits("server/active", Cause.SERVER_ADDRESS_AWAITED);
    assertThat(setup.bought()).hasSize(1);
    setup.untilItTells(Cause.PROVIDER_SERVER_FAILED, "Not built within 40 s, and still looked at");

    hostwinds.heal();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
