package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The host has no way to the package mirror.
@BadDay
class MirrorDownIT {
  private static final String PACKAGES = "server/020-packages";
  static final String LOSE =
      """
      for name in $(sed -n 's#^deb https*://\\([^/:]*\\).*#\\1#p' /etc/apt/sources.list | sort -u); do
        getent ahostsv4 "$name"
      done | cut -d ' ' -f 1 | sort -u | while read -r address; do
        ip route add unreachable "$address"
      done
      ip route show type unreachable | grep -q .
      """;
  private static final String FIND = "ip route flush type unreachable";

  @Test
  void triesAgainUntilItAnswers(Running product) {
    var prepared = product.prepare("mirror-down.test");
    var host = product.host(prepared);
    host.run(LOSE);
    var setup = product.order(prepared);

    setup.untilStepWaits(PACKAGES, Cause.HOST_MIRROR_DOWN);
    setup.untilItTells(Cause.HOST_MIRROR_DOWN, "the package mirror did not answer");
    assertThat(host.isInstalled("postfix")).isFalse();

    host.run(FIND);
    setup.retry();
    setup.untilProved();
  }
}
