package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller's answer is lost and no server appears, through every time of grace. Only a person
/// may say that nothing was bought; a server that appears after all is taken.
@SimulatedBadDay
class UnheardPurchaseIT {
  @Test
  void buysAgainWhenStaffHaveLooked(Running product) {
    var prepared = product.prepareToBuy("never-heard.test");
    product.world().hostwinds().plan("add_instance", new ProviderFault.CutBefore(), 1);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PURCHASE_UNCLEAR, "no server of that name has appeared");
    assertThat(setup.bought()).isEmpty();

    assertThat(setup.staff("incidents")).contains(setup.serverId());
    setup.staff("not-bought", setup.serverId(), "--try=1", "--as=ada");
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
    assertThat(setup.story())
        .contains("Our staff looked at the seller's, and said that try 1 bought nothing.")
        .noneMatch(told -> told.matches(".*\\bada\\b.*"));
  }

  @Test
  void takesTheServerThatStaffName(Running product) {
    var prepared = product.prepareToBuy("named-by-staff.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("get_instance_ids", new ProviderFault.ListsNothing(), 1000);
    var setup = product.order(prepared);
    setup.untilItTells(Cause.PURCHASE_UNCLEAR, "no server of that name has appeared");

    var found = hostwinds.charges().getLast().server();
    setup.staff("adopt", setup.serverId(), found, "--as=ada");

    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
    assertThat(setup.story())
        .contains(
            "Our staff looked at the seller's, and said that server %s is this order's."
                .formatted(found));
  }

  @Test
  void takesAServerThatAppearsAfterEveryGrace(Running product) {
    var prepared = product.prepareToBuy("appears-late.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("get_instance_ids", new ProviderFault.ListsNothing(), 1000);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PURCHASE_UNCLEAR, "no server of that name has appeared");
    assertThat(setup.bought()).as("bought, but nobody knows").hasSize(1);

    hostwinds.heal();
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
