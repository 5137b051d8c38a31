package com.penguinmails.workflows.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.domain.RecordPlan.DkimPublicKey;
import com.penguinmails.workflows.domain.RecordPlan.Former;
import com.penguinmails.workflows.domain.RecordPlan.RecordSetChange;
import com.penguinmails.workflows.domain.RecordPlan.Wish;
import com.penguinmails.workflows.domain.RecordPlan.ZoneSnapshot;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordPlanTest {
  private static final List<String> FOREIGN =
      List.of(
          "acme.test TXT google-site-verification=x",
          "acme.test TXT v=spf1 include:_spf.crm.test -all",
          "acme.test MX 5 mx.old.test",
          "_dmarc.acme.test TXT v=DMARC1; p=reject",
          "_smtp._tls.acme.test TXT v=TLSRPTv1; rua=mailto:t@acme.test",
          "autoconfig.acme.test A 192.0.2.99",
          "mta-sts.acme.test CNAME sts.old.test",
          "mail.acme.test A 192.0.2.98",
          "_imaps._tcp.acme.test SRV 0 1 993 imap.old.test");

  @Test
  void anEmptyZoneGetsEverythingAndThenNothing() {
    var plan = plan(wish(false), zone());
    var again = plan(wish(false), applied(plan.changes(), zone()));

    assertThat(plan.findings()).isEmpty();
    assertThat(plan.changes()).hasSize(plan.wanted().size());
    assertThat(again.changes()).isEmpty();
  }

  /// They stand in the zone of the domain that the server came with; another zone cannot hold them.
  @Test
  void aDomainThatJoinsAServerLeavesTheNamesOfItsHostToTheFirstOne() {
    var first = wish(false);
    var joining =
        new Wish(
            new DomainName("second.test"),
            first.mailHost(),
            first.address(),
            first.keys(),
            first.mtaStsMode(),
            first.mtaStsId(),
            first.isMxReplaceAllowed(),
            List.of());

    assertThat(plan(joining, zone()).wanted())
        .extracting(wanted -> wanted.name().value())
        .contains("second.test", "bounce.second.test")
        .allMatch(name -> name.endsWith("second.test"));
  }

  @Test
  void aPersonIsAskedForEveryRecordWhateverStandsAgainstIt() {
    var now = zone("acme.test MX 5 mx.old.test", "mta-sts.acme.test CNAME sts.old.test");
    var entries = RecordPlan.entries(wish(false), now, Map.of());

    assertThat(entries).hasSameSizeAs(plan(wish(false), zone()).wanted());
    assertThat(entries)
        .filteredOn(entry -> entry.obstacle().isPresent())
        .extracting(entry -> entry.record() + ": " + entry.obstacle().orElseThrow())
        .satisfiesExactly(
            mx -> assertThat(mx).contains("MX 10 mail.acme.test", "Replace", "5 mx.old.test"),
            sts -> assertThat(sts).contains("mta-sts.acme.test A", "Delete the alias"));
  }

  /// Were the plain one asked for now, the tenant would lose their include.
  @Test
  void aPersonWhoEnteredTheMergedPolicyBesideTheOldOneIsStillAskedForIt() {
    var merged = "v=spf1 include:crm.test ip4:192.0.2.1 -all";
    var now = zone("acme.test TXT v=spf1 include:crm.test -all", "acme.test TXT " + merged);
    var entries = RecordPlan.entries(wish(false), now, Map.of());

    assertThat(entries)
        .filteredOn(entry -> entry.record().isSameAs(record("acme.test TXT " + merged)))
        .singleElement()
        .satisfies(entry -> assertThat(entry.obstacle().orElseThrow()).contains("2 SPF records"));
  }

  /// Until weeks of reports say that nothing of the tenant's would be lost.
  @Test
  void asksReceiversToReportAndNotToRefuse() {
    assertThat(plan(wish(false), zone()).wanted())
        .extracting(wanted -> wanted.name().value() + " " + wanted.value())
        .contains(
            "_dmarc.acme.test v=DMARC1; p=none; rua=mailto:dmarc@acme.test",
            "_smtp._tls.acme.test v=TLSRPTv1; rua=mailto:tlsrpt@acme.test");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v=spf1 include:a.test -all           | v=spf1 include:a.test ip4:192.0.2.1 -all
          v=spf1 a ?all                        | v=spf1 a ip4:192.0.2.1 ?all
          v=spf1 redirect=_spf.a.test          | v=spf1 ip4:192.0.2.1 redirect=_spf.a.test
          v=spf1 mx                            | v=spf1 mx ip4:192.0.2.1
          v=spf1 ip4:192.0.2.1 -all            | v=spf1 ip4:192.0.2.1 -all
          v=spf1 +ip4:192.0.2.1 -all           | v=spf1 +ip4:192.0.2.1 -all
          v=spf1 ip4:192.0.2.1/32 -all         | v=spf1 ip4:192.0.2.1/32 -all
          V=SPF1 a ~all                        | V=SPF1 a ip4:192.0.2.1 ~all
          """)
  void mergesIntoTheTenantsSpf(String theirs, String merged) {
    var plan = plan(wish(false), zone("acme.test TXT " + theirs));

    assertThat(plan.wanted()).contains(record("acme.test TXT " + merged));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acme.test MX 5 mx.old.test                       | DNS_FOREIGN_MX      | mx.old.test
          _dmarc.acme.test TXT v=DMARC1; rua=mailto:a@b.c  | DNS_RECORD_CONFLICT | cannot read
          acme.test TXT v=spf1 -ip4:192.0.2.1 mx ~all      | DNS_RECORD_CONFLICT | "-ip4:192.0.2.1"
          acme.test TXT v=spf1 ?ip4:192.0.2.1/32 ~all      | DNS_RECORD_CONFLICT | "?ip4:192.0.2.1/32"
          _mta-sts.acme.test TXT v=STSv1; id=theirs        | DNS_RECORD_CONFLICT | id=theirs
          pm202611._domainkey.acme.test TXT v=DKIM1; p=MII | DNS_RECORD_CONFLICT | p=MII
          mta-sts.acme.test CNAME sts.old.test             | DNS_RECORD_CONFLICT | alias
          acme.test TXT v=spf1 a mx ptr a:b.c a:d.e a:f.g a:h.i a:j.k a:l.m a:n.o a:p.q -all | DNS_RECORD_CONFLICT | look-ups
          """)
  void leavesToTheTenant(String there, String cause, String words) {
    var plan = plan(wish(false), zone(there));

    assertThat(plan.findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.cause()).hasToString(cause);
          assertThat(finding.evidence()).contains(words);
        });
    assertThat(applied(plan.changes(), zone(there)).records()).contains(record(there));
  }

  /// As a DNS host leaves it that takes the semicolon for the end of the line.
  @Test
  void replacesATlsReportThatSaysNotWhereReportsGo() {
    var there = zone("_smtp._tls.acme.test TXT v=TLSRPTv1");
    var theirs = zone("_smtp._tls.acme.test TXT v=TLSRPTv1; rua=https://reports.acme.test/");

    assertThat(applied(plan(wish(false), there).changes(), there).records())
        .extracting(DnsRecord::value)
        .contains("v=TLSRPTv1; rua=mailto:tlsrpt@acme.test")
        .doesNotContain("v=TLSRPTv1");
    assertThat(applied(plan(wish(false), theirs).changes(), theirs).records())
        .extracting(DnsRecord::value)
        .contains("v=TLSRPTv1; rua=https://reports.acme.test/")
        .doesNotContain("v=TLSRPTv1; rua=mailto:tlsrpt@acme.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "autoconfig.acme.test A 192.0.2.99",
        "autodiscover.acme.test CNAME autodiscover.old.test",
        "_imaps._tcp.acme.test SRV 0 1 993 imap.old.test",
        "_pop3s._tcp.acme.test CNAME old.test"
      })
  void leavesOutWhatMailCanDoWithout(String there) {
    var plan = plan(wish(false), zone(there));

    assertThat(plan.findings()).isEmpty();
    assertThat(plan.skipped())
        .singleElement()
        .satisfies(told -> assertThat(told).startsWith(record(there).name().value()));
    assertThat(plan.wanted()).noneMatch(wanted -> wanted.name().equals(record(there).name()));
    assertThat(applied(plan.changes(), zone(there)).records()).contains(record(there));
  }

  @Test
  void keepsThePolicyIdOfAnEarlierSetUp() {
    var there = zone("_mta-sts.acme.test TXT v=STSv1; id=earlier", "mta-sts.acme.test A 192.0.2.1");

    var plan = plan(wish(false), there);

    assertThat(plan.findings()).isEmpty();
    assertThat(plan.changes()).noneMatch(c -> c.name().value().equals("_mta-sts.acme.test"));
  }

  @Test
  void twoSpfRecordsAreTheTenantsToMerge() {
    var plan =
        plan(wish(false), zone("acme.test TXT v=spf1 a -all", "acme.test TXT v=spf1 mx -all"));

    assertThat(plan.findings()).hasSize(1);
  }

  @Test
  void ourExchangeTypedInCapitalsIsOurs() {
    var plan = plan(wish(false), zone("acme.test MX 10 MAIL.acme.test"));

    assertThat(plan.findings()).isEmpty();
    assertThat(plan.changes())
        .noneMatch(c -> c.name().value().equals("acme.test") && c.type() == DnsRecord.Type.MX);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34})
  void foreignRecordsSurviveAndWithdrawingRestoresTheZone(long seed) {
    var random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      var before =
          zone(FOREIGN.stream().filter(line -> random.nextBoolean()).toArray(String[]::new));
      var wish = wish(random.nextBoolean());

      var plan = plan(wish, before);
      var after = applied(plan.changes(), before);
      var added = plan.changes().stream().flatMap(c -> c.add().stream()).toList();
      var removed = plan.changes().stream().flatMap(c -> c.remove().stream()).toList();
      var withdrawn =
          applied(Withdrawal.of(Optional.of(wish.address()), added, removed, after), after);

      assertThat(plan(wish, after).changes()).isEmpty();
      assertThat(removed)
          .allMatch(r ->
              r.value().startsWith("v=spf1")
                  || (wish.isMxReplaceAllowed() && r.type() == DnsRecord.Type.MX));
      assertThat(withdrawn.records()).containsExactlyInAnyOrderElementsOf(before.records());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          v=spf1 a mx a:x.test a:y.test a:z.test -all     | 0
          v=spf1 a mx a:x.test a:y.test include:loop.test | 1
          v=spf1 mx include:deep.test a:x.test a:y.test a:z.test a:w.test | 1
          v=spf1 include:%{i}.test -all                   | 0
          """)
  void countsTheLookUpsOfIncludedRecords(String nested, int findings) {
    var included =
        Map.of(
            new RecordName("crm.test"), nested,
            new RecordName("deep.test"), "v=spf1 redirect=deeper.test",
            new RecordName("deeper.test"), "v=spf1 a mx exists:x.test -all",
            new RecordName("loop.test"), "v=spf1 include:loop.test -all");

    var plan =
        RecordPlan.of(wish(false), zone("acme.test TXT v=spf1 include:crm.test ~all"), included);

    assertThat(plan.findings()).hasSize(findings);
  }

  /// Of a domain that moved, or came back.
  @Test
  void replacesWhatNamesTheServerTheDomainWasOn() {
    var now =
        zone(
            "mail.acme.test A 192.0.2.7",
            "mta-sts.acme.test A 192.0.2.7",
            "acme.test MX 10 mail.old.test",
            "autoconfig.acme.test CNAME mail.old.test",
            "_imaps._tcp.acme.test SRV 0 1 993 mail.old.test",
            "acme.test TXT v=spf1 include:crm.test ip4:192.0.2.7 -all");
    var old = new DomainName("mail.old.test");
    var address = new IpAddress("192.0.2.7");
    var moved = plan(wish(false, new Former(old, address, false, false)), now);
    var back = plan(wish(false, new Former(old, address, false, true)), now);

    assertThat(plan(wish(false), now).findings()).as("a stranger's").hasSize(3);
    assertThat(moved.findings()).isEmpty();
    assertThat(moved.skipped()).isEmpty();
    assertThat(applied(moved.changes(), now).records())
        .extracting(DnsRecord::value)
        .contains("v=spf1 include:crm.test ip4:192.0.2.7 ip4:192.0.2.1 -all")
        .doesNotContain("192.0.2.7", "10 mail.old.test", "mail.old.test");
    assertThat(applied(back.changes(), now).records())
        .extracting(DnsRecord::value)
        .contains("v=spf1 include:crm.test ip4:192.0.2.1 -all");
    assertThat(
            plan(wish(false, new Former(old, address, false, true)), applied(back.changes(), now))
                .changes())
        .isEmpty();
  }

  @Test
  void doesNotTakeTheNameOfAServerThatOthersNeed() {
    var hostname = new DomainName("mail.acme.test");
    var needed = new Former(hostname, new IpAddress("192.0.2.7"), true, false);

    var plan = plan(wish(false, needed), zone("mail.acme.test A 192.0.2.7"));

    assertThat(plan.findings())
        .singleElement()
        .extracting("cause")
        .isEqualTo(Cause.DNS_RECORD_CONFLICT);
  }

  private static RecordPlan plan(Wish wish, ZoneSnapshot now) {
    return RecordPlan.of(wish, now, Map.of());
  }

  private static Wish wish(boolean isMxReplaceAllowed, Former... former) {
    return new Wish(
        new DomainName("acme.test"),
        new DomainName("mail.acme.test"),
        new IpAddress("192.0.2.1"),
        List.of(new DkimPublicKey("pm202611", "MIIB")),
        "testing",
        "20261121",
        isMxReplaceAllowed,
        List.of(former));
  }

  private static ZoneSnapshot zone(String... lines) {
    return new ZoneSnapshot(List.of(lines).stream().map(RecordPlanTest::record).toList());
  }

  private static DnsRecord record(String line) {
    var parts = line.split(" ", 3);
    return new DnsRecord(new RecordName(parts[0]), DnsRecord.Type.valueOf(parts[1]), parts[2], 300);
  }

  private static ZoneSnapshot applied(List<RecordSetChange> changes, ZoneSnapshot now) {
    var records = new ArrayList<>(now.records());
    for (var change : changes) {
      records.removeAll(change.remove());
      records.addAll(change.add());
    }
    return new ZoneSnapshot(records);
  }

  @Test
  void putsBackTheNewerOfTwoSpfTextsThatOursReplaced() {
    var name = RecordName.of(new DomainName("acme.test"));
    var ours = new DnsRecord(name, DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.10 -all", 300);
    var first = new DnsRecord(name, DnsRecord.Type.TXT, "v=spf1 a ~all", 300);
    var other = new DnsRecord(name, DnsRecord.Type.TXT, "site-verification=1", 300);
    var second = new DnsRecord(name, DnsRecord.Type.TXT, "v=spf1 mx ~all", 300);

    var changes =
        Withdrawal.of(
            Optional.of(new IpAddress("192.0.2.10")),
            List.of(ours),
            List.of(first, other, second),
            new ZoneSnapshot(List.of(ours)));

    assertThat(changes)
        .singleElement()
        .satisfies(change -> {
          assertThat(change.add()).as("one SPF text").containsExactly(other, second);
          assertThat(change.remove()).containsExactly(ours);
        });
  }
}
