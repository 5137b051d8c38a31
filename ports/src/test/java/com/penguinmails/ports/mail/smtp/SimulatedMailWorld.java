package com.penguinmails.ports.mail.smtp;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.penguinmails.ports.dns.InMemoryResolver;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;
import org.apache.james.jdkim.DKIMSigner;
import org.apache.james.jdkim.exceptions.FailException;

/// A simulated mail server (SMTP ports of our own, IMAP by GreenMail behind a TLS front), a
/// simulated probe host, and their DNS, in this JVM. Everything is right until a test breaks it.
final class SimulatedMailWorld implements AutoCloseable {
  static final IpAddress SERVER = new IpAddress("192.0.2.20");
  static final IpAddress PROBE = new IpAddress("192.0.2.10");
  static final DomainName HOSTNAME = new DomainName("mail.acme-outreach.test");
  static final DomainName DOMAIN = new DomainName("acme-outreach.test");
  static final DomainName PROBE_HOSTNAME = new DomainName("mx.probe.test");
  static final EmailAddress MAILBOX = new EmailAddress("anna", DOMAIN);
  static final String PASSWORD = "correct-horse-7";
  static final String SELECTOR = "pm202611";

  final SimulatedAuthority authority = new SimulatedAuthority();
  final InMemoryResolver dns = new InMemoryResolver();
  private final Map<Integer, SimulatedSmtpServer> smtp = new HashMap<>();
  SSLContext imapTls = authority.serverFor(HOSTNAME.value(), Duration.ofDays(60));

  /// What happens to a message: before signing, after signing, and to the trace lines.
  UnaryOperator<String> beforeSigning = UnaryOperator.identity();

  UnaryOperator<String> onTheWay = UnaryOperator.identity();
  String trace =
      """
      Return-Path: <anna@acme-outreach.test>\r
      X-Original-To: proof@probe.test\r
      Delivered-To: proof@probe.test\r
      Received: from mail.acme-outreach.test (mail.acme-outreach.test [192.0.2.20])\r
      \t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r
      \t key-exchange X25519 server-signature RSA-PSS (2048 bits) server-digest SHA256)\r
      \t(No client certificate requested)\r
      \tby mx.probe.test (Postfix) with ESMTPS id 4dXb2r0Wz1z9s\r
      \tfor <proof@probe.test>; Sat, 21 Nov 2026 04:40:57 +0000 (UTC)\r
      """;
  String signingSelector = SELECTOR;
  String signingDomain = DOMAIN.value();

  private final GreenMail imap = new GreenMail(new ServerSetup(0, "127.0.0.1", "imap"));
  private static final KeyPair DKIM = rsaKeys(); // one for all tests: making it takes half a second

  private final Map<String, InetSocketAddress> places = new HashMap<>();
  private final List<SimulatedPort> ports = new ArrayList<>();

  SimulatedMailWorld() {
    imap.start();
    imap.setUser(MAILBOX.toString(), MAILBOX.toString(), PASSWORD);
    imap.setUser("proof@probe.test", "proof", "probe-secret-9");
    for (int port : new int[] {25, 465, 587}) {
      var server =
          new SimulatedSmtpServer(authority.serverFor(HOSTNAME.value(), Duration.ofDays(60)));
      server.hostname = HOSTNAME.value();
      server.implicitTls = port == 465;
      server.requiresLogin = port != 25;
      server.user = MAILBOX.toString();
      server.password = PASSWORD;
      server.delivery = this::transport;
      smtp.put(port, server);
      listen(SERVER, port, server);
    }
    listen(SERVER, 993, socket -> tlsFront(socket, imapTls));
    var probeTls = authority.serverFor(PROBE_HOSTNAME.value(), Duration.ofDays(60));
    listen(PROBE, 993, socket -> tlsFront(socket, probeTls));
    dns.add("20.2.0.192.in-addr.arpa", DnsRecord.Type.PTR, HOSTNAME.value())
        .add(HOSTNAME.value(), DnsRecord.Type.A, "192.0.2.20")
        .add(DOMAIN.value(), DnsRecord.Type.MX, "10 mail.acme-outreach.test")
        .add(DOMAIN.value(), DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.20 -all")
        .add("_dmarc.acme-outreach.test", DnsRecord.Type.TXT, "v=DMARC1; p=none")
        .add(SELECTOR + "._domainkey.acme-outreach.test", DnsRecord.Type.TXT, keyRecord(DKIM));
  }

  SmtpImapMailProbe probe() {
    var settings =
        new ProbeSettings(
            new DomainName("probe.test"),
            new EmailAddress("relay-test", new DomainName("probe.test")),
            List.of(authority.rootPem()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5));
    Network loopback =
        (address, port) ->
            places.getOrDefault(
                address + ":" + port,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)); // closed
    return new SmtpImapMailProbe(loopback, dns, settings, Clock.systemUTC());
  }

  MailProbe.Submission submission(String token) {
    return new MailProbe.Submission(SERVER, HOSTNAME, MAILBOX, PASSWORD, "proof@probe.test", token);
  }

  MailProbe.ProbeMailbox mailbox() {
    return new MailProbe.ProbeMailbox(PROBE, 993, PROBE_HOSTNAME, "proof", "probe-secret-9");
  }

  MailProbe.Server server() {
    return new MailProbe.Server(SERVER, HOSTNAME, MAILBOX, PASSWORD);
  }

  MailProbe.Expected expected() {
    return new MailProbe.Expected(DOMAIN, SELECTOR, SERVER);
  }

  SimulatedSmtpServer smtp(int port) {
    return Objects.requireNonNull(smtp.get(port));
  }

  void stopListening(int port) {
    places.remove(SERVER + ":" + port);
  }

  void replaceCertificates(SSLContext certificate) {
    smtp.values().forEach(server -> server.tls = certificate);
    imapTls = certificate;
  }

  /// The DKIM key record that fits what this world signs with.
  String publishedKey() {
    return keyRecord(DKIM);
  }

  static String keyRecord(KeyPair keys) {
    return "v=DKIM1; k=rsa; p=" + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
  }

  static KeyPair rsaKeys() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void listen(IpAddress address, int port, SimulatedPort.Service service) {
    var listening = new SimulatedPort(service);
    ports.add(listening);
    places.put(address + ":" + port, listening.address());
  }

  /// From submission to the probe mailbox: sign, travel, be noted by the probe host.
  private void transport(String submitted) {
    var message = beforeSigning.apply(submitted);
    var template =
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d="
            + signingDomain
            + "; s="
            + signingSelector
            + "; h=from:to:subject:date:message-id:mime-version:content-type; bh=; b=;";
    try {
      var signature =
          new DKIMSigner(template, DKIM.getPrivate())
              .sign(new ByteArrayInputStream(message.getBytes(StandardCharsets.ISO_8859_1)));
      var arrived = trace + onTheWay.apply(signature + "\r\n" + message);
      var user = imap.getUserManager().getUser("proof");
      user.deliver(
          new MimeMessage(
              Session.getInstance(new Properties()),
              new ByteArrayInputStream(arrived.getBytes(StandardCharsets.ISO_8859_1))));
    } catch (FailException | IOException | MessagingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void tlsFront(Socket socket, SSLContext certificate) throws IOException {
    var outside =
        (SSLSocket)
            certificate.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
    outside.setUseClientMode(false);
    outside.startHandshake();
    try (var inside = new Socket(InetAddress.getLoopbackAddress(), imap.getImap().getPort())) {
      inside.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pump(inside, outside));
      pump(outside, inside);
      back.interrupt();
    }
  }

  private static void pump(Socket from, Socket to) {
    var buffer = new byte[8 * 1024];
    try {
      // GreenMail writes an answer in several parts and holds each back until the one before is
      // acknowledged, which Linux else does after 40 ms only.
      for (int n = 0; n >= 0; n = from.getInputStream().read(buffer)) {
        to.getOutputStream().write(buffer, 0, n);
        if (from.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
          from.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
        }
      }
    } catch (IOException closed) {
      // The other side went away; so does this one.
    }
  }

  @Override
  public void close() throws IOException {
    for (var port : ports) {
      port.close();
    }
    imap.stop();
  }
}
