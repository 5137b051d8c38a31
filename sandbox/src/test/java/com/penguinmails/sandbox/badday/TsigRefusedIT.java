package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tenant's DNS server does not let us change the zone: because the secret of the key is wrong,
/// or because the right key has no right to.
@SimulatedBadDay
class TsigRefusedIT {
  private static final String MISTYPED = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void goesOnWithTheRightSecret(Running product) {
    var prepared = product.prepareToBuy("tsig-secret.test");
    var setup = product.order(prepared, TsigRefusedIT::mistyped);

    setup.untilItTells(Cause.DNS_LOGIN_REFUSED, "tsig-secret.test", "key is not accepted");
    setup.assertStepTells("domain/claim", Cause.DNS_LOGIN_REFUSED);
    assertThat(setup.look().toString()).doesNotContain(MISTYPED);
    setup.assertNotBegun("domain/publish");
    setup.assertNotBegun("certificate/authorise");

    var right = product.world().dns().delegate(prepared.domain()).secret();
    setup.retry(Map.of("dns", Map.of("secret", right)));
    setup.untilProved();
  }

  @Test
  void goesOnWhenTheKeyMayChangeTheZone(Running product) {
    var prepared = product.prepareToBuy("tsig-rights.test");
    var dns = product.world().dns();
    dns.refuseUpdates(prepared.domain());
    var setup = product.order(prepared);

    setup.untilItTells(Cause.DNS_REFUSED, "tsig-rights.test", "may not change this zone");
    setup.assertStepTells("domain/claim", Cause.DNS_REFUSED);
    var apex = RecordName.of(prepared.domain());
    assertThat(dns.read(prepared.domain(), apex, DnsRecord.Type.MX)).isEmpty();
    setup.assertNotBegun("domain/verify");
    setup.assertNotBegun("certificate/authorise");

    dns.heal(prepared.domain());
    setup.retry();
    setup.untilProved();
  }

  private static Map<String, Object> mistyped(Map<String, Object> request) {
    var changed = new TreeMap<>(request);
    var dns = new TreeMap<Object, Object>((Map<?, ?>) request.get("dns"));
    dns.put("secret", MISTYPED);
    changed.put("dns", dns);
    return changed;
  }
}
