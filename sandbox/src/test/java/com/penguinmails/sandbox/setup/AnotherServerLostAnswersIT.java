package com.penguinmails.sandbox.setup;

import static java.util.stream.Collectors.toUnmodifiableSet;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every activity is done twice, where another server takes the place of one: of one that cannot
/// send, or of one that works until the tenant orders another.
@Timeout(600)
class AnotherServerLostAnswersIT {
  private static final Set<String> TRIAGE =
      Set.of(
          "Triage.ChangeAddress", "Triage.AwaitMoved", "Triage.ReplaceServer", "Triage.SwitchOff");
  private static final String MOVE = "Setup.MoveDomain";

  /// What nothing else needs; the rest is of [LostAnswersIT].
  static final Set<String> COVERED =
      Stream.concat(TRIAGE.stream(), Stream.of(MOVE)).collect(toUnmodifiableSet());

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
      assertThat(lost.types()).containsAll(TRIAGE);
    }
  }

  @Test
  void movesADomainToAnotherServerOnce(@TempDir Path directory) {
    var lost = new LostAnswers();
    var plan = SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {});
    try (var tested = TestedProduct.start(plan, started -> RunningProduct.start(started, lost))) {
      var request = DemoTenant.of(tested.world()).purchase(new DomainName("moved.test"));
      tested.order("first", request).untilState("DONE");

      tested.order("second", request).untilState("DONE");

      assertThat(tested.world().hostwinds().charges()).hasSize(2);
      assertThat(tested.count("dkim_key")).isEqualTo(1);
      assertThat(tested.count("mailbox")).isEqualTo(1);
      assertThat(tested.count("domain d JOIN setup s ON s.server_id = d.server_id"))
          .as("on the server of one set-up")
          .isEqualTo(1);
      assertThat(tested.count("incident WHERE closed_at IS NULL")).isZero();
      assertThat(lost.types()).contains(MOVE);
    }
  }
}
