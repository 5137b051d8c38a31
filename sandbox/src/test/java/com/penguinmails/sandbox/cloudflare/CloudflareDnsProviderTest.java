package com.penguinmails.sandbox.cloudflare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.DnsProviderContract;
import com.penguinmails.ports.dns.cloudflare.CloudflareDnsProvider;
import com.penguinmails.sandbox.cloudflare.SimulatedCloudflare.Fault;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The client of Cloudflare against the simulation of Cloudflare: the contract, and what is
/// Cloudflare's own.
class CloudflareDnsProviderTest implements DnsProviderContract {
  private static final DomainName ZONE = new DomainName("acme.test");
  private static final RecordName NAME = new RecordName("own.acme.test");

  private static final Duration LIMIT = Duration.ofSeconds(2);

  private SimulatedCloudflare cloudflare;
  private DnsProvider provider;

  @BeforeEach
  void start() {
    cloudflare = SimulatedCloudflare.start();
    provider = open(cloudflare.addZone(ZONE.value()));
  }

  @AfterEach
  void stop() {
    cloudflare.close();
  }

  private DnsProvider open(String token) {
    return new CloudflareDnsProvider.Factory(cloudflare.url(), LIMIT)
        .open(ZONE, Map.of(), Map.of("token", token));
  }

  @Override
  public DnsProvider provider() {
    return provider;
  }

  @Override
  public void putByHand(RecordName name, DnsRecord.Type type, String... values) {
    cloudflare.put(ZONE.value(), name.value(), type.name(), values);
  }

  private static List<DnsRecord> txt(String... values) {
    return List.of(values).stream()
        .map(value -> new DnsRecord(NAME, DnsRecord.Type.TXT, value, 300))
        .toList();
  }

  @Test
  void tellsATokenThatIsNoneFromOneWithoutRights() {
    assertThatThrownBy(() -> open("unknown").read(NAME, DnsRecord.Type.TXT))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.LOGIN_REFUSED))
        .hasMessageContaining("Invalid access token (9109)")
        .hasMessageNotContaining("unknown");
    assertThatThrownBy(
            () -> open(cloudflare.powerlessToken(ZONE.value())).read(NAME, DnsRecord.Type.TXT))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.REFUSED))
        .hasMessageContaining("sees no zone acme.test")
        .hasMessageContaining("Zone:Read and DNS:Edit");
  }

  @Test
  void saysThatATokenMayOnlyRead() {
    var reading = open(cloudflare.readingToken(ZONE.value()));
    assertThat(reading.read(NAME, DnsRecord.Type.TXT)).isEmpty();

    assertThatThrownBy(() -> reading.change(NAME, DnsRecord.Type.TXT, List.of(), txt("ours")))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.REFUSED))
        .hasMessageContaining("Authentication error (10000)")
        .hasMessageContaining("DNS:Edit");
  }

  @Test
  void knowsToWhomTheDomainShouldBeDelegated() {
    assertThat(provider.nameServers())
        .containsExactly("ada.ns.cloudflare.com", "bob.ns.cloudflare.com");
  }

  @Test
  void readsEveryPage() {
    var values = IntStream.range(0, 120).mapToObj(number -> "text " + number).toList();
    putByHand(NAME, DnsRecord.Type.TXT, values.toArray(String[]::new));

    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactlyInAnyOrderElementsOf(values);
  }

  @Test
  void picksSeveralRecordSetsFromTheWholeZone() {
    IntStream.range(0, 1_100)
        .forEach(number ->
            putByHand(
                new RecordName("n%d.acme.test".formatted(number)),
                DnsRecord.Type.TXT,
                "text " + number));

    assertThat(
            provider.read(
                List.of(
                    new RecordQuestion(new RecordName("n7.acme.test"), DnsRecord.Type.TXT),
                    new RecordQuestion(new RecordName("n8.acme.test"), DnsRecord.Type.A),
                    new RecordQuestion(new RecordName("n1099.acme.test"), DnsRecord.Type.TXT))))
        .extracting(DnsRecord::value)
        .containsExactly("text 7", "text 1099");
  }

  @Test
  void refusesRecordsThatGoThroughTheWebProxy() {
    putByHand(NAME, DnsRecord.Type.A, "192.0.2.7");
    cloudflare.proxy(ZONE.value(), NAME.value(), "A");

    assertThatThrownBy(() -> provider.read(NAME, DnsRecord.Type.A))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("DNS only");
  }

  @Test
  void seesNoAliasInAFlattenedOne() {
    var apex = RecordName.of(ZONE);
    putByHand(apex, DnsRecord.Type.CNAME, "pages.example.com");

    assertThat(provider.read(apex, DnsRecord.Type.CNAME)).isEmpty();
    provider.change(
        apex,
        DnsRecord.Type.MX,
        List.of(),
        List.of(new DnsRecord(apex, DnsRecord.Type.MX, "10 mail.acme.test", 300)));
    assertThat(provider.read(apex, DnsRecord.Type.MX)).hasSize(1);
  }

  @Test
  void takesAFailureWithHttp200ForOne() {
    cloudflare.plan(new Fault.FailedWith200());

    assertThatThrownBy(() -> provider.read(NAME, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("7003");
  }

  @Test
  void waitsAsLongAsItIsTold() {
    cloudflare.plan(new Fault.TooMany(Duration.ofSeconds(7)));

    assertThatThrownBy(() -> provider.read(NAME, DnsRecord.Type.TXT))
        .isInstanceOfSatisfying(
            RateLimited.class,
            limited -> assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(7)));
  }

  @Test
  void saysThatAnHtmlPageIsNoAnswer() {
    cloudflare.plan(new Fault.Html());

    assertThatThrownBy(() -> provider.read(NAME, DnsRecord.Type.TXT))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("502");
  }

  @Test
  void findsItDoneWhenTheAnswerWasLost() {
    var wanted = txt("ours");
    var cloudflareKeeps = provider.read(NAME, DnsRecord.Type.TXT); // and finds the zone
    cloudflare.planAfter(1, new Fault.AnswerLost()); // it reads, then it writes

    assertThatThrownBy(() -> provider.change(NAME, DnsRecord.Type.TXT, cloudflareKeeps, wanted))
        .isInstanceOf(Unavailable.class);
    provider.change(NAME, DnsRecord.Type.TXT, provider.read(NAME, DnsRecord.Type.TXT), wanted);

    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("ours");
  }

  @Test
  void writesOnceWhenTheFirstCallWasNeverHeard() {
    var there = provider.read(NAME, DnsRecord.Type.TXT);
    cloudflare.planAfter(1, new Fault.CutBefore()); // it reads, then it writes

    assertThatThrownBy(() -> provider.change(NAME, DnsRecord.Type.TXT, there, txt("ours")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("Cloudflare did not answer");
    assertThat(cloudflare.records(ZONE.value())).as("nor asked again by itself").isEmpty();

    provider.change(NAME, DnsRecord.Type.TXT, there, txt("ours"));
    assertThat(cloudflare.records(ZONE.value())).hasSize(1);
  }

  /// What was given up is heard after it was done.
  @Test
  void writesOnceWhenTheFirstCallIsHeardLate() {
    var there = provider.read(NAME, DnsRecord.Type.TXT);
    cloudflare.planAfter(1, new Fault.Slow(LIMIT.multipliedBy(3))); // it reads, then it writes

    assertThatThrownBy(() -> provider.change(NAME, DnsRecord.Type.TXT, there, txt("ours")))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("Cloudflare did not answer");
    provider.change(NAME, DnsRecord.Type.TXT, there, txt("ours"));
    assertThat(cloudflare.isIdle()).as("the first call is still on its way").isFalse();
    await().until(cloudflare::isIdle);

    assertThat(cloudflare.records(ZONE.value())).hasSize(1);
    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("ours");
  }

  @Test
  void refusesMoreThanOneBatchMayHave() {
    var most = IntStream.range(0, 200).mapToObj(number -> "text " + number).toList();
    var tooMany = Stream.concat(most.stream(), Stream.of("one more")).toArray(String[]::new);

    assertThatThrownBy(() -> provider.change(NAME, DnsRecord.Type.TXT, List.of(), txt(tooMany)))
        .isInstanceOfSatisfying(
            Refused.class, no -> assertThat(no.type()).isEqualTo(FailureType.REFUSED))
        .hasMessageContaining("Too many records in one batch");
    assertThat(cloudflare.records(ZONE.value())).as("all or nothing").isEmpty();

    provider.change(NAME, DnsRecord.Type.TXT, List.of(), txt(most.toArray(String[]::new)));
    assertThat(cloudflare.records(ZONE.value())).hasSize(200);
  }

  @Test
  void leavesOutWhatIsNoRecordOfOurs() {
    putByHand(NAME, DnsRecord.Type.TXT, "x".repeat(5_000), "ours");

    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("ours");
  }

  static List<Fault> faults() {
    return List.of(
        new Fault.TooMany(Duration.ofSeconds(7)),
        new Fault.Html(),
        new Fault.FailedWith200(),
        new Fault.CutBefore(),
        new Fault.AnswerLost(),
        new Fault.Slow(LIMIT.multipliedBy(2)));
  }

  /// Two SPF records at once are none, and a name may stay as a cut-off change left it for long.
  @ParameterizedTest
  @MethodSource("faults")
  void neverLeavesBothTheOldAndTheNewValue(Fault fault) {
    putByHand(NAME, DnsRecord.Type.TXT, "v=spf1 a -all");
    var there = provider.read(NAME, DnsRecord.Type.TXT);
    var wanted = txt("v=spf1 a ip4:192.0.2.8 -all");
    cloudflare.planAfter(1, fault); // it reads, then it writes

    assertThatThrownBy(() -> provider.change(NAME, DnsRecord.Type.TXT, there, wanted))
        .isInstanceOf(OutsideException.class);

    assertThat(provider.read(NAME, DnsRecord.Type.TXT)).hasSize(1);
    provider.change(NAME, DnsRecord.Type.TXT, provider.read(NAME, DnsRecord.Type.TXT), wanted);
    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("v=spf1 a ip4:192.0.2.8 -all");
  }

  @Test
  void readsWhatAPersonTypedWithAndWithoutQuotes() {
    putByHand(
        NAME, DnsRecord.Type.TXT, "v=spf1 -all", "\"v=DKIM1; p=\" \"abc\"", "\"caf\\195\\169\"");

    assertThat(provider.read(NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactlyInAnyOrder("v=spf1 -all", "v=DKIM1; p=abc", "café");
  }
}
