package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The disk was large enough when we looked, and has no room where packages are fetched to. Only
/// the tenant can help, so they are told at once.
@BadDay
class DiskFullIT {
  private static final String PACKAGES = "server/020-packages";
  private static final String ARCHIVES = "/var/cache/apt/archives";

  @Test
  void installsNothingUntilThereIsRoom(Running product) {
    var prepared = product.prepare("disk-full.test");
    var host = product.host(prepared);
    host.run("mount -t tmpfs -o size=1m tmpfs " + ARCHIVES);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_DISK_FULL, "Step 020-packages", ARCHIVES);
    setup.assertStepTells(PACKAGES, Cause.HOST_DISK_FULL);
    assertThat(host.isInstalled("postfix")).isFalse();

    host.run("umount " + ARCHIVES);
    setup.retry();
    setup.untilProved();
  }
}
