package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The tenant's zone is at Cloudflare, and the token does not let us in: first it sees nothing of
/// the zone, then it may read it and change nothing.
@SimulatedBadDay
class CloudflareTokenRefusedIT {
  @Test
  void goesOnWithATokenThatMayEditTheZone(Running product) {
    var prepared = product.prepareToBuy("cloudflare.test");
    var zone = prepared.domain().value();
    var cloudflare = product.world().cloudflare();
    var right = cloudflare.addZone(zone);
    var blind = cloudflare.powerlessToken(zone);
    var setup = product.order(prepared, request -> at(request, blind));

    setup.untilItTells(Cause.DNS_REFUSED, "sees no zone cloudflare.test", "Zone:Read and DNS:Edit");
    setup.assertStepTells("domain/claim", Cause.DNS_REFUSED);
    setup.assertNotBegun("domain/publish");
    setup.assertNotBegun("certificate/authorise");

    var reading = cloudflare.readingToken(zone);
    setup.retry(Map.of("dns", Map.of("token", reading)));
    setup.assertStepTells("domain/claim", Cause.DNS_REFUSED);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(setup.look().path("attention").toString())
                .contains("does not let the token do this"));
    var dns = product.world().dns();
    var apex = RecordName.of(prepared.domain());
    assertThat(dns.read(prepared.domain(), apex, DnsRecord.Type.MX)).isEmpty();
    setup.assertNotBegun("certificate/authorise");

    setup.retry(Map.of("dns", Map.of("token", right)));
    setup.untilProved();
    assertThat(setup.look().toString()).doesNotContain(blind, reading, right);
    assertThat(dns.read(prepared.domain(), apex, DnsRecord.Type.MX)).hasSize(1);
  }

  private static Map<String, Object> at(Map<String, Object> request, String token) {
    var changed = new TreeMap<>(request);
    changed.put("dns", Map.of("provider", "cloudflare", "token", token));
    return changed;
  }
}
