package com.penguinmails.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.setup.LostAnswers;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Somebody changes a host that works, and a sweep comes by itself: the server's run puts it right.
/// A host that is silent is left alone, and so is one that is as it was left. Every activity is
/// done twice.
@Timeout(600)
public class HostSweepIT {
  /// What nothing else needs; the rest is of [com.penguinmails.sandbox.setup.LostAnswersIT].
  public static final Set<String> COVERED = Set.of("Sweep.LookAtHosts");

  private static final String MAIN = "/etc/postfix/main.cf";
  private static final Duration UNTIL_SEEN = Duration.ofMinutes(2);

  @Test
  void putsRightWhatIsNotAsItWasLeft(@TempDir Path directory) throws InterruptedException {
    var lost = new LostAnswers();
    var often = Map.of("penguin.worker.host-sweep-every", "2s");
    try (var tested =
        TestedProduct.start(
            SandboxWorld.Plan.instant(directory),
            world -> RunningProduct.start(world, lost, often, Map.of()))) {
      var world = tested.world();
      var setup =
          tested.order("drift", DemoTenant.of(world).purchase(new DomainName("drifting.test")));
      setup.untilState("DONE");
      await().atMost(UNTIL_SEEN).until(() -> lost.types().containsAll(COVERED));
      assertThat(tested.count("incident WHERE cause = 'host-drifted'"))
          .as("a host that is as it was left is left alone")
          .isZero();
      var host = bought(tested);
      var main = host.owner().read(MAIN).orElseThrow();

      host.owner().write(MAIN, "myhostname = other.test\nmynetworks = 0.0.0.0/0\n");

      await()
          .atMost(UNTIL_SEEN)
          .untilAsserted(() -> {
            assertThat(host.owner().read(MAIN)).contains(main);
            assertThat(tested.count("incident WHERE cause = 'host-drifted'")).isOne();
            assertThat(setup.causes()).as("it is over").isEmpty();
          });
      assertThat(
              tested.count(
                  "decision WHERE step = 'sweep/repair' AND answer LIKE '%260-postfix%nobody need"
                      + " be asked%'"))
          .isOne();

      host.powerOff();
      Thread.sleep(Duration.ofSeconds(6)); // some sweeps
      assertThat(setup.causes()).as("silence says nothing").isEmpty();
      host.powerOn();

      host.owner().stop("dovecot");

      await()
          .atMost(UNTIL_SEEN)
          .untilAsserted(() -> {
            assertThat(host.owner().isActive("dovecot")).isTrue();
            assertThat(tested.count("incident WHERE cause = 'host-drifted'")).isEqualTo(2);
            assertThat(setup.causes()).as("it is over").isEmpty();
          });
    }
  }

  private static SimulatedHost bought(TestedProduct tested) {
    return tested.world().simulatedHosts().all().stream()
        .filter(host -> host.owner().exists(MAIN))
        .findFirst()
        .orElseThrow();
  }
}
