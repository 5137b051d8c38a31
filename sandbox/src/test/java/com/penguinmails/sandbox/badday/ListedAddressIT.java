package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The address that was sold is on a list of spam sources.
@SimulatedBadDay
class ListedAddressIT {
  @Test
  void getsAnotherAddressWithinTheBudget(Running product) {
    var prepared = product.prepareToBuy("listed-address.test", "15.00");
    var world = product.world();
    var bad = world.hostwinds().nextAddress();
    var good = world.hostwinds().nextAddress(1);
    world.blacklists().add(SimulatedBlacklists.SOUND, bad);
    var setup = product.order(prepared);

    setup.untilProved();

    assertThat(setup.bought()).hasSize(1);
    assertThat(setup.evidence("server/moved")).contains(good.value());
    setup.assertNeverTold(Cause.ADDRESS_LISTED);
    world.blacklists().remove(SimulatedBlacklists.SOUND, bad);
  }

  /// Too many calls, then none left: nothing happened, so the one change may still be made.
  @Test
  void getsAnotherAddressAfterTheSellerRefusedTwo(Running product) {
    var prepared = product.prepareToBuy("listed-and-refused.test", "15.00");
    var world = product.world();
    var seller = world.hostwinds();
    var bad = seller.nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, bad);
    seller.plan("change_main_ip", new ProviderFault.AsksToWait(Duration.ofSeconds(3)), 1);
    seller.plan("change_main_ip", new ProviderFault.SaysNo("No free addresses."), 1);
    int changes = seller.calls("change_main_ip");
    var setup = product.order(prepared);

    setup.untilProved();

    assertThat(seller.calls("change_main_ip")).isEqualTo(changes + 3);
    assertThat(setup.bought()).hasSize(1);
    world.blacklists().remove(SimulatedBlacklists.SOUND, bad);
  }

  @Test
  void sendsNothingUntilItIsOffTheListWhenNothingElseIsAffordable(Running product) {
    var prepared = product.prepareToBuy("listed-and-poor.test", "12.00");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, address);
    int changes = world.hostwinds().calls("change_main_ip");
    var setup = product.order(prepared);

    setup.untilItTells(
        Cause.ADDRESS_LISTED,
        "blacklist.test",
        "Another address costs 3.00 USD, 12.99 USD in all; allowed are 12.00 USD",
        "With another server it would cost 19.98 USD; allowed are 12.00 USD");
    setup.assertNotBegun("server/contact");
    assertThat(world.hostwinds().calls("change_main_ip")).isEqualTo(changes);
    assertThat(setup.story())
        .contains(
            "No other address was to be had for %s. Another address costs 3.00 USD, 12.99 USD in all; allowed are 12.00 USD."
                .formatted(address),
            "No other server was to be had in place of the one that cannot be used. With another server it would cost 19.98 USD; allowed are 12.00 USD.");

    world.blacklists().remove(SimulatedBlacklists.SOUND, address);
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  /// The server is bought and not taken over yet: its budget may still be raised.
  @Test
  void getsAnotherAddressWhenTheBudgetIsRaised(Running product) {
    var prepared = product.prepareToBuy("listed-and-raised.test", "12.00");
    var world = product.world();
    var bad = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, bad);
    var setup = product.order(prepared);
    setup.untilItTells(Cause.ADDRESS_LISTED, "Another address costs 3.00 USD, 12.99 USD in all");

    setup.retry(Map.of("server", Map.of("monthlyBudget", "15.00")));

    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
    world.blacklists().remove(SimulatedBlacklists.SOUND, bad);
  }

  @Test
  void replacesTheServerWhenTheOtherAddressIsListedToo(Running product) {
    var prepared = product.prepareToBuy("listed-twice.test", "25.00");
    var world = product.world();
    var first = world.hostwinds().nextAddress();
    var second = world.hostwinds().nextAddress(1);
    world.blacklists().add(SimulatedBlacklists.SOUND, first);
    world.blacklists().add(SimulatedBlacklists.SOUND, second);
    var setup = product.order(prepared);

    setup.untilDone();

    assertThat(setup.bought()).as("one is parked, and staff decide").hasSize(2);
    assertThat(setup.story())
        .filteredOn(told -> told.startsWith("Another server was ordered in place of the one"))
        .hasSize(1);
    setup.untilTheTenantReads(Cause.SERVER_PARKED, "was replaced and is switched off");
    world.blacklists().remove(SimulatedBlacklists.SOUND, first);
    world.blacklists().remove(SimulatedBlacklists.SOUND, second);
  }

  @Test
  void tellsOfAReplacedServerThatItsSellerDoesNotSwitchOff(Running product) {
    var prepared = product.prepareToBuy("listed-and-on.test", "25.00");
    var world = product.world();
    var seller = world.hostwinds();
    var first = seller.nextAddress();
    var second = seller.nextAddress(1);
    world.blacklists().add(SimulatedBlacklists.SOUND, first);
    world.blacklists().add(SimulatedBlacklists.SOUND, second);
    seller.plan("shutdown", new ProviderFault.CutBefore(), 1_000);
    int bought = seller.calls("add_instance");
    var setup = product.order(prepared);

    setup.untilTheTenantReads(Cause.SERVER_PARKED, "was replaced and is not switched off yet");
    assertThat(seller.calls("add_instance")).isEqualTo(bought + 1);

    seller.heal();
    setup.untilDone();
    setup.untilTheTenantReads(Cause.SERVER_PARKED, "was replaced and is switched off");
    world.blacklists().remove(SimulatedBlacklists.SOUND, first);
    world.blacklists().remove(SimulatedBlacklists.SOUND, second);
  }
}
