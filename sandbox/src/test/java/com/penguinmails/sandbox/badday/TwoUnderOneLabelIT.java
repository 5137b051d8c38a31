package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.workflows.model.Cause;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The seller made two servers of one order. One is used; the other is staff's to clear up, and no
/// program destroys it. Its incident stays open until they say that it is done.
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

    setup.staff("close", incident(setup), "--as=ada", "--reason=the second is cancelled there");
    setup.untilProved();
  }

  /// As staff find it: the list names the server below each incident's id.
  private static String incident(OrderedSetup setup) {
    var lines = setup.staff("incidents").lines().toList();
    return IntStream.range(1, lines.size())
        .filter(i -> lines.get(i).contains("server " + setup.serverId()))
        .mapToObj(i -> lines.get(i - 1))
        .filter(line -> line.contains(Cause.PURCHASE_DOUBLED.name()))
        .map(line -> line.split(" ", 2)[0])
        .findFirst()
        .orElseThrow();
  }
}
