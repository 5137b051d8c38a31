package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// A list that refuses to answer us, or that names the whole world, says nothing about an address.
@SimulatedBadDay
class UnreliableBlacklistIT {
  @Test
  void goesOnWhateverSuchListsSay(Running product) {
    var prepared = product.prepareToBuy("believes-no-such-list.test");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.NAMES_EVERYBODY, address);
    world.blacklists().add(SimulatedBlacklists.REFUSES, address);
    var setup = product.order(prepared);

    setup.untilProved();

    setup.assertNeverTold(Cause.ADDRESS_LISTED);
    assertThat(setup.evidence("server/judge"))
        .contains("3 lists asked, 2 without an answer that counts");
  }
}
