package com.penguinmails.sandbox.acme;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.DURATION;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.acme.CertificateAuthority.Challenge;
import com.penguinmails.ports.acme.CertificateAuthority.Order.Status;
import com.penguinmails.ports.acme.CertificateAuthorityContract;
import com.penguinmails.ports.acme.CertificateKeys;
import com.penguinmails.ports.acme.acme4j.Acme4jCertificateAuthority;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.acme.AcmeFaultProxy.Fault;
import com.penguinmails.sandbox.dns.simulated.SimulatedDnsWorld;
import com.penguinmails.sandbox.process.LoopbackPort;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Acme4jCertificateAuthorityIT implements CertificateAuthorityContract {
  private static final DomainName ZONE = new DomainName("example.test");
  private static final LoopbackNetwork NETWORK = new LoopbackNetwork("127.91.5");
  private SimulatedDnsWorld dns;
  private PebbleServer pebble;
  private AcmeFaultProxy proxy;
  private CertificateAuthority authority;

  @BeforeAll
  void start(@TempDir Path directory) {
    dns = SimulatedDnsWorld.start(directory.resolve("dns"), NETWORK);
    dns.delegate(ZONE);
    var resolver = NETWORK.reach(dns.recursive().getFirst(), 53);
    pebble = PebbleServer.start(directory.resolve("pebble"), resolver);
    proxy = AcmeFaultProxy.inFrontOf(pebble, LoopbackPort.choose());
    authority =
        new Acme4jCertificateAuthority(
            proxy.acmeDirectory(), "pebble.test", Optional.of(pebble.endpointRootPem()));
  }

  @AfterAll
  void stop() {
    proxy.close();
    pebble.close();
    dns.close();
  }

  @AfterEach
  void heal() {
    proxy.heal();
  }

  @Override
  public CertificateAuthority authority() {
    return authority;
  }

  @Override
  public void show(Challenge challenge) {
    var there = dns.read(ZONE, challenge.name(), DnsRecord.Type.TXT).stream().map(DnsRecord::value);
    var all = Stream.concat(there, Stream.of(challenge.value())).toArray(String[]::new);
    dns.put(ZONE, challenge.name(), DnsRecord.Type.TXT, all);
  }

  @Test
  void bringsAChainThatLeadsToTheRoot() throws Exception {
    var account = CertificateKeys.generate();
    var issued = issueOne(account, "chained.example.test");

    var root = CertificateKeys.chain(pebble.issuingRootPem()).getFirst();
    CertificateKeys.chain(issued.chainPem()).getLast().verify(root.getPublicKey());
  }

  @Test
  void renewsWhenTheCaSuggestsIt() {
    var issued = issueOne(CertificateKeys.generate(), "ari.example.test");
    var lifetime = Duration.between(issued.notBefore(), issued.notAfter());

    // Pebble suggests a window around the time when one third of the lifetime is left.
    assertThat(authority.renewAfter(issued.chainPem()))
        .isBetween(
            issued.notBefore().plus(lifetime.dividedBy(2)),
            issued.notAfter().minus(lifetime.dividedBy(10)));
  }

  @Test
  void renewsAfterTwoThirdsWhenTheCaDoesNotKnowTheCertificate() {
    var now = Instant.parse("2026-11-21T00:00:00Z");
    var foreign = issueOne(CertificateKeys.generate(), "forgotten.example.test");
    pebble.restart();

    var lifetime = Duration.between(foreign.notBefore(), foreign.notAfter());
    assertThat(authority.renewAfter(foreign.chainPem()))
        .isEqualTo(foreign.notBefore().plus(lifetime.multipliedBy(2).dividedBy(3)))
        .isAfter(now);
  }

  @Test
  void registersAgainAndOrdersAnewWhenTheCaLostItsMemory() {
    var account = CertificateKeys.generate();
    var before = authority.order(account, List.of(new DomainName("lost.example.test")));

    pebble.restart();

    assertThat(authority.look(account, before.url(), true))
        .satisfies(order -> {
          assertThat(order.status()).isEqualTo(Status.INVALID);
          assertThat(order.problem()).hasValueSatisfying(why -> assertThat(why).contains("new"));
        });
    assertThat(issueOne(account, "lost.example.test").chainPem()).contains("BEGIN CERTIFICATE");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void saysUntilWhenTheCaWantsToBeLeftAlone(boolean withProblem) {
    var account = CertificateKeys.generate();
    proxy.plan("order-plz", new Fault.TooManyRequests(Duration.ofMinutes(90), withProblem), 1);

    assertThatThrownBy(
            () -> authority.order(account, List.of(new DomainName("limited.example.test"))))
        .asInstanceOf(type(RateLimited.class))
        .extracting(RateLimited::retryAfter, DURATION)
        .isBetween(Duration.ofMinutes(89), Duration.ofMinutes(90));
    assertThat(authority.order(account, List.of(new DomainName("limited.example.test"))))
        .as("once the fault is lifted")
        .isNotNull();
  }

  @Test
  void takesServerErrorsAndCutConnectionsForUnavailable() {
    var account = CertificateKeys.generate();
    for (var fault :
        List.of(new Fault.ServerError(502), new Fault.CutBefore(), new Fault.CutAfter())) {
      proxy.plan("sign-me-up", fault, 10);

      assertThatThrownBy(() -> authority.account(account))
          .as("%s", fault)
          .isInstanceOf(Unavailable.class);
      proxy.heal();
    }
    assertThat(authority.account(account)).isNotNull();
  }

  @Test
  void issuesAlthoughTheAnswerToTheSigningRequestWasLost() {
    var account = CertificateKeys.generate();
    var key = CertificateKeys.generate();
    var order = authority.order(account, List.of(new DomainName("cut.example.test")));
    order.challenges().forEach(this::show);
    validate(account, order.url(), Status.READY);
    proxy.plan("finalize-order", new Fault.CutAfter(), 1);

    assertThatThrownBy(() -> authority.complete(account, order.url(), key))
        .isInstanceOf(Unavailable.class);

    assertThat(issue(account, order.url(), key).chainPem()).contains("BEGIN CERTIFICATE");
  }

  @Test
  void bearsASlowCa() {
    proxy.plan("sign-me-up", new Fault.Slow(Duration.ofSeconds(2)), 1);

    assertThat(authority.account(CertificateKeys.generate())).isNotNull();
  }

  @Test
  void tellsWhyTheCaRefusesAName() {
    assertThatThrownBy(() ->
            authority.order(
                CertificateKeys.generate(), List.of(new DomainName("www.blocked-domain.example"))))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("blocked-domain.example")
        .hasMessageContaining("rejectedIdentifier");
  }

  @Test
  void trustsTheEndpointOnlyThroughTheGivenRoot() {
    var stranger = new Acme4jCertificateAuthority(proxy.acmeDirectory(), "pebble.test");

    assertThatThrownBy(() -> stranger.account(CertificateKeys.generate()))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void saysThatNobodyAnswersWhileTheCaIsDown() {
    var alone =
        new Acme4jCertificateAuthority(
            pebble.acmeDirectory(), "pebble.test", Optional.of(pebble.endpointRootPem()));
    pebble.kill();

    assertThatThrownBy(() -> alone.account(CertificateKeys.generate()))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("localhost");

    pebble.restart();
    assertThat(alone.account(CertificateKeys.generate())).isNotNull();
  }

  private CertificateAuthority.Issued issueOne(String account, String name) {
    var order = authority.order(account, List.of(new DomainName(name)));
    order.challenges().forEach(this::show);
    validate(account, order.url(), Status.READY);
    return issue(account, order.url(), CertificateKeys.generate());
  }
}
