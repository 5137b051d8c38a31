package com.penguinmails.sandbox.host.step;

import com.penguinmails.sandbox.host.machine.Conditions;

/// What stands against apt, in the words `explain` in `facts.sh` finds for it.
final class Apt {
  private static final int PROCESS = 812;

  private Apt() {}

  /// @param lockSeconds how long apt would wait for another; a simulated one does not
  static void check(Conditions conditions, String lockSeconds) {
    if (!conditions.aptLockHolder().isEmpty()) {
      var holder = "process %d (%s)".formatted(PROCESS, conditions.aptLockHolder());
      throw StepFailed.withCode(
          "apt-lock",
          "%s has been at work for over %s s. E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by %s"
              .formatted(holder, lockSeconds, holder));
    }
    if (conditions.mirrorDown()) {
      throw StepFailed.withCode(
          "mirror-down",
          "the package mirror did not answer. E: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Could not connect to deb.debian.org:80");
    }
    if (conditions.diskFreeMib() < 100) {
      throw StepFailed.withCode(
          "disk-full",
          "no room for packages. E: You don't have enough free space in /var/cache/apt/archives/.");
    }
  }
}
