package com.penguinmails.workflows.domain;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the tenant reads about what they entered.
class ManualEntryTest {
  private static final String SPF = "v=spf1 ip4:192.0.2.7 ~all";
  private static final String KEY =
      "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(12);

  private static ManualEntry entry(DnsRecord.Type type, String value) {
    return new ManualEntry(
        new DnsRecord(new RecordName("acme.test"), type, value, 300), Optional.empty());
  }

  private static Optional<String> mistake(DnsRecord.Type type, String wanted, String... seen) {
    return entry(type, wanted).mistake(List.of(seen));
  }

  @Test
  void saysExactlyWhatIsMissing() {
    assertThat(entry(DnsRecord.Type.MX, "10 mail.acme.test").evidence(List.of()))
        .isEqualTo("Nothing is there now. Missing: acme.test MX 10 mail.acme.test");
  }

  @Test
  void saysWhatIsThereInstead() {
    assertThat(entry(DnsRecord.Type.A, "192.0.2.7").evidence(List.of("198.51.100.1")))
        .isEqualTo("There now: 198.51.100.1. Missing: acme.test A 192.0.2.7");
  }

  @Test
  void leavesForeignTextsUnmentionedAsMistakes() {
    assertThat(mistake(DnsRecord.Type.TXT, SPF, SPF, "google-site-verification=\"x\"")).isEmpty();
  }

  @Test
  void namesAMissingQuote() {
    assertThat(mistake(DnsRecord.Type.TXT, SPF, "\"" + SPF).orElseThrow()).contains("its twin");
    assertThat(mistake(DnsRecord.Type.TXT, KEY, "v=DKIM1").orElseThrow()).contains("semicolon");
    assertThat(mistake(DnsRecord.Type.TXT, SPF, "v=spf1").orElseThrow()).contains("first space");
    assertThat(mistake(DnsRecord.Type.TXT, SPF, SPF.replace(" ", "")).orElseThrow())
        .contains("spaces");
  }

  @Test
  void namesAKeyThatIsCutOff() {
    assertThat(mistake(DnsRecord.Type.TXT, KEY, KEY.substring(0, 255)).orElseThrow())
        .contains("cut off after 255 characters")
        .contains("\"" + KEY.substring(0, 255) + "\" \"" + KEY.substring(255) + "\"");
  }

  @Test
  void namesASecondPolicyEvenBesideTheRightOne() {
    assertThat(mistake(DnsRecord.Type.TXT, SPF, SPF, "v=spf1 -all").orElseThrow())
        .contains("Two SPF records");
  }

  @Test
  void namesADomainThatWasAddedTwice() {
    assertThat(
            mistake(DnsRecord.Type.MX, "10 mail.acme.test", "10 mail.acme.test.acme.test")
                .orElseThrow())
        .contains("second time");
  }

  @Test
  void saysWhatThePlanFoundInTheWay() {
    var blocked =
        new ManualEntry(
            new DnsRecord(new RecordName("acme.test"), DnsRecord.Type.A, "192.0.2.7", 300),
            Optional.of("acme.test is an alias (CNAME) for x.example. Delete the alias."));

    assertThat(blocked.evidence(List.of())).contains("Delete the alias").contains("Missing");
  }
}
