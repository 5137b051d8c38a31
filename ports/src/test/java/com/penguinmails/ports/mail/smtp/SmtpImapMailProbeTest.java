package com.penguinmails.ports.mail.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.MailProbeContract;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ProofCheck.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each check with its twin: the same world with one thing wrong, and the check must be red.
class SmtpImapMailProbeTest implements MailProbeContract {
  private final SimulatedMailWorld world = new SimulatedMailWorld();

  @AfterEach
  void close() throws IOException {
    world.close();
  }

  @Override
  public MailProbe probe() {
    return world.probe();
  }

  @Override
  public MailProbe.Submission submission(String token) {
    return world.submission(token);
  }

  @Override
  public MailProbe.ProbeMailbox mailbox() {
    return world.mailbox();
  }

  @Override
  public MailProbe.Expected expected() {
    return world.expected();
  }

  @Override
  public MailProbe.Server server() {
    return world.server();
  }

  // dkim

  @Test
  void aWrongSelectorIsRed() {
    world.signingSelector = "old202501";
    world.dns.add("old202501._domainkey.acme-outreach.test", DnsRecord.Type.TXT, goodKey());

    assertRed(judge(), "dkim", "with selector old202501");
    assertGreen(judge(), "spf", "unaltered");
  }

  @Test
  void aSignatureOfAnotherDomainIsRed() {
    world.signingDomain = "elsewhere.test";
    world.dns.add("pm202611._domainkey.elsewhere.test", DnsRecord.Type.TXT, goodKey());

    assertRed(judge(), "dkim", "signed by elsewhere.test");
  }

  @Test
  void aKeyThatIsNotTheSignersIsRed() {
    world.dns.set(
        "pm202611._domainkey.acme-outreach.test",
        DnsRecord.Type.TXT,
        SimulatedMailWorld.keyRecord(SimulatedMailWorld.rsaKeys()));

    assertRed(judge(), "dkim", "not valid");
  }

  @Test
  void anUnpublishedKeyIsRed() {
    world.dns.remove("pm202611._domainkey.acme-outreach.test", DnsRecord.Type.TXT);

    assertRed(judge(), "dkim", "no key at");
  }

  @Test
  void aKeyNobodyCanLookUpIsUnknown() {
    world.dns.fail("pm202611._domainkey.acme-outreach.test", "SERVFAIL");

    assertThat(check(judge(), "dkim").verdict()).isEqualTo(Verdict.UNKNOWN);
  }

  // unaltered

  @Test
  void anAlteredBodyIsRed() {
    world.onTheWay = message -> message.replace("Nobody needs", "Somebody needs");

    assertRed(judge(), "unaltered", "text");
    assertRed(judge(), "dkim", "not valid");
  }

  @Test
  void anAppendedFooterIsRed() {
    world.onTheWay = message -> message + "-- \r\nscanned\r\n";

    assertRed(judge(), "unaltered", "text");
    assertRed(judge(), "dkim", "not valid");
  }

  @Test
  void anAlteredSubjectIsRed() {
    world.onTheWay = message -> message.replace("\r\nSubject: ", "\r\nSubject: [bulk] ");

    assertRed(judge(), "unaltered", "subject");
    assertRed(judge(), "dkim", "not valid");
  }

  @Test
  void aBodyAlteredBeforeSigningIsRedThoughTheSignatureHolds() {
    world.beforeSigning = message -> message + "Get our app\r\n";

    assertRed(judge(), "unaltered", "text");
    assertGreen(judge(), "dkim");
  }

  // spf

  @Test
  void aClientSpfDoesNotAllowIsRed() {
    world.trace = world.trace.replace("192.0.2.20", "192.0.2.66");

    assertRed(judge(), "spf", "192.0.2.66");
  }

  @Test
  void anAllowedClientThatIsNotTheServerIsRed() {
    world.trace = world.trace.replace("192.0.2.20", "192.0.2.66");
    world.dns.set("acme-outreach.test", DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.66 -all");

    assertRed(judge(), "spf", "but the server is 192.0.2.20");
  }

  @Test
  void aForgedReceivedLineBelowOursDoesNotCount() {
    var forged = receivedLine();
    world.trace = world.trace.replace("192.0.2.20", "192.0.2.66");
    world.onTheWay = message -> forged + message;

    assertRed(judge(), "spf", "192.0.2.66");
  }

  @Test
  void aTopmostReceivedLineOfAnotherHostIsRed() {
    world.trace = world.trace.replace("by mx.probe.test", "by mx.evil.test") + receivedLine();

    assertRed(judge(), "spf", "not written by mx.probe.test");
  }

  @Test
  void aReceivedLinePostfixWouldNotWriteIsRed() {
    world.trace =
        world.trace.replace(
            "from mail.acme-outreach.test (mail",
            "from x (mail.acme-outreach.test [192.0.2.20]) (mail");

    assertRed(judge(), "spf", "not written by");
  }

  @Test
  void twoSpfRecordsAreRed() {
    world.dns.add("acme-outreach.test", DnsRecord.Type.TXT, "v=spf1 +all");

    assertRed(judge(), "spf", "permerror");
  }

  // dmarc

  @Test
  void misalignedSignatureAndSenderAreRed() {
    world.signingDomain = "elsewhere.test";
    world.dns.add("pm202611._domainkey.elsewhere.test", DnsRecord.Type.TXT, goodKey());
    world.trace = world.trace.replace("<anna@acme-outreach.test>", "<anna@elsewhere.test>");
    world.dns.add("elsewhere.test", DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.20 -all");

    assertRed(judge(), "dmarc", "aligned");
  }

  @Test
  void aSubdomainAlignsRelaxedButNotStrict() {
    world.onTheWay = message -> message.replaceFirst("(?s)DKIM-Signature:.*?\r\n(?=From:)", "");
    world.trace = world.trace.replace("<anna@acme-outreach.test>", "<b@bounce.acme-outreach.test>");
    world.dns.add("bounce.acme-outreach.test", DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.20 -all");

    assertThat(check(judge(), "dmarc").evidence()).contains("by SPF");
    world.dns.set("_dmarc.acme-outreach.test", DnsRecord.Type.TXT, "v=DMARC1; p=none; aspf=s");
    assertRed(judge(), "dmarc", "aligned");
  }

  @Test
  void noPolicyIsRed() {
    world.dns.remove("_dmarc.acme-outreach.test", DnsRecord.Type.TXT);

    assertRed(judge(), "dmarc", "no DMARC record");
  }

  @Test
  void twoFromFieldsAreRed() {
    world.onTheWay = message -> message.replace("\r\nTo:", "\r\nFrom: <x@other.test>\r\nTo:");

    assertRed(judge(), "dmarc", "exactly one From");
  }

  @Test
  void twoAuthorsInOneFromAreRed() {
    world.beforeSigning = message -> message.replace(">\r\nTo:", ">, <x@other.test>\r\nTo:");

    assertRed(judge(), "dmarc", "exactly one From");
  }

  @Test
  void whatIsNoMessageIsRedEverywhere() {
    var checks =
        probe()
            .judge(
                new MailProbe.Arrival("no header", SimulatedMailWorld.PROBE_HOSTNAME), expected());

    assertThat(checks).extracting(ProofCheck::verdict).containsOnly(Verdict.FAILED);
  }

  // tls

  @Test
  void aCertificateOfAnotherNameIsRed() {
    world.replaceCertificates(world.authority.serverFor("mail.other.test", Duration.ofDays(60)));

    assertRedOnEveryTlsPort("not for mail.acme-outreach.test");
  }

  @Test
  void anExpiredCertificateIsRed() {
    world.replaceCertificates(
        world.authority.serverFor("mail.acme-outreach.test", Duration.ofDays(-1)));

    assertRedOnEveryTlsPort("expired");
  }

  @Test
  void aCertificateThatEndsInSixDaysIsRed() {
    world.replaceCertificates(
        world.authority.serverFor("mail.acme-outreach.test", Duration.ofDays(6)));

    var checks = probe().inspect(server());

    for (var port : List.of("25", "465", "587", "993")) {
      assertRed(checks, "tls-" + port, "less than 7 days");
    }
  }

  @Test
  void aSelfSignedCertificateIsRed() {
    world.replaceCertificates(world.authority.selfSignedServerFor("mail.acme-outreach.test"));

    assertRedOnEveryTlsPort("self-signed");
  }

  @Test
  void noStartTlsIsRed() {
    world.smtp(25).offersStartTls = false;

    assertRed(probe().inspect(server()), "tls-25", "does not offer STARTTLS");
  }

  @Test
  void aClosedPortIsRed() {
    world.stopListening(465);

    assertRed(probe().inspect(server()), "tls-465", "closed");
  }

  // names

  @Test
  void anotherNameInTheBannerIsRed() {
    world.smtp(25).banner = "localhost";

    assertRed(probe().inspect(server()), "banner", "names localhost");
  }

  @Test
  void anotherPtrIsRed() {
    world.dns.set("20.2.0.192.in-addr.arpa", DnsRecord.Type.PTR, "client-20.provider.test");

    assertRed(probe().inspect(server()), "ptr", "client-20.provider.test");
  }

  @Test
  void noPtrIsRed() {
    world.dns.remove("20.2.0.192.in-addr.arpa", DnsRecord.Type.PTR);

    assertRed(probe().inspect(server()), "ptr", "has no PTR");
  }

  @Test
  void aPtrThatIsNotForwardConfirmedIsRed() {
    world.dns.set("mail.acme-outreach.test", DnsRecord.Type.A, "192.0.2.99");

    assertRed(probe().inspect(server()), "ptr", "leads to 192.0.2.99");
  }

  // relay and login

  @ParameterizedTest
  @ValueSource(
      strings = {
        "relay-test@probe.test",
        "relay-test%probe.test@acme-outreach.test",
        "@acme-outreach.test:relay-test@probe.test",
        "\"relay-test@probe.test\"@acme-outreach.test",
        "probe.test!relay-test@acme-outreach.test"
      })
  void anOpenRelayIsRedInEveryForm(String accepted) {
    world.smtp(25).acceptsRecipient = accepted::equals;
    world.smtp(25).delivery =
        message -> {
          throw new AssertionError("the relay test must never send");
        };

    assertRed(probe().inspect(server()), "open-relay", "anybody can send");
  }

  @Test
  void aRefusedLoginByImapIsRed() {
    var wrong =
        new MailProbe.Server(
            SimulatedMailWorld.SERVER,
            SimulatedMailWorld.HOSTNAME,
            SimulatedMailWorld.MAILBOX,
            "wrong");

    assertRed(probe().inspect(wrong), "imap-login", "refused");
  }

  // submission

  @Test
  void nothingIsSubmittedToAServerWithAnotherCertificate() {
    world.replaceCertificates(world.authority.serverFor("mail.other.test", Duration.ofDays(60)));

    assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("not for mail.acme-outreach.test");
  }

  @Test
  void noPasswordIsSentWithoutTls() {
    world.smtp(587).offersStartTls = false;

    assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("STARTTLS");
  }

  @Test
  void aRefusalCarriesTheCodesButNoAddress() {
    world.smtp(587).answerToData = "550 5.7.1 <anna@acme-outreach.test> may not send";

    assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("550 5.7.1")
        .hasMessageNotContaining("@");
  }

  @Test
  void aGreylistedSubmissionIsUnavailable() {
    world.smtp(587).answerToData = "451 4.7.1 Try again later";

    assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("451 4.7.1");
  }

  @Test
  void aClosedSubmissionPortIsUnavailable() {
    world.stopListening(587);

    assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
        .isInstanceOf(Unavailable.class)
        .hasMessageNotContaining("@");
  }

  private List<ProofCheck> judge() {
    return probe().judge(deliver(), expected());
  }

  private String goodKey() {
    return world.publishedKey();
  }

  private String receivedLine() {
    return world.trace.substring(world.trace.indexOf("Received:"));
  }

  private void assertRedOnEveryTlsPort(String reason) {
    var checks = probe().inspect(server());
    for (var port : List.of("25", "465", "587", "993")) {
      assertRed(checks, "tls-" + port, reason);
    }
    assertRed(checks, "imap-login", reason);
  }

  private static ProofCheck check(List<ProofCheck> checks, String name) {
    return checks.stream().filter(check -> check.name().equals(name)).findFirst().orElseThrow();
  }

  private static void assertRed(List<ProofCheck> checks, String name, String reason) {
    var check = check(checks, name);
    assertThat(check.verdict()).as("%s", checks).isEqualTo(Verdict.FAILED);
    assertThat(check.evidence()).contains(reason).doesNotContain("@");
  }

  private static void assertGreen(List<ProofCheck> checks, String... names) {
    for (var name : names) {
      assertThat(check(checks, name).verdict()).as("%s", checks).isEqualTo(Verdict.PASSED);
    }
  }
}
