package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The address that was sold is on a list of spam sources.
@SimulatedBadDay
class ListedAddressIT {
  @Test
  void sendsNothingUntilItIsOffTheList(Running product) {
    var prepared = product.prepareToBuy("listed-address.test");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, address);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.ADDRESS_LISTED, "blacklist.test");
    setup.assertNotBegun("server/contact");

    world.blacklists().remove(SimulatedBlacklists.SOUND, address);
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
