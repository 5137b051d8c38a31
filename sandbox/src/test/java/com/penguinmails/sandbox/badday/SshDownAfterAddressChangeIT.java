package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.workflows.model.Cause;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// After a change of address the server is silent for many minutes (here: seconds). Time passes,
/// and nobody is asked for anything.
@SimulatedBadDay
class SshDownAfterAddressChangeIT {
  @Test
  void waitsUntilItAnswers(Running product) {
    var prepared = product.prepareToBuy("silent-after-move.test", "15.00");
    var world = product.world();
    var address = world.hostwinds().nextAddress();
    world.blacklists().add(SimulatedBlacklists.SOUND, address);
    world.hostwinds().silentAfterMove(Duration.ofSeconds(25));
    var setup = product.order(prepared);

    setup.untilStepWaits("server/outgoing", Cause.SERVER_SILENT);

    setup.untilProved();
    setup.assertNeverTold(Cause.PROVIDER_SERVER_FAILED);
    setup.assertNeverTold(Cause.HOST_UNREACHABLE);
    assertThat(setup.bought()).hasSize(1);
    world.blacklists().remove(SimulatedBlacklists.SOUND, address);
  }
}
