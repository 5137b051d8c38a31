package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The host's clock is an hour ahead. Simulated by its `date`: a container has its engine's clock.
@BadDay
class ClockSkewIT {
  private static final String DATE = "/usr/local/sbin/date";
  private static final String AN_HOUR_AHEAD =
      """
      printf '#!/bin/sh\\nexec /usr/bin/date -d "+1 hour" "$@"\\n' > %1$s
      chmod 0755 %1$s
      """
          .formatted(DATE);

  @Test
  void touchesNothingUntilItIsSet(Running product) {
    var prepared = product.prepare("clock-skew.test");
    var host = product.host(prepared);
    host.run(AN_HOUR_AHEAD);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_CLOCK_SKEWED, "clock is 3", "seconds off");
    host.assertUntouched();

    host.run("rm " + DATE);
    setup.retry();
    setup.untilProved();
  }
}
