package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller made two servers of one order. One is used; the other is staff's to clear up, and no
/// program destroys it.
@SimulatedBadDay
class TwoUnderOneLabelIT {
  @Test
  void usesOneAndTellsStaffOfTheOther(Running product) {
    var prepared = product.prepareToBuy("two-under-one-label.test");
    product.world().hostwinds().plan("add_instance", new ProviderFault.Twice(), 1);
    var setup = product.order(prepared);

    setup.untilDone();

    assertThat(setup.bought()).hasSize(2);
    setup.untilTheTenantReads(Cause.PURCHASE_DOUBLED, "under the same label");
  }
}
