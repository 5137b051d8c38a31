package com.penguinmails.sandbox.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.DnsProviderContract;
import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.ports.dns.Resolver.ServerAnswer;
import com.penguinmails.ports.dns.dnsjava.DnsjavaResolver;
import com.penguinmails.ports.dns.rfc2136.Rfc2136DnsProvider;
import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The RFC 2136 adapter and our resolver against real BIND and unbound, well and at each fault.
class Rfc2136DnsProviderIT implements DnsProviderContract {
  private static final String INSTANCE = "dnsit";
  private static final DomainName ZONE = new DomainName("contract.test");
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static DockerEngine engine;
  private static DnsWorld world;
  private static DnsWorld.ZoneKey key;

  @BeforeAll
  static void start() {
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    world = DnsWorld.start(engine, engine.network(INSTANCE));
    key = world.delegate(ZONE);
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    engine.close();
  }

  @Override
  public DnsProvider provider() {
    return open(ZONE, key.keyName(), key.secret());
  }

  @Override
  public void putByHand(RecordName name, DnsRecord.Type type, String... values) {
    world.put(ZONE, name, type, values);
  }

  private static DnsProvider open(DomainName zone, String keyName, String secret) {
    return new Rfc2136DnsProvider.Factory(Network.direct())
        .open(
            zone,
            Map.of("server", key.server().value(), "keyName", keyName),
            Map.of("secret", secret));
  }

  private static DomainName zone(String label) {
    var zone = new DomainName(label + ".test");
    world.delegate(zone);
    return zone;
  }

  private static DnsProvider own(DomainName zone) {
    var own = world.delegate(zone);
    return open(zone, own.keyName(), own.secret());
  }

  private static void publish(DnsProvider at, RecordName name, String text) {
    at.change(
        name,
        DnsRecord.Type.TXT,
        at.read(name, DnsRecord.Type.TXT),
        List.of(new DnsRecord(name, DnsRecord.Type.TXT, text, 30)));
  }

  private static boolean isFound(ServerAnswer answer, String text) {
    return answer.answer() instanceof Answer.Found found
        && found.records().stream().anyMatch(record -> record.value().equals(text));
  }

  private static boolean isFailed(ServerAnswer answer) {
    return answer.answer() instanceof Answer.Failed;
  }

  @Test
  void changesBesideATextThatIsSplitInItsOwnWay() {
    var name = RecordName.of("split", ZONE);
    var script =
        "server 127.0.0.1\nkey hmac-sha256:%s %s\nupdate add %s. 30 TXT \"one \" \"two\"\nsend\n"
            .formatted(key.keyName(), key.secret(), name);
    var done = world.servers().get(1).exec(List.of("nsupdate"), script, LIMIT);
    assertThat(done.exitCode()).as(done.standardError()).isZero();

    publishBeside(name, "ours");
    assertThat(provider().read(name, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactlyInAnyOrder("one two", "ours");

    publish(provider(), name, "ours");
    assertThat(provider().read(name, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("ours");
  }

  private void publishBeside(RecordName name, String text) {
    var there = provider().read(name, DnsRecord.Type.TXT);
    var wanted = new java.util.ArrayList<>(there);
    wanted.add(new DnsRecord(name, DnsRecord.Type.TXT, text, 30));
    provider().change(name, DnsRecord.Type.TXT, there, wanted);
  }

  @Test
  void saysThatAKeyIsWrongOrUnknown() {
    var other = Base64.getEncoder().encodeToString(new byte[32]);
    for (var wrong : List.of(open(ZONE, key.keyName(), other), open(ZONE, "nobody", other))) {
      assertThatThrownBy(() -> wrong.read(RecordName.of(ZONE), DnsRecord.Type.MX))
          .asInstanceOf(type(Refused.class))
          .satisfies(no -> {
            assertThat(no.type()).isEqualTo(FailureType.LOGIN_REFUSED);
            assertThat(no).hasMessageContaining("key is not accepted");
            assertThat(no.getMessage()).doesNotContain(other);
          });
    }
  }

  @Test
  void saysThatTheKeyMayNotChangeTheZoneUntilItMay() {
    var zone = zone("locked");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    world.refuseUpdates(zone);
    assertThatThrownBy(() -> publish(own, name, "x"))
        .asInstanceOf(type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.REFUSED);

    world.heal(zone);
    await().atMost(LIMIT).ignoreExceptions().untilAsserted(() -> publish(own, name, "x"));
  }

  @Test
  void refusesAZoneTheServerDoesNotHold() {
    var elsewhere = open(new DomainName("elsewhere.test"), key.keyName(), key.secret());
    assertThatThrownBy(() -> elsewhere.read(new RecordName("elsewhere.test"), DnsRecord.Type.MX))
        .isInstanceOf(Refused.class);
  }

  @Test
  void tellsServfailApartFromAbsenceUntilHealed() {
    var zone = zone("broken");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    publish(own, name, "x");
    world.servfail(zone);

    assertThatThrownBy(() -> own.read(name, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("SERVFAIL");
    var delegation = world.resolver().delegation(name).orElseThrow();
    assertThat(delegation.zone()).isEqualTo(zone);
    assertThat(world.resolver().askAuthoritative(delegation, name, DnsRecord.Type.TXT))
        .hasSize(2)
        .allMatch(Rfc2136DnsProviderIT::isFailed);

    world.heal(zone);
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(world.resolver().askAuthoritative(delegation, name, DnsRecord.Type.TXT))
                .allMatch(answer -> isFound(answer, "x")));
  }

  @Test
  void seesThatNobodyIsSentToAZone() {
    var zone = zone("lost");
    assertThat(world.resolver().delegation(RecordName.of(zone))).isPresent();
    world.undelegate(zone);
    assertThat(world.resolver().delegation(RecordName.of(zone))).isEmpty();
    world.heal(zone);
    assertThat(world.resolver().delegation(RecordName.of(zone)).map(cut -> cut.zone()))
        .isEqualTo(Optional.of(zone));
  }

  @Test
  void namesTheSecondaryThatIsStale() {
    var zone = zone("stale");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    publish(own, name, "old");
    var delegation = world.resolver().delegation(name).orElseThrow();
    await()
        .atMost(LIMIT)
        .untilAsserted(() ->
            assertThat(world.resolver().askAuthoritative(delegation, name, DnsRecord.Type.TXT))
                .allMatch(answer -> isFound(answer, "old")));
    world.staleSecondary(zone);
    publish(own, name, "new");

    var answers = world.resolver().askAuthoritative(delegation, name, DnsRecord.Type.TXT);
    assertThat(answers)
        .filteredOn(answer -> isFound(answer, "new"))
        .extracting(ServerAnswer::server)
        .containsExactly("ns1.test");
    assertThat(answers)
        .filteredOn(answer -> isFound(answer, "old"))
        .extracting(ServerAnswer::server)
        .containsExactly("ns2.test");

    world.heal(zone);
    await()
        .atMost(LIMIT)
        .untilAsserted(() -> {
          assertThat(world.resolver().askAuthoritative(delegation, name, DnsRecord.Type.TXT))
              .allMatch(answer -> isFound(answer, "new"));
          assertThat(world.resolver().askRecursive(name, DnsRecord.Type.TXT))
              .hasSize(2)
              .allMatch(answer -> isFound(answer, "new"));
        });
  }

  @Test
  void doesNotCallAZoneUndelegatedWhenNobodyAnswered() {
    var nobody =
        new DnsjavaResolver(
            List.of(new IpAddress("127.0.0.9")),
            List.of(),
            Network.direct(),
            Duration.ofMillis(300));
    assertThatThrownBy(() -> nobody.delegation(RecordName.of(ZONE)))
        .isInstanceOf(Unavailable.class);
  }

  @Test
  void keepsZonesKeysAndReverseNamesOverAStop() {
    var name = RecordName.of("kept", ZONE);
    var address = engine.network(INSTANCE).address(21);
    publish(provider(), name, "kept");
    world.setPtr(address, new DomainName("mail.contract.test"));
    world.close();
    // While it is down: a time-out is no answer, and absence is not claimed.
    assertThatThrownBy(() -> provider().read(name, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class);

    world = DnsWorld.start(engine, engine.network(INSTANCE));

    publish(provider(), name, "kept and changed");
    assertThat(world.resolver().askRecursive(address.reverseName(), DnsRecord.Type.PTR))
        .hasSize(2)
        .allSatisfy(answer ->
            assertThat(answer.answer())
                .asInstanceOf(type(Answer.Found.class))
                .extracting(found -> found.records().getFirst().value())
                .isEqualTo("mail.contract.test"));
  }
}
