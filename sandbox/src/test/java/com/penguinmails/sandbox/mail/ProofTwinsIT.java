package com.penguinmails.sandbox.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.ports.secret.DkimKeys;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ProofCheck.Verdict;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.ProofActivities.InspectServer;
import com.penguinmails.workflows.setup.ProofActivities.ReceiveProof;
import com.penguinmails.workflows.setup.ProofActivities.SendProof;
import com.penguinmails.workflows.setup.ProofVerdict;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The proof against a real server: set up once, then each part broken in turn where it really is,
/// and just the check of that part must be red. The domain has an umlaut, as its tenant types it.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(900)
class ProofTwinsIT {
  private static final String TYPED = "Bücher-Versand.test";
  private static final DomainName DOMAIN = new DomainName("xn--bcher-versand-wob.test");
  private static final String NOT_ITS_NAME = "not for mail." + DOMAIN;
  private static final String NOT_YET = FailureType.NOT_YET.name();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(300);
  private TestedProduct tested;
  private SandboxWorld world;
  private TenantSetup setup;
  private DockerHost host;
  private ProofActivities proof;
  private TenantId tenant;
  private String selector;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(directory);
    world = tested.world();
    var request = new HashMap<>(DemoTenant.of(world).request(DOMAIN, 0));
    request.put("domain", TYPED);
    setup = tested.order("twins", request);
    setup.untilState("DONE");
    host = world.host(0, DOMAIN.child("mail"));
    proof = tested.product().worker().getBean(ProofActivities.class);
    tenant = TenantId.of(text("SELECT tenant_id::text FROM setup"));
    selector = text("SELECT selector FROM dkim_key");
    makeOtherCertificates();
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @Test
  @Order(1)
  void provesADomainWithAnUmlaut() {
    var whole = setup.look();

    assertThat(whole.path("domain").path("ascii").asText()).isEqualTo(DOMAIN.value());
    assertThat(whole.path("domain").path("unicode").asText()).isEqualTo("bücher-versand.test");
    assertThat(whole.path("attention")).isEmpty();
    assertThat(TenantSetup.texts(whole.path("proof").path("checks"), "name"))
        .containsExactlyInAnyOrderElementsOf(ProofVerdict.REQUIRED);
    assertThat(TenantSetup.texts(whole.path("proof").path("checks"), "verdict"))
        .containsOnly("PASSED");
    assertThat(exec("cut -d: -f1 /etc/dovecot/penguin/users")).contains("hello@" + DOMAIN);
  }

  @Test
  @Order(2)
  void everyCheckHasATwin() {
    var all = Stream.concat(twins(), twinsThatSendNothing().map(args -> (Twin) args.get()[0]));

    assertThat(all.flatMap(twin -> twin.red().keySet().stream()).toList())
        .containsAll(ProofVerdict.REQUIRED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("twins")
  @Order(3)
  void oneBrokenPartIsRedAndNothingElse(Twin twin) {
    var checks =
        with(
            twin,
            () -> {
              var all = new ArrayList<>(judgement());
              all.addAll(inspection());
              return all;
            });

    assertRed(checks, twin);
  }

  /// Where mail is handed in, a broken part also keeps the message from being sent.
  @ParameterizedTest(name = "{0}")
  @MethodSource("twinsThatSendNothing")
  @Order(4)
  void oneBrokenPartOfSubmissionIsRedAndNothingIsSent(Twin twin, String refusal) {
    var checks =
        with(
            twin,
            () -> {
              assertThatThrownBy(this::judgement)
                  .isInstanceOf(Refused.class)
                  .hasMessageContaining(refusal);
              return inspection();
            });

    assertRed(checks, twin);
  }

  @Test
  @Order(5)
  void isGreenWhenAllIsMended() {
    notProvedYet();
    var checks = new ArrayList<>(judgement());
    checks.addAll(inspection());

    assertThat(ProofVerdict.of(checks)).isEmpty();
    assertThat(checks).extracting(ProofCheck::verdict).containsOnly(Verdict.PASSED);
  }

  /// The set-up with one thing wrong.
  ///
  /// @param red the checks that must be red, with words of their evidence
  record Twin(String name, Runnable breaks, Runnable mends, Map<String, String> red) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Stream<Twin> twins() {
    var key = RecordName.of(selector + "._domainkey", DOMAIN);
    var otherKey = "v=DKIM1; k=rsa; p=" + DkimKeys.generate().publicKey();
    return Stream.of(
        onHost(
            "open relay",
            Program.POSTFIX,
            "postconf -e mynetworks=0.0.0.0/0",
            Map.of("open-relay", "accepted a foreign recipient")),
        onHost(
            "another name in the banner",
            Program.POSTFIX,
            "postconf -e 'smtpd_banner = localhost ESMTP'",
            Map.of("banner", "names localhost")),
        onHost(
            "certificate of another name on 25",
            Program.POSTFIX,
            "postconf -P smtp/inet/smtpd_tls_chain_files=/root/other.key,/root/other.pem",
            Map.of("tls-25", NOT_ITS_NAME)),
        onHost(
            "self-signed certificate on 465",
            Program.POSTFIX,
            "postconf -P submissions/inet/smtpd_tls_chain_files=/root/self.key,/root/self.pem",
            Map.of("tls-465", "self-signed")),
        onHost(
            "certificate of another name on 993",
            Program.DOVECOT,
            "sed -i 's,/etc/ssl/penguin/mail.fullchain.pem,/root/other.pem,; s,/etc/ssl/penguin/mail.key,/root/other.key,' /etc/dovecot/dovecot.conf",
            Map.of("tls-993", NOT_ITS_NAME, "imap-login", "No login without")),
        onHost(
            "text added before it is signed",
            Program.POSTFIX,
            "postconf -e 'body_checks = regexp:{{/^Nobody needs/ REPLACE Get our app.}}'",
            Map.of("unaltered", "the text is not the one")),
        onHost(
            "signed with another selector",
            Program.OPENDKIM,
            "sed -i 's/:%1$s:/:old202501:/' /etc/opendkim/KeyTable".formatted(selector),
            Map.of("dkim", "with selector old202501")),
        onHost(
            "signed by nobody",
            Program.OPENDKIM,
            "sed -i '/^[^#]/d' /etc/opendkim/SigningTable",
            Map.of("dkim", "No DKIM signature of " + DOMAIN)),
        inZone("no key in DNS", key, Map.of("dkim", "no key")),
        inZone("another key in DNS", key, Map.of("dkim", "not valid"), otherKey),
        inZone(
            "SPF without the server",
            RecordName.of(DOMAIN),
            Map.of("spf", host.address() + ", sending for " + DOMAIN + ", gets SPF \"fail\""),
            "v=spf1 ip4:192.0.2.9 -all"),
        inZone("no policy", RecordName.of("_dmarc", DOMAIN), Map.of("dmarc", "no DMARC record")),
        new Twin(
            "PTR of the provider",
            () -> setPtr(new DomainName("client-20.provider.test")),
            () -> setPtr(DOMAIN.child("mail")),
            Map.of("ptr", "client-20.provider.test")),
        new Twin(
            "altered on the way",
            () -> world.probeHost().fault(new ProbeHost.Fault.Alter()),
            () -> world.probeHost().heal(),
            Map.of("unaltered", "the text is not the one", "dkim", "not valid")));
  }

  private Stream<Arguments> twinsThatSendNothing() {
    return Stream.of(
        Arguments.of(
            onHost(
                "certificate of another name on 587",
                Program.POSTFIX,
                "postconf -P submission/inet/smtpd_tls_chain_files=/root/other.key,/root/other.pem",
                Map.of("tls-587", NOT_ITS_NAME)),
            NOT_ITS_NAME),
        Arguments.of(
            onHost(
                "another password",
                Program.DOVECOT,
                "sed -i 's/:{[^:]*/:{PLAIN}another/' /etc/dovecot/penguin/users",
                Map.of("imap-login", "refused the mailbox's login")),
            "login"));
  }

  /// A program on the host: where it listens, and the files it reads.
  private enum Program {
    POSTFIX("postfix@-.service", 25, "/etc/postfix/main.cf /etc/postfix/master.cf"),
    DOVECOT("dovecot.service", 993, "/etc/dovecot/dovecot.conf /etc/dovecot/penguin/users"),
    OPENDKIM("opendkim.service", 8891, "/etc/opendkim/KeyTable /etc/opendkim/SigningTable");

    final String files;
    final String reread;

    Program(String unit, int port, String files) {
      this.files = files;
      this.reread =
          """
          touch -d '5 seconds ago' /etc/postfix/main.cf # else Postfix waits for that
          systemctl reset-failed %1$s # systemd counts starts, and we have many in a minute
          systemctl restart %1$s
          until ss -Hltn 'sport = :%2$d' | grep -q .; do sleep 0.05; done
          """
              .formatted(unit, port);
    }
  }

  private Twin onHost(String name, Program program, String edit, Map<String, String> red) {
    return new Twin(
        name,
        () ->
            exec(
                "for f in %s; do cp -a $f $f.right; done\n%s\n%s"
                    .formatted(program.files, edit, program.reread)),
        () ->
            exec(
                "for f in %s; do mv $f.right $f; done\n%s"
                    .formatted(program.files, program.reread)),
        red);
  }

  /// Records of a name that are other ones, as whoever has the zone changes them.
  private Twin inZone(String name, RecordName record, Map<String, String> red, String... values) {
    var right =
        world.dns().read(DOMAIN, record, DnsRecord.Type.TXT).stream()
            .map(DnsRecord::value)
            .toArray(String[]::new);
    return new Twin(name, () -> publish(record, values), () -> publish(record, right), red);
  }

  private void publish(RecordName name, String... values) {
    world.dns().put(DOMAIN, name, DnsRecord.Type.TXT, values);
    untilResolved(name, DnsRecord.Type.TXT, values);
  }

  private void setPtr(DomainName name) {
    world.dns().setPtr(host.address(), name);
    untilResolved(host.address().reverseName(), DnsRecord.Type.PTR, name.value());
  }

  /// Waits until no resolver remembers what was there before.
  private void untilResolved(RecordName name, DnsRecord.Type type, String... values) {
    var resolver = world.dns().resolver();
    await()
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() ->
            assertThat(resolver.askRecursive(name, type))
                .allSatisfy(said -> assertThat(valuesOf(said.answer())).containsExactly(values)));
  }

  private static List<String> valuesOf(Answer answer) {
    return switch (answer) {
      case Answer.Found found -> found.records().stream().map(DnsRecord::value).toList();
      case Answer.Absent _ -> List.of();
      default -> throw new AssertionError("no answer: " + answer);
    };
  }

  private List<ProofCheck> with(Twin twin, Supplier<List<ProofCheck>> look) {
    notProvedYet();
    try {
      twin.breaks().run();
      return look.get();
    } finally {
      twin.mends().run();
    }
  }

  /// What was proved is not asked again: as far as the row says, this set-up is not there yet.
  private void notProvedYet() {
    JdbcClient.create(world.database().superuser("penguin"))
        .sql("UPDATE setup SET state = 'RUNNING', stage = 'PROVING', finished_at = NULL")
        .update();
  }

  private static void assertRed(List<ProofCheck> checks, Twin twin) {
    var red = new TreeMap<String, String>();
    for (var check : checks) {
      if (check.verdict() != Verdict.PASSED) {
        red.put(check.name(), check.verdict() + " " + check.evidence());
      }
    }
    assertThat(red).containsOnlyKeys(twin.red().keySet());
    assertThat(red)
        .allSatisfy((name, evidence) ->
            assertThat(evidence).startsWith("FAILED").contains(twin.red().get(name)));
  }

  /// Sends a message and judges what arrives, as the worker does.
  private List<ProofCheck> judgement() {
    var id = SetupId.of(setup.id());
    var token = proof.send(new SendProof(tenant, id, 1)).token();
    return await()
        .atMost(LIMIT)
        .pollInterval(POLL)
        .ignoreExceptionsMatching(
            e -> e instanceof ApplicationFailure f && f.getType().equals(NOT_YET))
        .until(
            () -> proof.receive(new ReceiveProof(tenant, id, 1, token, POLL)).checks(),
            checks -> !checks.isEmpty());
  }

  private List<ProofCheck> inspection() {
    return proof.inspect(new InspectServer(tenant, SetupId.of(setup.id()), 1)).checks();
  }

  /// One that the probe trusts but of another name (the probe host's own), and one that nobody
  /// vouches for.
  private void makeOtherCertificates() {
    var probe = world.engine().container(world.network().instance(), "probe");
    var key = probe.exec("cat", "/etc/probe-host/key.pem").standardOutput();
    exec(
        """
        cd /root; umask 077
        printf %s "$1" > other.key
        printf %s "$2" > other.pem
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 60 \
          -subj "/CN=$3" -addext "subjectAltName=DNS:$3" -keyout self.key -out self.pem
        """,
        key, world.probeHost().certificatePem(), DOMAIN.child("mail").value());
  }

  private String exec(String script, String... arguments) {
    var command = new ArrayList<>(List.of("bash", "-euc", script, "bash"));
    command.addAll(List.of(arguments));
    var output = host.container().exec(command, "", LIMIT);
    assertThat(output.exitCode()).as("%s: %s", script, output.standardError()).isZero();
    return output.standardOutput().strip();
  }

  private String text(String sql) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql(sql)
        .query(String.class)
        .single();
  }
}
