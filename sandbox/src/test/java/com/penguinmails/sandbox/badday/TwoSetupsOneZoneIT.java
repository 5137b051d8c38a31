package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Two set-ups write to one zone at the same time: for the domain itself, and for a name below it.
/// Neither takes the other's records away.
@SimulatedBadDay
class TwoSetupsOneZoneIT {
  @Test
  void bothAreProved(Running product) {
    var above = product.prepareToBuy("one-zone.test");
    var below = new Prepared(above.domain().child("news"), above.hostNumber(), above.request());
    var token = product.world().cloudflare().addZone(above.domain().value());

    var first = product.order(above, _ -> in(above, above, token));
    var second = product.order(below, _ -> in(above, below, token));

    first.untilProved();
    second.untilProved();
    for (var domain : List.of(above.domain(), below.domain())) {
      var mx = product.world().dns().read(above.domain(), RecordName.of(domain), DnsRecord.Type.MX);
      assertThat(mx).extracting(DnsRecord::value).containsExactly("10 mail." + domain);
    }
  }

  private static Map<String, Object> in(Prepared zone, Prepared ordered, String token) {
    var request = new TreeMap<>(ordered.request());
    request.put("domain", ordered.domain().value());
    request.put(
        "dns", Map.of("provider", "cloudflare", "zone", zone.domain().value(), "token", token));
    return request;
  }
}
