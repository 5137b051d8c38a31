package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tenant mistyped the root password: they are told, and give the right one with the retry.
@BadDay
class WrongPasswordIT {
  private static final String MISTYPED = "mistyped-by-the-tenant";

  @Test
  void goesOnWithTheRightOne(Running product) {
    var prepared = product.prepare("wrong-password.test");
    var setup = product.order(prepared, WrongPasswordIT::mistyped);

    setup.untilItTells(Cause.HOST_LOGIN_REFUSED, "root@", "does not take the password");
    assertThat(setup.look().toString()).doesNotContain(MISTYPED);
    setup.assertStepTells("server/inspect", Cause.HOST_LOGIN_REFUSED);
    product.host(prepared).assertUntouched();

    setup.retry(Map.of("server", Map.of("password", product.world().hostPassword())));
    setup.untilProved();
  }

  private static Map<String, Object> mistyped(Map<String, Object> request) {
    var changed = new TreeMap<>(request);
    var server = new TreeMap<Object, Object>((Map<?, ?>) request.get("server"));
    server.put("password", MISTYPED);
    changed.put("server", server);
    return changed;
  }
}
