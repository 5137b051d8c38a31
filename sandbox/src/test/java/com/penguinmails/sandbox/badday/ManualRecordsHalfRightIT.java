package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.badday.SharedProduct.Running;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.templates.DnsHost;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/// The tenant enters the records by hand, first the one that proves that the domain is theirs, then
/// the others, and half of them wrong: the DKIM key is cut off, there is a second SPF record, the
/// quotes around a text are missing, an alias is where a record should be, and the MX record is not
/// there. Nothing fails; the set-up waits, names each mistake, and says how the forms of the firm
/// want it whose name servers the zone has.
@SimulatedBadDay
class ManualRecordsHalfRightIT {
  private static final String ALIASED = "_mta-sts.";
  private static final String UNQUOTED = "_smtp._tls.";
  private static final List<String> NAME_SERVERS = List.of("ns-1.gandi.net", "ns-2.gandi.net");
  private static final String HINT = "At Gandi: " + DnsHost.of(NAME_SERVERS).orElseThrow().hint();

  @Test
  void waitsForEachRecordAndGoesOnWhenAllAreRight(Running product) {
    var prepared = product.prepareToBuy("shop.manual.test");
    var dns = product.world().dns();
    var domain = prepared.domain();
    hostAtGandi(dns, domain);
    var setup = product.order(prepared, ManualRecordsHalfRightIT::byHand);

    setup.untilStepWaits("domain/own", Cause.DNS_RECORDS_AWAITED);
    assertThat(setup.look().path("records")).hasSize(1);
    assertThat(setup.evidence("domain/own")).contains(HINT);
    setup.assertNotBegun("server/reserve");
    enter(dns, domain, setup.look().path("records"), _ -> true);
    setup.untilStepWaits("domain/verify", Cause.DNS_RECORDS_AWAITED);
    assertThat(dns.read(domain, RecordName.of(domain), DnsRecord.Type.MX)).isEmpty();
    var records = setup.look().path("records");
    enter(dns, domain, records, ManualRecordsHalfRightIT::isEnteredAtFirst);
    var key = named(records, "_domainkey");
    put(dns, domain, key, key.path("value").asText().substring(0, 255));
    var policy = named(records, "v=spf1 ip4");
    put(dns, domain, policy, policy.path("value").asText(), "v=spf1 -all");
    put(dns, domain, named(records, UNQUOTED), "v=TLSRPTv1"); // a zone file ends at its semicolon
    var alias = new RecordName(named(records, ALIASED).path("name").asText());
    dns.put(domain, alias, DnsRecord.Type.CNAME, "elsewhere.test");

    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(() -> {
          var now = setup.look().path("records");
          assertThat(evidence(now, "_domainkey"))
              .contains("cut off after 255", "There now: v=DKIM1");
          assertThat(evidence(now, "v=spf1 ip4")).contains("Two SPF records");
          assertThat(evidence(now, UNQUOTED)).contains("semicolon");
          assertThat(evidence(now, ALIASED)).contains("alias (CNAME)", "Delete the alias");
          assertThat(evidence(now, "10 mail.shop.manual.test"))
              .contains("Nothing is there now", "Missing: ");
          assertThat(named(now, "_dmarc").path("state").asText()).isEqualTo("VERIFIED");
        });
    setup.assertStepTells("domain/verify", Cause.DNS_RECORDS_AWAITED);
    assertThat(setup.evidence("domain/verify")).contains(HINT);
    setup.assertNotBegun("certificate/authorise");

    dns.put(domain, alias, DnsRecord.Type.CNAME);
    await()
        .atMost(Duration.ofMinutes(9))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          enter(dns, domain, setup.look().path("records"), _ -> true);
          return setup.look().path("state").asText().equals("DONE");
        });
    setup.untilProved();
  }

  /// The zone names other name servers than its registry does, which would be asked first; so it is
  /// reached through the one above. The firm's servers are those of this world.
  private static void hostAtGandi(DnsWorld dns, DomainName domain) {
    var servers = dns.resolver().delegation(RecordName.of(domain)).orElseThrow().servers();
    var firm = new DomainName("gandi.net");
    dns.delegate(firm);
    for (int i = 0; i < NAME_SERVERS.size(); i++) {
      dns.put(
          firm,
          new RecordName(NAME_SERVERS.get(i)),
          DnsRecord.Type.A,
          servers.get(i).address().orElseThrow());
    }
    dns.put(domain, RecordName.of(domain), DnsRecord.Type.NS, NAME_SERVERS.toArray(String[]::new));
    dns.undelegate(domain);
    dns.delegate(new DomainName("manual.test"));
  }

  private static boolean isEnteredAtFirst(JsonNode record) {
    return !record.path("type").asText().equals("MX")
        && !record.path("name").asText().startsWith(ALIASED)
        && !record.path("name").asText().startsWith(UNQUOTED)
        && !record.path("name").asText().startsWith("_acme-challenge.");
  }

  static Map<String, Object> byHand(Map<String, Object> request) {
    var changed = new TreeMap<>(request);
    changed.put("dns", Map.of("provider", "manual"));
    return changed;
  }

  /// What a diligent tenant does: every record of the list that is not right yet, as it stands
  /// there.
  private static void enter(
      DnsWorld dns, DomainName domain, JsonNode records, Predicate<JsonNode> which) {
    StreamSupport.stream(records.spliterator(), false)
        .filter(record -> !record.path("state").asText().equals("VERIFIED"))
        .filter(which)
        .forEach(record -> put(dns, domain, record, record.path("value").asText()));
  }

  private static void put(DnsWorld dns, DomainName domain, JsonNode record, String... values) {
    dns.put(
        domain,
        new RecordName(record.path("name").asText()),
        DnsRecord.Type.valueOf(record.path("type").asText()),
        values);
  }

  private static String evidence(JsonNode records, String part) {
    return named(records, part).path("evidence").asText();
  }

  private static JsonNode named(JsonNode records, String part) {
    return StreamSupport.stream(records.spliterator(), false)
        .filter(record ->
            (record.path("name").asText() + " " + record.path("value").asText()).contains(part))
        .findFirst()
        .orElseThrow();
  }
}
