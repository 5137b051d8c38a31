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
import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.ports.dns.rfc2136.Rfc2136DnsProvider;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Update;

/// What every DNS of a sandbox keeps: the RFC 2136 adapter and our resolver work on it, well and at
/// each fault.
public interface DnsWorldContract extends DnsProviderContract {
  DomainName ZONE = new DomainName("contract.test");
  Duration LIMIT = Duration.ofSeconds(20);

  /// The world, running.
  DnsWorld world();

  /// Access to [#ZONE], delegated once.
  ZoneKey key();

  /// How its servers are reached.
  Network network();

  /// An address of its network that no test but one names.
  IpAddress hostAddress();

  /// Starts the world that [#world] was, after it was closed.
  void startAgain();

  @Override
  default DnsProvider provider() {
    return open(ZONE, key().keyName(), key().secret());
  }

  @Override
  default void putByHand(RecordName name, DnsRecord.Type type, String... values) {
    world().put(ZONE, name, type, values);
  }

  /// Access to a zone with the key its host handed out.
  default DnsProvider own(DomainName zone) {
    var key = world().delegate(zone);
    return open(zone, key.keyName(), key.secret());
  }

  /// Access to a zone with any key.
  default DnsProvider open(DomainName zone, String keyName, String secret) {
    var server = key().server().value();
    return new Rfc2136DnsProvider.Factory(network())
        .open(zone, Map.of("server", server, "keyName", keyName), Map.of("secret", secret));
  }

  private DomainName zone(String label) {
    var zone = new DomainName(label + ".test");
    world().delegate(zone);
    return zone;
  }

  private static ConditionFactory soon() {
    return await().atMost(LIMIT).pollDelay(Duration.ZERO);
  }

  /// Makes the text the only one at the name.
  static void publish(DnsProvider at, RecordName name, String text) {
    at.change(
        name,
        DnsRecord.Type.TXT,
        at.read(name, DnsRecord.Type.TXT),
        List.of(new DnsRecord(name, DnsRecord.Type.TXT, text, 30)));
  }

  private static void publishBeside(DnsProvider at, RecordName name, String text) {
    var there = at.read(name, DnsRecord.Type.TXT);
    var wanted = new ArrayList<>(there);
    wanted.add(new DnsRecord(name, DnsRecord.Type.TXT, text, 30));
    at.change(name, DnsRecord.Type.TXT, there, wanted);
  }

  static boolean isFound(ServerAnswer answer, String text) {
    return answer.answer() instanceof Answer.Found found
        && found.records().stream().anyMatch(record -> record.value().equals(text));
  }

  private static boolean isFailed(ServerAnswer answer) {
    return answer.answer() instanceof Answer.Failed;
  }

  @Test
  default void changesBesideATextThatIsSplitInItsOwnWay() throws IOException {
    var name = RecordName.of("split", ZONE);
    var update = new Update(WireRecords.name(ZONE.value()));
    update.add(
        new TXTRecord(WireRecords.name(name.value()), DClass.IN, 30, List.of("one ", "two")));
    var server = new SimpleResolver(network().reach(key().server(), SimpleResolver.DEFAULT_PORT));
    server.setTSIGKey(new TSIG(TSIG.HMAC_SHA256, key().keyName() + ".", key().secret()));
    assertThat(server.send(update).getRcode()).isEqualTo(Rcode.NOERROR);

    publishBeside(provider(), name, "ours");
    assertThat(provider().read(name, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactlyInAnyOrder("one two", "ours");

    publish(provider(), name, "ours");
    assertThat(provider().read(name, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("ours");
  }

  @Test
  default void saysThatAKeyIsWrongOrUnknown() {
    var other = Base64.getEncoder().encodeToString(new byte[32]);
    for (var wrong : List.of(open(ZONE, ZONE.value(), other), open(ZONE, "nobody", other))) {
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
  default void saysThatTheKeyMayNotChangeTheZoneUntilItMay() {
    var zone = zone("locked");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    world().refuseUpdates(zone);
    assertThatThrownBy(() -> publish(own, name, "x"))
        .asInstanceOf(type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.REFUSED);

    world().heal(zone);
    soon().ignoreExceptions().untilAsserted(() -> publish(own, name, "x"));
  }

  @Test
  default void refusesAZoneTheServerDoesNotHold() {
    var elsewhere = open(new DomainName("elsewhere.test"), key().keyName(), key().secret());
    assertThatThrownBy(() -> elsewhere.read(new RecordName("elsewhere.test"), DnsRecord.Type.MX))
        .isInstanceOf(Refused.class);
  }

  @Test
  default void refusesAnMxToAHostOfTheZoneThatHasNoAddress() {
    var zone = zone("integrity");
    var mx = List.of(new DnsRecord(RecordName.of(zone), DnsRecord.Type.MX, "10 mail." + zone, 300));
    var own = own(zone);
    assertThatThrownBy(() -> own.change(RecordName.of(zone), DnsRecord.Type.MX, List.of(), mx))
        .isInstanceOf(Refused.class);

    world().put(zone, RecordName.of("mail", zone), DnsRecord.Type.A, "192.0.2.7");
    own.change(RecordName.of(zone), DnsRecord.Type.MX, List.of(), mx);
    assertThat(world().read(zone, RecordName.of(zone), DnsRecord.Type.MX)).hasSize(1);
  }

  @Test
  default void tellsServfailApartFromAbsenceUntilHealed() {
    var zone = zone("broken");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    publish(own, name, "x");
    world().servfail(zone);

    assertThatThrownBy(() -> own.read(name, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("SERVFAIL");
    var resolver = world().resolver();
    var delegation = resolver.delegation(name).orElseThrow();
    assertThat(delegation.zone()).isEqualTo(zone);
    assertThat(resolver.askAuthoritative(delegation, name, DnsRecord.Type.TXT))
        .hasSize(2)
        .allMatch(DnsWorldContract::isFailed);

    world().heal(zone);
    soon()
        .untilAsserted(() ->
            assertThat(resolver.askAuthoritative(delegation, name, DnsRecord.Type.TXT))
                .allMatch(answer -> isFound(answer, "x")));
  }

  @Test
  default void seesThatNobodyIsSentToAZone() {
    var zone = zone("lost");
    var resolver = world().resolver();
    assertThat(resolver.delegation(RecordName.of(zone))).isPresent();
    world().undelegate(zone);
    assertThat(resolver.delegation(RecordName.of(zone))).isEmpty();
    world().heal(zone);
    assertThat(resolver.delegation(RecordName.of(zone)).map(cut -> cut.zone()))
        .isEqualTo(Optional.of(zone));
  }

  @Test
  default void namesTheSecondaryThatIsStale() {
    var zone = zone("stale");
    var own = own(zone);
    var name = RecordName.of("x", zone);
    publish(own, name, "old");
    var resolver = world().resolver();
    var delegation = resolver.delegation(name).orElseThrow();
    soon()
        .untilAsserted(() ->
            assertThat(resolver.askAuthoritative(delegation, name, DnsRecord.Type.TXT))
                .allMatch(answer -> isFound(answer, "old")));
    world().staleSecondary(zone);
    publish(own, name, "new");

    var answers = resolver.askAuthoritative(delegation, name, DnsRecord.Type.TXT);
    assertThat(answers)
        .filteredOn(answer -> isFound(answer, "new"))
        .extracting(ServerAnswer::server)
        .containsExactly("ns1.test");
    assertThat(answers)
        .filteredOn(answer -> isFound(answer, "old"))
        .extracting(ServerAnswer::server)
        .containsExactly("ns2.test");

    world().heal(zone);
    soon()
        .untilAsserted(() -> {
          assertThat(resolver.askAuthoritative(delegation, name, DnsRecord.Type.TXT))
              .allMatch(answer -> isFound(answer, "new"));
          assertThat(resolver.askRecursive(name, DnsRecord.Type.TXT))
              .hasSize(2)
              .allMatch(answer -> isFound(answer, "new"));
        });
  }

  @Test
  default void hidesANameFromTheFirstRecursiveResolverOnly() {
    var zone = zone("hidden");
    var name = RecordName.of("_acme-challenge", zone);
    world().put(zone, name, DnsRecord.Type.TXT, "here");
    world().hide(name);
    var resolver = world().resolver();
    soon()
        .untilAsserted(() ->
            assertThat(resolver.askRecursive(name, DnsRecord.Type.TXT))
                .extracting(ServerAnswer::answer)
                .satisfiesExactly(
                    first -> assertThat(first).isEqualTo(new Answer.Absent(false)),
                    second -> assertThat(second).isInstanceOf(Answer.Found.class)));

    world().showAgain(name);
    soon()
        .untilAsserted(() ->
            assertThat(resolver.askRecursive(name, DnsRecord.Type.TXT))
                .allMatch(answer -> isFound(answer, "here")));
  }

  @Test
  default void resolvesLongTextsAliasesAndWhatIsNotThere() {
    var zone = zone("recursion");
    var text = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(60);
    var name = RecordName.of("s1._domainkey", zone);
    world().put(zone, name, DnsRecord.Type.TXT, text);
    var alias = RecordName.of("alias", zone);
    world().put(zone, alias, DnsRecord.Type.CNAME, name.value());
    var resolver = world().resolver();
    // Whoever asks a secondary that has nothing yet keeps that for a while, also of the names
    // above.
    var delegation = resolver.delegation(name).orElseThrow();
    soon()
        .untilAsserted(() ->
            assertThat(resolver.askAuthoritative(delegation, alias, DnsRecord.Type.TXT))
                .extracting(ServerAnswer::answer)
                .containsOnly(new Answer.Alias(name)));

    assertThat(resolver.askRecursive(name, DnsRecord.Type.TXT))
        .hasSize(2)
        .allMatch(answer -> isFound(answer, text));
    assertThat(resolver.askRecursive(alias, DnsRecord.Type.TXT))
        .extracting(ServerAnswer::answer)
        .containsOnly(new Answer.Alias(name));
    assertThat(resolver.askRecursive(RecordName.of("_domainkey", zone), DnsRecord.Type.TXT))
        .extracting(ServerAnswer::answer)
        .containsOnly(new Answer.Absent(true));
    assertThat(resolver.askRecursive(RecordName.of("nothing", zone), DnsRecord.Type.TXT))
        .extracting(ServerAnswer::answer)
        .containsOnly(new Answer.Absent(false));
  }

  @Test
  default void doesNotCallAZoneUndelegatedWhenNobodyAnswered() {
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
  default void keepsZonesKeysAndReverseNamesOverAStop() {
    var name = RecordName.of("kept", ZONE);
    var before = provider();
    publish(before, name, "kept");
    world().setPtr(hostAddress(), new DomainName("mail.contract.test"));
    world().close();
    // While it is down: a time-out is no answer, and absence is not claimed.
    assertThatThrownBy(() -> before.read(name, DnsRecord.Type.TXT)).isInstanceOf(Unavailable.class);

    startAgain();

    soon() // the client may yet notice that its connection is gone
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() ->
            assertThat(before.read(name, DnsRecord.Type.TXT))
                .extracting(DnsRecord::value)
                .containsExactly("kept"));
    publish(before, name, "kept and changed");
    assertThat(world().resolver().askRecursive(hostAddress().reverseName(), DnsRecord.Type.PTR))
        .hasSize(2)
        .allSatisfy(answer ->
            assertThat(answer.answer())
                .asInstanceOf(type(Answer.Found.class))
                .extracting(found -> found.records().getFirst().value())
                .isEqualTo("mail.contract.test"));
  }
}
