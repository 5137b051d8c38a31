package com.penguinmails.sandbox.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.dns.InMemoryResolver;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.smtp.ProbeSettings;
import com.penguinmails.ports.mail.smtp.SmtpImapMailProbe;
import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProofCheck;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A real Postfix and a real Dovecot as the probe host: what arrives is read and judged.
class ProbeHostIT {
  private static final String INSTANCE = "probehostit";
  private static DockerEngine engine;
  private static ProbeHost host;
  private static IpAddress us;
  private static final InMemoryResolver dns = new InMemoryResolver();

  @BeforeAll
  static void start() {
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    var network = engine.network(INSTANCE);
    us = network.address(1);
    host = DockerProbeHost.start(engine, network, List.of(), "probe-secret-9");
  }

  @AfterEach
  void heal() {
    host.heal();
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    engine.close();
  }

  @Test
  void keepsWhatArrivesAndItsTraceLineIsUnderstood() throws MessagingException {
    var token = token();
    dns.add("acme-outreach.test", DnsRecord.Type.TXT, "v=spf1 ip4:" + us + " -all");

    deliver(token);

    var arrival = await(token);
    var checks =
        probe()
            .judge(
                arrival,
                new MailProbe.Expected(new DomainName("acme-outreach.test"), "pm202611", us));
    assertThat(checks)
        .filteredOn(check -> check.name().equals("spf"))
        .extracting(ProofCheck::verdict)
        .as("%s", checks)
        .containsExactly(ProofCheck.Verdict.PASSED);
  }

  @Test
  void greylistsThenAccepts() {
    var token = token();
    host.fault(new ProbeHost.Fault.Greylist(Duration.ofSeconds(2)));

    assertThatThrownBy(() -> deliver(token)).hasStackTraceContaining("451 4.7.1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptionsInstanceOf(MessagingException.class)
        .untilAsserted(() -> deliver(token));

    assertThat(await(token).raw()).contains(token);
  }

  @Test
  void refuses() {
    host.fault(new ProbeHost.Fault.Refuse());

    assertThatThrownBy(() -> deliver(token())).hasStackTraceContaining("550 5.7.1");
  }

  @Test
  void isDownAndComesBack() throws MessagingException {
    host.fault(new ProbeHost.Fault.Down());
    assertThatThrownBy(() -> deliver(token())).isInstanceOf(MessagingException.class);

    host.heal();

    var token = token();
    deliver(token);
    assertThat(await(token).raw()).contains(token);
  }

  private static String token() {
    return "proof-" + UUID.randomUUID();
  }

  private static MailProbe.Arrival await(String token) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> probe().fetch(host.mailbox(), token), Optional::isPresent)
        .orElseThrow();
  }

  private static SmtpImapMailProbe probe() {
    var settings =
        new ProbeSettings(
            new DomainName("probe.test"),
            new EmailAddress("relay-test", new DomainName("probe.test")),
            List.of(host.certificatePem()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20));
    return new SmtpImapMailProbe(Network.direct(), dns, settings, Clock.systemUTC());
  }

  /// As a mail server would: port 25, STARTTLS, no login.
  private static void deliver(String token) throws MessagingException {
    var properties = new Properties();
    properties.put("mail.smtp.starttls.required", "true");
    properties.put("mail.smtp.starttls.enable", "true");
    properties.put("mail.smtp.ssl.trust", "*"); // as mail servers do; the test reads by strict TLS
    properties.put("mail.smtp.ssl.checkserveridentity", "false");
    properties.put("mail.smtp.localhost", "mail.acme-outreach.test");
    properties.put("mail.smtp.from", "anna@acme-outreach.test");
    properties.put("mail.smtp.timeout", "20000");
    var session = Session.getInstance(properties);
    var raw =
        "From: <anna@acme-outreach.test>\r\nTo: <proof@probe.test>\r\nSubject: "
            + token
            + "\r\nMessage-ID: <"
            + token
            + "@acme-outreach.test>\r\n\r\nHello\r\n";
    Message message =
        new MimeMessage(session, new ByteArrayInputStream(raw.getBytes(StandardCharsets.US_ASCII)));
    try (var transport = session.getTransport("smtp")) {
      transport.connect(host.address().value(), 25, null, null);
      transport.sendMessage(
          message, new InternetAddress[] {new InternetAddress(ProbeHost.RECIPIENT)});
    }
  }
}
