package com.penguinmails.sandbox.badday;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The host runs an older Debian.
@BadDay
class NotDebian12IT {
  private static final String OS_RELEASE = "/usr/lib/os-release";

  @Test
  void touchesNothingUntilItIsUpgraded(Running product) {
    var prepared = product.prepare("not-debian-12.test");
    var host = product.host(prepared);
    host.show(OS_RELEASE, "s/^VERSION_ID=.*/VERSION_ID=\"11\"/");
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_NOT_DEBIAN_12, "debian 11");
    host.assertUntouched();

    host.showAgain(OS_RELEASE);
    setup.retry();
    setup.untilProved();
  }
}
