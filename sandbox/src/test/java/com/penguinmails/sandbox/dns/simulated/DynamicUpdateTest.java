package com.penguinmails.sandbox.dns.simulated;

import static com.penguinmails.sandbox.dns.simulated.ZoneCopyTest.name;
import static com.penguinmails.sandbox.dns.simulated.ZoneCopyTest.zone;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/// The rules of RFC 2136, 3.2 and 3.4, as a table.
class DynamicUpdateTest {
  private final ZoneCopy zone =
      zone(
          """
          a.test. 5 IN NS ns1.test.
          a.test. 5 IN NS ns2.test.
          mail.a.test. 30 IN A 192.0.2.7
          mail.a.test. 30 IN A 192.0.2.8
          www.a.test. 30 IN CNAME mail.a.test.
          s1._domainkey.a.test. 30 IN TXT "key"
          """);

  private static Record bare(String name, int type, int dclass) {
    return Record.newRecord(name(name), type, dclass, 0);
  }

  private static Record record(String name, int type, int dclass, long ttl, String value) {
    try {
      return Records.as(
          Record.fromString(name(name), type, DClass.IN, ttl, value, Name.root), dclass, ttl);
    } catch (IOException e) {
      throw new IllegalArgumentException(value, e);
    }
  }

  private static Record add(String name, int type, String value) {
    return record(name, type, DClass.IN, 30, value);
  }

  private static Record delete(String name, int type, String value) {
    return record(name, type, DClass.NONE, 0, value);
  }

  private int require(Record... prerequisites) {
    return DynamicUpdate.of(zone, List.of(prerequisites), List.of()).rcode();
  }

  private int codeOf(Record... changes) {
    return DynamicUpdate.of(zone, List.of(), List.of(changes)).rcode();
  }

  private ZoneCopy after(Record... changes) {
    var update = DynamicUpdate.of(zone, List.of(), List.of(changes));
    assertThat(update.rcode()).isEqualTo(Rcode.NOERROR);
    return update.after().orElse(zone);
  }

  private static List<String> values(ZoneCopy zone, String name, int type) {
    return zone.rrset(name(name), type).stream().map(Record::rdataToString).toList();
  }

  @ParameterizedTest
  @CsvSource({
    // the RRset exists, whatever its values
    "mail.a.test, A, ANY, NOERROR",
    "mail.a.test, MX, ANY, NXRRSET",
    // it does not
    "mail.a.test, MX, NONE, NOERROR",
    "mail.a.test, A, NONE, YXRRSET",
    // the name is in use; one with names below it only is not
    "mail.a.test, ANY, ANY, NOERROR",
    "none.a.test, ANY, ANY, NXDOMAIN",
    "_domainkey.a.test, ANY, ANY, NXDOMAIN",
    // it is not
    "none.a.test, ANY, NONE, NOERROR",
    "mail.a.test, ANY, NONE, YXDOMAIN",
    // not about this zone, not a prerequisite
    "mail.b.test, A, ANY, NOTZONE",
    "mail.a.test, A, IN, FORMERR",
    "mail.a.test, A, CH, FORMERR",
  })
  void checksPrerequisitesWithoutValues(String name, String type, String dclass, String expected) {
    assertThat(require(bare(name, Type.value(type), DClass.value(dclass))))
        .isEqualTo(Rcode.value(expected));
  }

  @Test
  void comparesAnRrsetAsAWhole() {
    var seven = record("mail.a.test", Type.A, DClass.IN, 0, "192.0.2.7");
    var eight = record("mail.a.test", Type.A, DClass.IN, 0, "192.0.2.8");
    var nine = record("mail.a.test", Type.A, DClass.IN, 0, "192.0.2.9");

    assertThat(require(eight, seven)).isEqualTo(Rcode.NOERROR);
    assertThat(require(seven)).isEqualTo(Rcode.NXRRSET);
    assertThat(require(seven, eight, nine)).isEqualTo(Rcode.NXRRSET);
    assertThat(require(add("mail.a.test", Type.A, "192.0.2.7"))).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void changesNothingWhenAPrerequisiteFails() {
    var update =
        DynamicUpdate.of(
            zone,
            List.of(bare("x.a.test", Type.TXT, DClass.ANY)),
            List.of(add("x.a.test", Type.TXT, "x")));
    assertThat(update.rcode()).isEqualTo(Rcode.NXRRSET);
    assertThat(update.after()).isEmpty();
  }

  @Test
  void addsAndDeletesSingleRecords() {
    assertThat(values(after(add("mail.a.test", Type.A, "192.0.2.9")), "mail.a.test", Type.A))
        .containsExactly("192.0.2.7", "192.0.2.8", "192.0.2.9");
    assertThat(values(after(delete("mail.a.test", Type.A, "192.0.2.7")), "mail.a.test", Type.A))
        .containsExactly("192.0.2.8");
    assertThat(after(bare("mail.a.test", Type.A, DClass.ANY)).at(name("mail.a.test"))).isEmpty();
    assertThat(after(bare("mail.a.test", Type.ANY, DClass.ANY)).at(name("mail.a.test"))).isEmpty();
  }

  @Test
  void raisesTheSerialWithEachChangeAndOnlyThen() {
    assertThat(after(add("x.a.test", Type.TXT, "x")).soa().getSerial()).isEqualTo(2);
    assertThat(after(add("mail.a.test", Type.A, "192.0.2.7"))).isSameAs(zone);
    assertThat(after(delete("x.a.test", Type.TXT, "x"))).isSameAs(zone);
    var soa = "ns1.test. admin.test. 40 60 10 86400 2";
    assertThat(after(add("a.test", Type.SOA, soa)).soa().getSerial()).isEqualTo(40);
    assertThat(after(add("a.test", Type.SOA, soa.replace("40 60", "0 60")))).isSameAs(zone);
  }

  @Test
  void givesAnRrsetOneTimeToLive() {
    var changed = after(record("mail.a.test", Type.A, DClass.IN, 77, "192.0.2.8"));
    assertThat(changed.rrset(name("mail.a.test"), Type.A))
        .hasSize(2)
        .allMatch(record -> record.getTTL() == 77);
  }

  @Test
  void keepsAliasesAlone() {
    assertThat(after(add("www.a.test", Type.TXT, "x"))).isSameAs(zone);
    assertThat(after(add("mail.a.test", Type.CNAME, "x.test."))).isSameAs(zone);
    assertThat(after(add("a.test", Type.CNAME, "x.test."))).isSameAs(zone);
    assertThat(values(after(add("www.a.test", Type.CNAME, "x.test.")), "www.a.test", Type.CNAME))
        .containsExactly("x.test.");
  }

  @Test
  void keepsWhatAZoneCannotBeWithout() {
    var stripped =
        after(
            bare("a.test", Type.ANY, DClass.ANY),
            bare("a.test", Type.NS, DClass.ANY),
            delete("a.test", Type.SOA, "ns1.test. admin.test. 1 60 10 86400 2"),
            delete("a.test", Type.NS, "ns1.test."),
            delete("a.test", Type.NS, "ns2.test."));
    assertThat(values(stripped, "a.test", Type.NS)).containsExactly("ns2.test.");
    assertThat(stripped.soa().getSerial()).isEqualTo(2);
  }

  @Test
  void refusesTheWholeUpdateForOneBadRecord() {
    var good = add("x.a.test", Type.TXT, "x");
    assertThat(codeOf(good, add("x.b.test", Type.TXT, "x"))).isEqualTo(Rcode.NOTZONE);
    Stream.of(
            record("x.a.test", Type.TXT, DClass.NONE, 30, "x"),
            record("x.a.test", Type.TXT, DClass.ANY, 0, "x"),
            record("x.a.test", Type.TXT, DClass.CH, 30, "x"),
            bare("x.a.test", Type.A, DClass.IN),
            bare("x.a.test", Type.A, DClass.NONE),
            bare("x.a.test", Type.AXFR, DClass.ANY))
        .forEach(bad -> assertThat(codeOf(good, bad)).as("%s", bad).isEqualTo(Rcode.FORMERR));
  }

  @Test
  void wantsAnAddressBehindAnMxOfItsOwn() {
    assertThat(codeOf(add("a.test", Type.MX, "10 none.a.test."))).isEqualTo(Rcode.REFUSED);
    assertThat(codeOf(add("a.test", Type.MX, "10 www.a.test."))).isEqualTo(Rcode.REFUSED);
    assertThat(codeOf(add("a.test", Type.MX, "10 mail.a.test."))).isEqualTo(Rcode.NOERROR);
    assertThat(codeOf(add("a.test", Type.MX, "10 mx.elsewhere.test."))).isEqualTo(Rcode.NOERROR);
    assertThat(codeOf(add("a.test", Type.MX, "0 ."))).isEqualTo(Rcode.NOERROR);
  }
}
