package com.penguinmails.sandbox.dns.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.sandbox.dns.simulated.ZoneCopy.Finding;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class ZoneCopyTest {
  private final ZoneCopy zone =
      zone(
          """
          a.test. 5 IN NS ns1.test.
          mail.a.test. 30 IN A 192.0.2.7
          www.a.test. 30 IN CNAME mail.a.test.
          s1._domainkey.a.test. 30 IN TXT "key"
          *.wild.a.test. 30 IN A 192.0.2.8
          there.wild.a.test. 30 IN TXT "here"
          below.a.test. 5 IN NS ns.below.a.test.
          ns.below.a.test. 5 IN A 192.0.2.9
          """);

  static ZoneCopy zone(String records) {
    try {
      return ZoneCopy.parse("a.test. 5 IN SOA ns1.test. admin.test. 1 60 10 86400 2\n" + records);
    } catch (IOException e) {
      throw new IllegalArgumentException(records, e);
    }
  }

  static Name name(String name) {
    return Name.fromConstantString(name + ".");
  }

  @Test
  void findsRecordsAndAliases() {
    assertThat(zone.find(name("mail.a.test"), Type.A))
        .isEqualTo(new Finding.Found(zone.rrset(name("mail.a.test"), Type.A)));
    assertThat(zone.find(name("MAIL.A.test"), Type.A)).isInstanceOf(Finding.Found.class);
    assertThat(zone.find(name("www.a.test"), Type.A)).isInstanceOf(Finding.Alias.class);
    assertThat(zone.find(name("www.a.test"), Type.CNAME)).isInstanceOf(Finding.Found.class);
    assertThat(zone.find(name("www.a.test"), Type.ANY)).isInstanceOf(Finding.Found.class);
  }

  @Test
  void tellsAMissingNameFromOneThatHasOthersBelowIt() {
    assertThat(zone.find(name("mail.a.test"), Type.MX)).isEqualTo(new Finding.Absent(true));
    assertThat(zone.find(name("_domainkey.a.test"), Type.TXT)).isEqualTo(new Finding.Absent(true));
    assertThat(zone.find(name("domainkey.a.test"), Type.TXT)).isEqualTo(new Finding.Absent(false));
  }

  @Test
  void answersFromAWildcardWhereNothingCloserIs() {
    var asked = name("any.wild.a.test");
    assertThat(zone.find(asked, Type.A))
        .isInstanceOfSatisfying(
            Finding.Found.class,
            found -> assertThat(found.records().getFirst().getName()).isEqualTo(asked));
    assertThat(zone.find(name("two.labels.wild.a.test"), Type.A)).isInstanceOf(Finding.Found.class);
    assertThat(zone.find(asked, Type.MX)).isEqualTo(new Finding.Absent(true));
    assertThat(zone.find(name("there.wild.a.test"), Type.A)).isEqualTo(new Finding.Absent(true));
    assertThat(zone.find(name("x.there.wild.a.test"), Type.A)).isEqualTo(new Finding.Absent(false));
  }

  @Test
  void refersDownAtADelegation() {
    for (var below : new String[] {"below.a.test", "ns.below.a.test", "x.y.below.a.test"}) {
      assertThat(zone.find(name(below), Type.A)).isInstanceOf(Finding.Referral.class);
    }
    assertThat(zone.find(name("a.test"), Type.NS)).isInstanceOf(Finding.Found.class);
  }

  @Test
  void readsBackWhatItWrote() throws IOException {
    var odd =
        zone(
            """
            a.test. 5 IN NS ns1.test.
            odd.a.test. 30 IN TXT "say \\"hi\\" ; C:\\\\100" "\\233\\000\\010" ""
            \\*odd\\.dot.a.test. 30 IN TXT "owner"
            a.test. 30 IN CAA 0 issue "pebble.letsencrypt.org; x=\\"y\\""
            _none._tcp.a.test. 30 IN SRV 0 0 0 .
            new.a.test. 30 IN TYPE65280 \\# 4 0a000001
            """);

    var again = ZoneCopy.parse(odd.text());

    assertThat(again.records()).isEqualTo(odd.records());
    assertThat(again.text()).isEqualTo(odd.text());
  }

  @Test
  void isNoZoneWithoutAnSoa() {
    assertThatThrownBy(() -> ZoneCopy.parse("a.test. 5 IN NS ns1.test.\n"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
