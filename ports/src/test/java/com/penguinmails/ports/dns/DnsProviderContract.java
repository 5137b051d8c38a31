package com.penguinmails.ports.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every DNS provider keeps. An adapter is finished when it passes. Names are used once, so
/// that the tests of one zone do not meet.
public interface DnsProviderContract {
  /// Access to an existing zone, empty at the names used here.
  DnsProvider provider();

  /// Makes an RRset this behind the provider's back, as the tenant would.
  void putByHand(RecordName name, DnsRecord.Type type, String... values);

  private RecordName name(String label) {
    return RecordName.of(label, provider().zone());
  }

  private static List<DnsRecord> records(RecordName name, DnsRecord.Type type, String... values) {
    return Stream.of(values).map(value -> new DnsRecord(name, type, value, 300)).toList();
  }

  private List<String> values(RecordName name, DnsRecord.Type type) {
    return provider().read(name, type).stream().map(DnsRecord::value).toList();
  }

  @Test
  default void namesItsNameServersAsHostsOrNotAtAll() {
    assertThat(provider().nameServers())
        .allSatisfy(name -> assertThat(name).matches("[a-z0-9.-]+[a-z0-9]"));
  }

  @Test
  default void saysThatItWrites() {
    assertThat(provider().isWritable()).isTrue();
  }

  @Test
  default void readsNothingWhereNothingIs() {
    assertThat(provider().read(name("nothing"), DnsRecord.Type.TXT)).isEmpty();
  }

  @Test
  default void writesEveryTypeOfThePlanAndReadsItBack() {
    var all =
        List.of(
            new DnsRecord(name("t-a"), DnsRecord.Type.A, "192.0.2.7", 300),
            new DnsRecord(name("t-mx"), DnsRecord.Type.MX, "10 mail.example.com", 300),
            new DnsRecord(name("t-txt"), DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.7 ~all", 300),
            new DnsRecord(name("t-cname"), DnsRecord.Type.CNAME, "mail.example.com", 300),
            new DnsRecord(name("_t._tcp"), DnsRecord.Type.SRV, "0 1 465 mail.example.com", 300),
            new DnsRecord(name("_none._tcp"), DnsRecord.Type.SRV, "0 0 0 .", 300),
            new DnsRecord(name("t-caa"), DnsRecord.Type.CAA, "0 issue \"letsencrypt.org\"", 300));
    for (var record : all) {
      provider().change(record.name(), record.type(), List.of(), List.of(record));
      assertThat(values(record.name(), record.type())).containsExactly(record.value());
    }
  }

  @Test
  default void keepsTextsLongerThanOneString() {
    var name = name("s1._domainkey");
    var key = "v=DKIM1; k=rsa; p=" + "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A".repeat(13);
    provider().change(name, DnsRecord.Type.TXT, List.of(), records(name, DnsRecord.Type.TXT, key));
    assertThat(values(name, DnsRecord.Type.TXT)).containsExactly(key);
  }

  @Test
  default void keepsQuotesAndBackslashes() {
    var name = name("odd");
    var text = "say \"hi\" \\; C:\\100 é";
    provider().change(name, DnsRecord.Type.TXT, List.of(), records(name, DnsRecord.Type.TXT, text));
    assertThat(values(name, DnsRecord.Type.TXT)).containsExactly(text);
  }

  @Test
  default void leavesForeignValuesAlone() {
    var name = name("shared");
    putByHand(name, DnsRecord.Type.TXT, "google-site-verification=x", "back\\slash");
    var there = provider().read(name, DnsRecord.Type.TXT);
    var ours = records(name, DnsRecord.Type.TXT, "ours").getFirst();

    provider()
        .change(
            name,
            DnsRecord.Type.TXT,
            there,
            Stream.concat(there.stream(), Stream.of(ours)).toList());
    assertThat(values(name, DnsRecord.Type.TXT))
        .containsExactlyInAnyOrder("google-site-verification=x", "back\\slash", "ours");

    provider().change(name, DnsRecord.Type.TXT, provider().read(name, DnsRecord.Type.TXT), there);
    assertThat(values(name, DnsRecord.Type.TXT))
        .containsExactlyInAnyOrder("google-site-verification=x", "back\\slash");
  }

  @Test
  default void repeatsAChangeWithoutHarm() {
    var name = name("twice");
    var wanted = records(name, DnsRecord.Type.MX, "10 mail.example.com");
    provider().change(name, DnsRecord.Type.MX, List.of(), wanted);
    provider().change(name, DnsRecord.Type.MX, provider().read(name, DnsRecord.Type.MX), wanted);
    assertThat(values(name, DnsRecord.Type.MX)).containsExactly("10 mail.example.com");
  }

  @Test
  default void replacesOneValueByAnother() {
    var name = name("replaced");
    putByHand(name, DnsRecord.Type.TXT, "v=spf1 a -all", "google-site-verification=x");
    var there = provider().read(name, DnsRecord.Type.TXT);
    var theirs = there.stream().filter(one -> one.value().startsWith("google")).toList();
    var ours = records(name, DnsRecord.Type.TXT, "v=spf1 a ip4:192.0.2.8 -all");

    provider()
        .change(
            name,
            DnsRecord.Type.TXT,
            there,
            Stream.concat(theirs.stream(), ours.stream()).toList());

    assertThat(values(name, DnsRecord.Type.TXT))
        .containsExactlyInAnyOrder("google-site-verification=x", "v=spf1 a ip4:192.0.2.8 -all");
  }

  @Test
  default void overwritesNothingThatChangedInBetween() {
    var name = name("raced");
    var before = provider().read(name, DnsRecord.Type.MX);
    putByHand(name, DnsRecord.Type.MX, "5 theirs.example.com");

    assertThatThrownBy(() ->
            provider()
                .change(
                    name,
                    DnsRecord.Type.MX,
                    before,
                    records(name, DnsRecord.Type.MX, "10 ours.example.com")))
        .isInstanceOf(Unavailable.class);
    assertThat(values(name, DnsRecord.Type.MX)).containsExactly("5 theirs.example.com");
  }

  @Test
  default void changesSeveralRecordSetsOrNone() {
    var free = name("several-free");
    var taken = name("several-taken");
    putByHand(taken, DnsRecord.Type.TXT, "theirs");
    var there = provider().read(taken, DnsRecord.Type.TXT);
    var address = change(free, DnsRecord.Type.A, List.of(), "192.0.2.9");
    var overlooking = change(taken, DnsRecord.Type.TXT, List.of(), "ours");

    assertThatThrownBy(() -> provider().change(List.of(address, overlooking)))
        .isInstanceOf(Unavailable.class);
    assertThat(values(free, DnsRecord.Type.A)).isEmpty();

    provider().change(List.of(address, change(taken, DnsRecord.Type.TXT, there, "theirs", "ours")));
    assertThat(provider().read(List.of(address.set(), overlooking.set())))
        .extracting(DnsRecord::value)
        .containsExactlyInAnyOrder("192.0.2.9", "theirs", "ours");
  }

  private static DnsProvider.Change change(
      RecordName name, DnsRecord.Type type, List<DnsRecord> expected, String... wanted) {
    return new DnsProvider.Change(
        new RecordQuestion(name, type), expected, records(name, type, wanted));
  }

  @Test
  default void takesRecordsOutAgain() {
    var name = name("gone");
    var ours = records(name, DnsRecord.Type.A, "192.0.2.8");
    provider().change(name, DnsRecord.Type.A, List.of(), ours);
    provider().change(name, DnsRecord.Type.A, ours, List.of());
    assertThat(provider().read(name, DnsRecord.Type.A)).isEmpty();
  }

  @Test
  default void neverCallsARecordWrittenThatAnAliasKeptOut() {
    var name = name("aliased");
    putByHand(name, DnsRecord.Type.CNAME, "elsewhere.example.com");
    assertThatThrownBy(() ->
            provider()
                .change(
                    name, DnsRecord.Type.TXT, List.of(), records(name, DnsRecord.Type.TXT, "ours")))
        .isInstanceOf(com.penguinmails.workflows.model.OutsideException.class);
  }
}
