package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import org.junit.jupiter.api.Test;

/// A list that refuses to answer us, or that names the whole world, says nothing about an address;
/// staff read which one that is, and why it does not count.
@SimulatedBadDay
class UnreliableBlacklistIT {
  @Test
  void goesOnWhateverAListSaysThatRefusesToAnswer(Running product) {
    goesOn(
        product,
        "list-refuses.test",
        SimulatedBlacklists.REFUSES,
        "refuses to answer us (127.255.255.254)");
  }

  @Test
  void goesOnWhateverAListSaysThatNamesEverybody(Running product) {
    goesOn(
        product,
        "list-names-everybody.test",
        SimulatedBlacklists.NAMES_EVERYBODY,
        "names an address that no list may name: it lists the world");
  }

  private static void goesOn(Running product, String domain, DomainName list, String why) {
    var prepared = product.prepareToBuy(domain);
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(list, address);
    var setup = product.order(prepared);

    setup.untilProved();

    setup.assertNeverTold(Cause.ADDRESS_LISTED);
    assertThat(setup.evidence("server/judge"))
        .startsWith("3 lists asked, 2 without an answer that counts: ")
        .contains("%s (%s)".formatted(list, why))
        .endsWith("; on the list: none");
    assertThat(setup.evidence("server/active"))
        .as("the address it is about")
        .contains(address.value());
  }
}
