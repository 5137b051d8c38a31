package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// Another package manager is at work on the host, and does not end. The step says what it waits
/// for long before anybody is asked for attention, and goes on by itself once it is over.
@BadDay
class AptLockIT {
  private static final String PACKAGES = "server/020-packages";
  // What apt and dpkg lock with: fcntl's F_SETLK on the whole file.
  private static final String LOCK =
      """
      use Fcntl;
      open my $file, "+<", "/var/lib/dpkg/lock-frontend" or die;
      my $whole = pack "s s x4 q q l x4", F_WRLCK, 0, 0, 0, 0;
      fcntl $file, F_SETLK, $whole or die;
      sleep;
      """;

  @Test
  void goesOnByItselfWhenTheOtherHasFinished(Running product) {
    var prepared = product.prepare("apt-lock.test");
    var host = product.host(prepared);
    host.run("systemd-run --unit=their-upgrade perl -e '%s'".formatted(LOCK));
    host.run("timeout 20 sh -c 'until grep -q POSIX /proc/locks; do sleep 0.1; done'");
    var setup = product.order(prepared);

    setup.untilStepWaits(PACKAGES, Cause.HOST_PACKAGES_LOCKED);
    setup.untilItTells(Cause.HOST_PACKAGES_LOCKED, "lock-frontend", "perl");
    assertThat(host.isInstalled("postfix")).isFalse();

    host.run("systemctl stop their-upgrade");
    setup.untilProved();
  }
}
