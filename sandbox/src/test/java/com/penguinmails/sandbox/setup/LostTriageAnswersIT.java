package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every activity is done twice, where the first two addresses that are sold cannot send mail:
/// another address and another server are paid for once each.
@Timeout(600)
class LostTriageAnswersIT {
  /// What only a server that cannot send needs; the rest is of [LostAnswersIT].
  static final Set<String> COVERED =
      Set.of(
          "Triage.ChangeAddress", "Triage.AwaitMoved", "Triage.ReplaceServer", "Triage.SwitchOff");

  @Test
  void paysForEachReplacementOnce(@TempDir Path directory) {
    var lost = new LostAnswers();
    var plan = SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {});
    try (var tested = TestedProduct.start(plan, started -> RunningProduct.start(started, lost))) {
      var world = tested.world();
      var seller = world.hostwinds();
      world.blacklists().add(SimulatedBlacklists.SOUND, seller.nextAddress());
      world.blacklists().add(SimulatedBlacklists.SOUND, seller.nextAddress(1));
      var request = DemoTenant.of(world).purchase(new DomainName("listed-twice.test"), "25.00");

      tested.order("listed-twice", request).untilState("DONE");

      assertThat(seller.charges()).as("server, address, server").hasSize(3);
      assertThat(seller.calls("change_main_ip")).isOne();
      assertThat(tested.count("server_order WHERE parked_at IS NOT NULL")).isOne();
      assertThat(tested.count("server_order WHERE switched_off_at IS NOT NULL")).isOne();
      assertThat(tested.count("incident WHERE cause = 'server-parked' AND closed_at IS NULL"))
          .isOne();
      assertThat(lost.types()).containsAll(COVERED);
    }
  }
}
