package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.store.domain.ZoneLeaseStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Two set-ups write to one zone at the same time: for the domain itself, and for a name below it.
/// One writes at a time, and neither takes the other's records away or writes them anew.
@SimulatedBadDay
class TwoSetupsOneZoneIT {
  @Test
  void bothAreProved(Running product) {
    var above = product.prepareToBuy("one-zone.test");
    var below = new Prepared(above.domain().child("news"), above.hostNumber(), above.request());
    var cloudflare = product.world().cloudflare();
    var token = cloudflare.addZone(above.domain().value());

    var first = product.order(above, _ -> in(above, above, token));
    var second = product.order(below, _ -> in(above, below, token));
    first.untilStepIsDone("domain/publish");
    var written = mailRecords(cloudflare.records(above.domain().value()));
    first.untilProved();
    second.untilProved();

    assertThat(cloudflare.records(above.domain().value()))
        .as("by their ids at Cloudflare, nothing was written anew")
        .containsAllEntriesOf(written);
    assertHasItsRecords(product, above.domain(), above.domain(), first);
    assertHasItsRecords(product, above.domain(), below.domain(), second);
  }

  @Test
  void waitForWhoeverIsWriting(Running product) {
    var above = product.prepareToBuy("busy-zone.test");
    var below = new Prepared(above.domain().child("news"), above.hostNumber(), above.request());
    var token = product.world().cloudflare().addZone(above.domain().value());
    var leases = new ZoneLeaseStore(new Tenancy(product.world().appDataSource()));
    var lease =
        leases.acquire(above.domain(), "records/of-a-third", Duration.ofMinutes(5)).orElseThrow();

    var first = product.order(above, _ -> in(above, above, token));
    var second = product.order(below, _ -> in(above, below, token));

    for (var setup : List.of(first, second)) {
      setup.untilStepWaits("domain/claim", Cause.DNS_ZONE_BUSY);
      assertThat(setup.evidence("domain/claim")).contains("writing to the zone busy-zone.test");
    }
    assertThat(product.world().cloudflare().records(above.domain().value())).isEmpty();

    leases.release(lease);
    first.untilProved();
    second.untilProved();
  }

  /// Challenges of the certificate authority come and go.
  private static Map<String, String> mailRecords(Map<String, String> all) {
    var kept = new TreeMap<>(all);
    kept.values().removeIf(record -> record.startsWith("_acme-challenge."));
    assertThat(kept).isNotEmpty();
    return kept;
  }

  /// In DNS, and in what the API lists.
  private static void assertHasItsRecords(
      Running product, DomainName zone, DomainName domain, OrderedSetup setup) {
    var dns = product.world().dns();
    var apex = RecordName.of(domain);
    assertThat(dns.read(zone, apex, DnsRecord.Type.MX))
        .extracting(DnsRecord::value)
        .containsExactly("10 mail." + domain);
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT))
        .singleElement()
        .satisfies(spf -> assertThat(spf.value()).startsWith("v=spf1 ip4:"));
    assertThat(dns.read(zone, RecordName.of("_dmarc", domain), DnsRecord.Type.TXT))
        .singleElement()
        .satisfies(policy -> assertThat(policy.value()).contains("rua=mailto:dmarc@" + domain));
    var keys =
        setup.records().stream()
            .filter(record -> record.path("name").asText().endsWith("._domainkey." + domain))
            .toList();
    assertThat(keys).hasSize(1);
    var key = keys.getFirst();
    assertThat(dns.read(zone, new RecordName(key.path("name").asText()), DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly(key.path("value").asText());
    assertThat(setup.records())
        .hasSizeGreaterThan(10)
        .allSatisfy(record -> {
          assertThat(record.path("name").asText()).endsWith(domain.value());
          assertThat(record.path("state").asText()).isEqualTo("VERIFIED");
        });
  }

  private static Map<String, Object> in(Prepared zone, Prepared ordered, String token) {
    var request = new TreeMap<>(ordered.request());
    request.put("domain", ordered.domain().value());
    request.put(
        "dns", Map.of("provider", "cloudflare", "zone", zone.domain().value(), "token", token));
    return request;
  }
}
