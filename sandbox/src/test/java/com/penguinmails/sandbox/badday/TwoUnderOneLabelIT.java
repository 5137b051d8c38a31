package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.ProviderServerId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
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

  /// It carries the label until it is gone, and is the older one.
  @Test
  void doesNotUseTheOneThatIsBeingGivenUp(Running product) throws IOException {
    var prepared = product.prepareToBuy("one-is-given-up.test");
    var hostwinds = product.world().hostwinds();
    hostwinds.plan("add_instance", new ProviderFault.Twice(), 1);
    hostwinds.plan("get_instance_ids", new ProviderFault.ListsNothing(), 1000);
    var setup = product.order(prepared);
    setup.untilStepWaits("server/listed", Cause.SERVER_ADDRESS_AWAITED);
    var charges = hostwinds.charges();
    var older = charges.get(charges.size() - 2).server();

    hostwinds.slowToLeave(Duration.ofSeconds(30));
    asStaff(product.world()).terminate(new ProviderServerId(older));
    hostwinds.heal();

    setup.untilStepIsDone("server/active");
    assertThat(setup.bought()).as("both are there still").hasSize(2);
    assertThat(usedAs(product, charges.getLast().server())).isOne();
    assertThat(usedAs(product, older)).isZero();
    setup.untilProved();
    setup.assertNeverTold(Cause.PURCHASE_DOUBLED);
    await().atMost(Duration.ofMinutes(1)).until(() -> setup.bought().size() == 1);
  }

  private static long usedAs(Running product, String server) {
    return TestedProduct.count(
        product.world(), "server_order WHERE provider_server_id = '" + server + "'");
  }

  /// What a server costs is staff's to end: at the seller, beside the product.
  private static VpsProvider asStaff(SandboxWorld world) throws IOException {
    var key = Files.readString(world.hostwindsKey());
    return HostwindsVpsProvider.at(
        world.hostwinds().url(), () -> key, CallRate.perSecond(1000), Duration.ofSeconds(10));
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
