package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// The seller does not take our key, or not from this machine, and gives one answer for both:
/// nothing can be asked, so nothing is tried; staff renew the key, or have the machine let in.
@SimulatedBadDay
class SellerRefusesAccessIT {
  private static final int ALL = 1000;
  private static final String ENDED = "key-that-ended-last-week";

  @Test
  void goesOnWhenTheMachineIsLetIn(Running product) {
    var prepared = product.prepareToBuy("seller-refuses-access.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("*", new ProviderFault.NotAuthorized(), ALL);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.PROVIDER_LOGIN_REFUSED, "list of IPv4 addresses");
    setup.assertStepTells("server/reserve", Cause.PROVIDER_LOGIN_REFUSED);
    assertThat(setup.bought()).isEmpty();

    hostwinds.heal();
    setup.retry();
    setup.untilProved();
    assertThat(setup.bought()).hasSize(1);
  }

  /// Nobody presses a button and nothing is restarted.
  @Test
  void goesOnByItselfWhenTheKeyInItsFileIsRenewed(Running product) throws IOException {
    var prepared = product.prepareToBuy("seller-refuses-key.test");
    var file = product.world().hostwindsKey();
    var right = Files.readString(file);
    try {
      Files.writeString(file, ENDED);
      var setup = product.order(prepared);

      setup.untilItTells(Cause.PROVIDER_LOGIN_REFUSED, "Keys end after about a year");
      setup.assertStepTells("server/reserve", Cause.PROVIDER_LOGIN_REFUSED);
      assertThat(setup.look().toString()).doesNotContain(ENDED);
      assertThat(setup.bought()).isEmpty();

      Files.writeString(file, right);
      setup.untilProved();
      assertThat(setup.bought()).hasSize(1);
    } finally {
      Files.writeString(file, right);
    }
  }
}
