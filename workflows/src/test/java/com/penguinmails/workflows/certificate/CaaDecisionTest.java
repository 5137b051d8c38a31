package com.penguinmails.workflows.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.certificate.CaaDecision.Allowed;
import com.penguinmails.workflows.certificate.CaaDecision.Answer;
import com.penguinmails.workflows.certificate.CaaDecision.Forbidden;
import com.penguinmails.workflows.certificate.CaaDecision.Issuance;
import com.penguinmails.workflows.certificate.CaaDecision.Unknown;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaaDecisionTest {
  private static final DomainName NAME = new DomainName("mail.example.com");
  private static final URI ACCOUNT = URI.create("https://ca.example/acct/7");
  private static final Issuance OURS = new Issuance("letsencrypt.org", Optional.of(ACCOUNT), false);
  private static final Issuance WILDCARD =
      new Issuance("letsencrypt.org", Optional.of(ACCOUNT), true);

  @Test
  void asksFromTheNameUpToTheTopLevelDomain() {
    assertThat(CaaDecision.climb(NAME))
        .extracting(RecordName::value)
        .containsExactly("mail.example.com", "example.com", "com");
  }

  @Test
  void allowsWhereNobodyRestricts() {
    assertThat(decide(OURS)).isInstanceOf(Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 issue \"letsencrypt.org\"",
        "0 issue letsencrypt.org",
        "0 ISSUE \"LetsEncrypt.org\"",
        "128 issue \"letsencrypt.org\"",
        "0 issue \" letsencrypt.org ; \"",
        "0 issue \"letsencrypt.org; accounturi=https://ca.example/acct/7\"",
        "0 issue \"letsencrypt.org;validationmethods=http-01, dns-01\"",
        "0 issue \"letsencrypt.org; accounturi = https://ca.example/acct/7 ; x=y\"",
        "0 iodef \"mailto:security@example.com\"",
        "0 issuewild \";\"",
        "0 tbs \"unknown but not critical\""
      })
  void allows(String record) {
    assertThat(decide(OURS, record)).isInstanceOf(Allowed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 issue \"digicert.com\"",
        "0 issue \";\"",
        "0 issue \"\"",
        "0 issue",
        "0 issue \"letsencrypt.org.evil.example\"",
        "0 issue \"letsencrypt.org; accounturi=https://ca.example/acct/8\"",
        "0 issue \"letsencrypt.org; accounturi=https://ca.example/acct/7; accounturi=x\"",
        "0 issue \"letsencrypt.org; validationmethods=http-01\"",
        "0 issue \"letsencrypt.org; nonsense\"",
        "128 tbs \"unknown and critical\"",
        "no CAA record"
      })
  void forbids(String record) {
    assertThat(decide(OURS, record)).isInstanceOf(Forbidden.class);
  }

  @Test
  void takesAnyOfSeveralPermissions() {
    assertThat(decide(OURS, "0 issue \"digicert.com\"", "0 issue \"letsencrypt.org\""))
        .isInstanceOf(Allowed.class);
  }

  @Test
  void letsIssuewildDecideForWildcardsOnly() {
    var records = new String[] {"0 issue \"letsencrypt.org\"", "0 issuewild \"digicert.com\""};

    assertThat(decide(OURS, records)).isInstanceOf(Allowed.class);
    assertThat(decide(WILDCARD, records)).isInstanceOf(Forbidden.class);
    assertThat(decide(WILDCARD, "0 issue \"letsencrypt.org\"")).isInstanceOf(Allowed.class);
  }

  @Test
  void letsTheNearestRecordsDecide() {
    var answers =
        List.<Answer>of(
            found("mail.example.com", "0 issue \"letsencrypt.org\""),
            found("example.com", "0 issue \"digicert.com\""));

    assertThat(CaaDecision.on(NAME, answers, OURS)).isInstanceOf(Allowed.class);
  }

  @Test
  void doesNotTakeAFailedLookUpForPermission() {
    var answers =
        List.<Answer>of(
            new Answer.Absent(new RecordName("mail.example.com")),
            new Answer.Failed(new RecordName("example.com"), "SERVFAIL"));

    assertThat(CaaDecision.on(NAME, answers, OURS))
        .isInstanceOfSatisfying(
            Unknown.class, unknown -> assertThat(unknown.cause()).contains("SERVFAIL"));
    assertThatThrownBy(() -> CaaDecision.on(NAME, answers.subList(0, 1), OURS))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsTheTenantWhoIsAllowedAndWhatToAdd() {
    assertThat(decide(OURS, "0 issue \"digicert.com\""))
        .isEqualTo(
            new Forbidden(
                NAME,
                new RecordName("example.com"),
                "The CAA records at example.com let only digicert.com issue certificates for mail.example.com; ours come from letsencrypt.org.",
                "Add this record and keep the others: example.com CAA 0 issue \"letsencrypt.org\"."));
    assertThat(decide(OURS, "0 issue \";\""))
        .isInstanceOfSatisfying(
            Forbidden.class, no -> assertThat(no.cause()).contains("let nobody issue"));
  }

  @Test
  void travelsThroughHistories() {
    var converter = PenguinDataConverter.clear();
    var decision = decide(OURS, "0 issue \";\"");

    var read =
        converter.fromPayload(
            converter.toPayload(decision).orElseThrow(), CaaDecision.class, CaaDecision.class);

    assertThat(read).isEqualTo(decision);
  }

  private static CaaDecision decide(Issuance issuance, String... recordsAtDomain) {
    var answers = new ArrayList<Answer>();
    answers.add(new Answer.Absent(new RecordName("mail.example.com")));
    answers.add(found("example.com", recordsAtDomain));
    answers.add(new Answer.Absent(new RecordName("com")));
    return CaaDecision.on(NAME, answers, issuance);
  }

  private static Answer found(String name, String... records) {
    return new Answer.Found(new RecordName(name), List.of(records));
  }
}
