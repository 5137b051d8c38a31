package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// Another machine answers at the host's address between our first look, which pinned the host's
/// key, and first contact, which would have sent the root password: we stop, and it gets nothing.
@BadDay
class ChangedHostKeyIT {
  private static final String OS_RELEASE = "/usr/lib/os-release";
  private static final String IMPOSTOR =
      """
      ssh-keygen -q -t ed25519 -N '' -f /root/impostor-key
      systemctl stop ssh
      mkdir -p /run/sshd
      systemd-run --unit=impostor /usr/sbin/sshd -D -h /root/impostor-key -o LogLevel=DEBUG1 -E /root/impostor.log
      """;

  @Test
  void sendsNothingToTheWrongOne(Running product) {
    var prepared = product.prepare("changed-host-key.test");
    var host = product.host(prepared);
    // Holds the set-up after the first look, while the password is still to be used.
    host.show(OS_RELEASE, "s/^VERSION_ID=.*/VERSION_ID=\"11\"/");
    var setup = product.order(prepared);
    setup.untilItTells(Cause.HOST_NOT_DEBIAN_12, "debian 11");
    var fingerprint =
        host.run("ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub").split(" ", -1)[1];
    host.run(IMPOSTOR);
    host.showAgain(OS_RELEASE);

    setup.untilItTells(Cause.HOST_KEY_CHANGED, fingerprint, "nothing was sent");
    var heard = host.run("cat /root/impostor.log");
    assertThat(heard).contains("Connection from").doesNotContain("userauth-request");
    host.assertUntouched();

    host.run("systemctl stop impostor && systemctl start ssh");
    setup.retry();
    setup.untilProved();
  }
}
