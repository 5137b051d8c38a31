package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The seller says no, in words that can be read: nothing was bought, so it is tried once more when
/// the tenant or staff say so.
@SimulatedBadDay
class SellerSaysNoIT {
  @Test
  void buysOnceThereIsCapacityAgain(Running product) {
    buysAfter(product, "no-capacity.test", "No capacity is available in this location.");
  }

  @Test
  void buysOnceTheInvoiceIsPaid(Running product) {
    buysAfter(product, "unpaid-invoice.test", "There is an unpaid invoice on this account.");
  }

  private static void buysAfter(Running product, String domain, String reason) {
    var prepared = product.prepareToBuy(domain);
    product.world().hostwinds().plan("add_instance", new ProviderFault.SaysNo(reason), 1);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PROVIDER_REFUSED, reason);
    assertThat(setup.bought()).isEmpty();

    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }
}
