package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.dns.InMemoryResolver;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.MailProbeContract;
import com.penguinmails.ports.mail.smtp.ProbeSettings;
import com.penguinmails.ports.mail.smtp.SmtpImapMailProbe;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.ports.secret.MailboxPasswords;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import com.penguinmails.sandbox.mail.simulated.SimulatedMailServer.Place;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.awaitility.Awaitility;

/// A tenant's mail server, made by the templates of the stack, a probe host, their DNS, and the
/// production probe that looks at them. Everything is right until a test breaks it.
final class MailWorld implements AutoCloseable {
  static final IpAddress ADDRESS = new IpAddress("192.0.2.20");
  static final DomainName DOMAIN = new DomainName("acme-outreach.test");
  static final DomainName HOSTNAME = DOMAIN.child("mail");
  static final EmailAddress ANNA = new EmailAddress("anna", DOMAIN);
  static final EmailAddress BERT = new EmailAddress("bert", DOMAIN);
  static final String PASSWORD = "correct-horse-7";
  static final String SELECTOR = "pm202611";
  static final Certificate CERTIFICATE = certificateFor(HOSTNAME);
  static final Certificate OF_ANOTHER_NAME = certificateFor(new DomainName("mail.other.test"));
  private static final DkimKeys DKIM = DkimKeys.generate(); // takes half a second
  private static final String HASH = MailboxPasswords.dovecotHash(PASSWORD);

  final LoopbackNetwork network =
      new LoopbackNetwork(
          "127.%d.%d"
              .formatted(
                  ThreadLocalRandom.current().nextInt(1, 255),
                  ThreadLocalRandom.current().nextInt(0, 256)));
  final InMemoryResolver dns = new InMemoryResolver();
  final RenderedHost host = new RenderedHost(desired(), secrets());
  SimulatedProbeHost probeHost;
  SimulatedMailServer server;
  private final Path directory;

  MailWorld(Path directory) {
    this.directory = directory;
    describe("20", HOSTNAME, ADDRESS);
    describe("10", ProbeHost.HOSTNAME, new IpAddress("192.0.2.10"));
    dns.add(DOMAIN.value(), DnsRecord.Type.MX, "10 " + HOSTNAME)
        .add(DOMAIN.value(), DnsRecord.Type.TXT, "v=spf1 ip4:" + ADDRESS + " -all")
        .add("_dmarc." + DOMAIN, DnsRecord.Type.TXT, "v=DMARC1; p=none")
        .add(
            SELECTOR + "._domainkey." + DOMAIN,
            DnsRecord.Type.TXT,
            "v=DKIM1; k=rsa; p=" + DKIM.publicKey())
        .add("probe.test", DnsRecord.Type.MX, "10 " + ProbeHost.HOSTNAME);
    probeHost = startProbeHost();
    server = SimulatedMailServer.start(place("server"), configuration());
  }

  private void describe(String lastPart, DomainName name, IpAddress address) {
    dns.add(lastPart + ".2.0.192.in-addr.arpa", DnsRecord.Type.PTR, name.value())
        .add(name.value(), DnsRecord.Type.A, address.value());
  }

  private SimulatedProbeHost startProbeHost() {
    return SimulatedProbeHost.start(place("probe"), "probe-secret-9");
  }

  private Place place(String name) {
    return new Place(network, dns, directory.resolve(name), Clock.systemUTC());
  }

  private static DesiredHost desired() {
    return new DesiredHost(
        ServerId.of("01930000-0000-7000-8000-000000000001"),
        1,
        Stack.DEBIAN,
        HOSTNAME,
        ADDRESS,
        new HostSettings(List.of(), List.of(), List.of("192.0.2.1/32"), List.of()),
        List.of(
            new DesiredDomain(
                DOMAIN, List.of(new DkimKey(SELECTOR, new SecretRef("dkim/acme", 1))), "testing")),
        List.of(
            new DesiredMailbox(ANNA, new SecretRef("mailbox/login", 1)),
            new DesiredMailbox(BERT, new SecretRef("mailbox/login", 1))),
        Optional.of(
            new DesiredCertificate(
                CertificateId.of("01930000-0000-7000-8000-000000000002"),
                List.of(HOSTNAME),
                new SecretRef("certificate/acme", 1))));
  }

  private static Map<String, String> secrets() {
    return Map.of(
        "dkim/acme/pem", DKIM.privateKeyPem(),
        "mailbox/login/hash", HASH,
        "certificate/acme/key", CERTIFICATE.keyPem(),
        "certificate/acme/chain", CERTIFICATE.chainPem());
  }

  static Certificate certificateFor(DomainName name) {
    var key = CertificateKeys.generate();
    return new Certificate(
        CertificateKeys.selfSigned(key, List.of(name), Instant.now(), Duration.ofDays(60)), key);
  }

  /// What the files say now; only the pause after a receiver put mail off is short.
  MailConfiguration configuration() {
    return host.read(ADDRESS).withRetryAfter(Duration.ofMillis(200));
  }

  void reload() {
    server.reload(configuration());
  }

  void restart() {
    server.close();
    server = SimulatedMailServer.start(place("server"), configuration());
  }

  void restartProbeHost() {
    probeHost.close();
    probeHost = startProbeHost();
  }

  SmtpImapMailProbe probe() {
    return new SmtpImapMailProbe(
        network,
        dns,
        new ProbeSettings(
            new DomainName("probe.test"),
            new EmailAddress("relay-test", new DomainName("probe.test")),
            List.of(CERTIFICATE.chainPem(), OF_ANOTHER_NAME.chainPem(), probeHost.certificatePem()),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10)),
        Clock.systemUTC());
  }

  MailProbe.Submission submission(String token) {
    return new MailProbe.Submission(ADDRESS, HOSTNAME, ANNA, PASSWORD, ProbeHost.RECIPIENT, token);
  }

  MailProbe.Server asServer() {
    return new MailProbe.Server(ADDRESS, HOSTNAME, ANNA, PASSWORD);
  }

  MailProbe.Expected expected() {
    return new MailProbe.Expected(DOMAIN, SELECTOR, ADDRESS);
  }

  /// Submits a message and waits for it in the probe mailbox.
  MailProbe.Arrival deliver() {
    var token = MailProbeContract.token();
    probe().submit(submission(token));
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> probe().fetch(probeHost.mailbox(), token), Optional::isPresent)
        .orElseThrow();
  }

  /// The evidence of the checks that did not pass, by their names.
  static Map<String, String> red(List<ProofCheck> checks) {
    var red = new TreeMap<String, String>();
    for (var check : checks) {
      if (check.verdict() != ProofCheck.Verdict.PASSED) {
        red.put(check.name(), check.evidence());
      }
    }
    return red;
  }

  @Override
  public void close() {
    server.close();
    probeHost.close();
  }
}
