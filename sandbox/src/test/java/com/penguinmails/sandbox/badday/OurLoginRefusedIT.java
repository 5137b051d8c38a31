package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import org.junit.jupiter.api.Test;

/// The tenant's login is taken, ours is not: sshd lets in only whom it lists, or our key is taken
/// away later. What we put on the host is never forgotten because of it.
@BadDay
class OurLoginRefusedIT {
  private static final String ONLY_ROOT =
      "echo AllowUsers root >/etc/ssh/sshd_config.d/50-tenant.conf; systemctl reload ssh";
  private static final String EVERYBODY =
      "rm /etc/ssh/sshd_config.d/50-tenant.conf; systemctl reload ssh";
  private static final String KEYS = "/var/lib/penguin/login/.ssh/authorized_keys";

  @Test
  void goesOnWhenItIsLetIn(Running product) {
    var prepared = product.prepare("login-not-listed.test");
    var host = product.host(prepared);
    host.run(ONLY_ROOT);
    var setup = product.order(prepared);

    setup.untilItTells(Cause.HOST_LOGIN_REFUSED, "penguin@", "AllowUsers");
    setup.assertStepTells("server/contact", Cause.HOST_LOGIN_REFUSED);

    host.run(EVERYBODY);
    setup.retry();
    setup.untilProved();
  }

  @Test
  void cancellingTakesBackWhatTheGivenLoginPutThere(Running product) {
    var prepared = product.prepare("login-never-listed.test");
    var host = product.host(prepared);
    host.run(ONLY_ROOT);
    var setup = product.order(prepared);
    setup.untilItTells(Cause.HOST_LOGIN_REFUSED, "penguin@");
    assertThat(host.run("getent passwd penguin")).as("the given login made ours").isNotEmpty();

    setup.cancel();
    setup.untilCancelled();

    host.assertUntouched();
  }

  @Test
  void cancellingWaitsForAKeyThatWasTakenAway(Running product) {
    var prepared = product.prepare("login-taken-away.test");
    var host = product.host(prepared);
    host.run(MirrorDownIT.LOSE);
    var setup = product.order(prepared);
    setup.untilItTells(Cause.HOST_MIRROR_DOWN, "mirror");
    host.run("mv %1$s %1$s.away".formatted(KEYS));

    setup.cancel();
    setup.untilItTells(Cause.HOST_LOGIN_REFUSED, "penguin@");
    assertThat(host.run("ls /etc/penguin")).as("still there").contains("manifest.json");

    host.run("mv %1$s.away %1$s".formatted(KEYS));
    setup.retry();
    setup.untilCancelled();
    host.assertUntouched();
  }
}
