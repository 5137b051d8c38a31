package com.penguinmails.workflows.temporal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActivityProfilesTest {
  private static final Pace PACE = Pace.production();

  /// A worker that was killed while it spoke with a seller is missed long before its call's limit.
  @Test
  void missesAWorkerThatFellSilentWithinHalfAMinute() {
    var calls =
        List.of(
            ActivityProfiles.ssh("a look", PACE),
            ActivityProfiles.sshStep("a step", PACE),
            ActivityProfiles.vps("a call", "hostwinds", PACE),
            ActivityProfiles.vpsWithin("a look", "hostwinds", PACE, Duration.ofHours(24)),
            ActivityProfiles.vpsOnce("a purchase", "hostwinds", PACE));

    assertThat(calls)
        .allSatisfy(
            call -> assertThat(call.getHeartbeatTimeout()).isEqualTo(Duration.ofSeconds(30)));
  }

  /// Whatever ends it: what was not heard of is unclear, and never simply tried again.
  @Test
  void makesACallThatCostsMoneyOnce() {
    var purchase = ActivityProfiles.vpsOnce("a purchase", "hostwinds", PACE);

    assertThat(purchase.getRetryOptions().getMaximumAttempts()).isOne();
  }
}
