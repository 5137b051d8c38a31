package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller says that it has changed a bad address, and the address stays. It is never ordered
/// again by itself: each order costs money.
@SimulatedBadDay
class AddressChangeDoesNothingIT {
  @Test
  void readsTheAddressAgainAndOrdersNothingTwice(Running product) {
    var prepared = product.prepareToBuy("pretended-address.test", "15.00");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, address);
    world.hostwinds().plan("change_main_ip", new ProviderFault.Pretend(), 1);
    int changes = world.hostwinds().calls("change_main_ip");
    var setup = product.order(prepared);

    setup.untilItTells(
        Cause.ADDRESS_LISTED,
        "Another address was ordered, and it is still " + address.value(),
        "With another server it would cost 22.98 USD; allowed are 15.00 USD");
    setup.assertNotBegun("server/contact");

    world.blacklists().remove(SimulatedBlacklists.SOUND, address);
    setup.retry();
    setup.untilProved();
    assertThat(world.hostwinds().calls("change_main_ip")).isEqualTo(changes + 1);
    assertThat(setup.bought()).hasSize(1);
  }
}
