package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.host.HostFaults;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A step takes long on the host, or the host hangs when it is to begin: sshd answers, the command
/// does not.
@SimulatedBadDay
class SilentStepIT {
  private static final String STEP = "060-journal";
  private static final String JOURNAL = "server/" + STEP;
  // A worker that is silent for half a minute is given up.
  private static final Duration LONGER_THAN_A_WORKER_MAY_BE_SILENT = Duration.ofSeconds(40);

  @Test
  void waitsForASlowStepAndBeginsItOnce(Running product) {
    var prepared = product.prepareToBuy("slow-step.test");
    var address = product.world().hostwinds().nextAddress();
    var setup = product.order(prepared);
    faults(product, address).slowStep(STEP, LONGER_THAN_A_WORKER_MAY_BE_SILENT);

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> assertThat(setup.percent(JOURNAL)).isBetween(5, 95));

    setup.untilStepIsDone(JOURNAL);
    assertThat(setup.attempts(JOURNAL)).isEqualTo(1);
    setup.untilProved();
  }

  @Test
  void saysThatTheHostIsSilentAndGoesOnWhenItAnswers(Running product) {
    var prepared = product.prepareToBuy("hanging-step.test");
    var address = product.world().hostwinds().nextAddress();
    var setup = product.order(prepared);
    var faults = faults(product, address);
    faults.hang(STEP);

    setup.untilStepWaits(JOURNAL, Cause.HOST_UNREACHABLE);
    assertThat(setup.evidence(JOURNAL)).contains("has not ended within PT1M2S");
    setup.assertNotBegun("server/070-ca-roots");

    faults.hangNoMore();
    setup.untilProved();
  }

  /// Of the host that was bought, long before its steps begin.
  private static HostFaults faults(Running product, IpAddress address) {
    var hosts = product.world().simulatedHosts();
    return await()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> hosts.all().stream().filter(host -> host.address().equals(address)).findFirst(),
            Optional::isPresent)
        .map(SimulatedHost::faults)
        .orElseThrow();
  }
}
