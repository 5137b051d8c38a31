package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller lets the server send no mail: its port 25 is closed towards others.
@SimulatedBadDay
class Port25BlockedIT {
  @Test
  void tellsStaffAndGoesOnWhenItIsOpened(Running product) {
    var prepared = product.prepareToBuy("no-port-25.test", "12.00");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.simulatedHosts().closeMail(address);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PORT_25_BLOCKED, address + " does not reach port 25 of");
    setup.assertNotBegun("server/contact");

    world.simulatedHosts().openMail(address);
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  @Test
  void getsAnotherAddressFromWhichItMaySend(Running product) {
    var prepared = product.prepareToBuy("no-port-25-here.test", "15.00");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.simulatedHosts().closeMail(address);
    var setup = product.order(prepared);

    setup.untilProved();

    assertThat(setup.bought()).hasSize(1);
    setup.assertNeverTold(Cause.PORT_25_BLOCKED);
    world.simulatedHosts().openMail(address);
  }
}
