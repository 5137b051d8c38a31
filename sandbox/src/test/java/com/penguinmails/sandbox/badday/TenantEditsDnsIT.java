package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.badday.SharedProduct.Prepared;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The tenant edits the zone in the middle of it all, before our records were seen everywhere: what
/// they took away is written again, what is theirs stays.
@SimulatedBadDay
class TenantEditsDnsIT {
  @Test
  void writesAgainWhatWasTakenAway(Running product) {
    var prepared = product.prepareToBuy("edited-zone.test");
    var zone = prepared.domain();
    var dns = product.world().dns();
    var setup = untilSeenByOneServer(product, prepared);

    var apex = RecordName.of(zone);
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT)).as("SPF").hasSize(1);
    dns.put(zone, apex, DnsRecord.Type.TXT);
    dns.heal(zone);

    setup.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE); // for the one that is gone now
    setup.retry();
    setup.untilProved();
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT)).as("SPF").hasSize(1);
  }

  @Test
  void keepsWhatTheTenantPutIntoARecordOfOursAndAddsWhatIsMissing(Running product) {
    var prepared = product.prepareToBuy("edited-policy.test");
    var zone = prepared.domain();
    var dns = product.world().dns();
    var setup = untilSeenByOneServer(product, prepared);
    var apex = RecordName.of(zone);
    var ours = only(setup, apex);
    assertThat(ours.path("state").asText()).isEqualTo("PUBLISHED");

    dns.put(zone, apex, DnsRecord.Type.TXT, "v=spf1 ip4:198.51.100.7 ~all");
    dns.heal(zone);

    var merged =
        "v=spf1 ip4:198.51.100.7 " + ours.path("value").asText().replaceFirst("^v=spf1 ", "");
    untilRecordSays(setup, apex, merged, "CONFLICT", "another value");
    setup.assertStepTells("domain/verify", Cause.DNS_NOT_VISIBLE);
    setup.assertNotBegun("proof/send");

    setup.retry();
    setup.untilProved();
    assertThat(dns.read(zone, apex, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly(merged);
    untilRecordSays(setup, apex, merged, "VERIFIED", "Seen at all");
  }

  @Test
  void leavesToTheTenantWhatReceiversDoWithOthersMail(Running product) {
    var prepared = product.prepareToBuy("edited-dmarc.test");
    var zone = prepared.domain();
    var dns = product.world().dns();
    var setup = untilSeenByOneServer(product, prepared);
    var name = RecordName.of("_dmarc", zone);
    assertThat(only(setup, name).path("value").asText()).contains("p=none");

    var stricter = "v=DMARC1; p=quarantine; rua=mailto:postmaster@edited-dmarc.test";
    dns.put(zone, name, DnsRecord.Type.TXT, stricter);
    dns.heal(zone);

    setup.untilProved();
    assertThat(dns.read(zone, name, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly(stricter);
    untilRecordSays(setup, name, stricter, "VERIFIED", "Seen at all");
  }

  @Test
  void saysWhatIsWrongWhenARecordStandsBesideOurs(Running product) {
    var prepared = product.prepareToBuy("second-policy.test");
    var zone = prepared.domain();
    var dns = product.world().dns();
    var setup = untilSeenByOneServer(product, prepared);
    var apex = RecordName.of(zone);
    var ours = only(setup, apex).path("value").asText();

    dns.put(zone, apex, DnsRecord.Type.TXT, ours, "v=spf1 -all");
    dns.heal(zone);

    setup.untilItTells(Cause.DNS_RECORD_CONFLICT, "second-policy.test has 2 SPF records");
    dns.put(zone, apex, DnsRecord.Type.TXT, ours);
    setup.retry();
    setup.untilProved();
  }

  /// Our records are written, and the secondary does not show them.
  private static OrderedSetup untilSeenByOneServer(Running product, Prepared prepared) {
    var setup = product.order(prepared);
    setup.untilStepIsDone("domain/own"); // the records come seconds later, when the server is there
    product.world().dns().staleSecondary(prepared.domain());
    setup.untilStepWaits("domain/verify", Cause.DNS_NOT_VISIBLE);
    return setup;
  }

  private static JsonNode only(OrderedSetup setup, RecordName name) {
    var rows = setup.records(name, DnsRecord.Type.TXT);
    assertThat(rows).as("rows of %s", name).hasSize(1);
    return rows.getFirst();
  }

  private static void untilRecordSays(
      OrderedSetup setup, RecordName name, String value, String state, String evidence) {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> {
          var row = only(setup, name);
          assertThat(row.path("value").asText()).isEqualTo(value);
          assertThat(row.path("state").asText()).isEqualTo(state);
          assertThat(row.path("evidence").asText()).contains(evidence);
        });
  }
}
