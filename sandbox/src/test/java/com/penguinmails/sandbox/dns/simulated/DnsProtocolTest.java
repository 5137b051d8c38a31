package com.penguinmails.sandbox.dns.simulated;

import static com.penguinmails.sandbox.dns.simulated.Asking.question;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.dns.Resolver.Answer;
import com.penguinmails.ports.dns.Resolver.ServerAnswer;
import com.penguinmails.ports.dns.dnsjava.WireRecords;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.dns.ZoneKey;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIG;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;
import org.xbill.DNS.Update;

/// What goes over the wire.
class DnsProtocolTest {
  private static final LoopbackNetwork NETWORK = new LoopbackNetwork("127.91.2");
  private static final DomainName ZONE = new DomainName("wire.test");
  private static final Asking CLIENT = new Asking(NETWORK);
  private static final String LONG = "0123456789".repeat(70); // beyond plain UDP, within EDNS
  private static final String LONGER = "0123456789".repeat(200); // beyond both
  @TempDir private static Path directory;
  private static SimulatedDnsWorld world;
  private static ZoneKey key;

  @BeforeAll
  static void start() {
    world = SimulatedDnsWorld.start(directory, NETWORK);
    key = world.delegate(ZONE);
    put("long", DnsRecord.Type.TXT, LONG);
    put("longer", DnsRecord.Type.TXT, LONGER);
    put("mail", DnsRecord.Type.A, "192.0.2.7");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static void put(String label, DnsRecord.Type type, String value) {
    world.put(ZONE, RecordName.of(label, ZONE), type, value);
  }

  private static boolean has(Message message, int flag) {
    return message.getHeader().getFlag(flag);
  }

  @Test
  void saysWhoIsAuthoritativeAndWhoRecurses() throws IOException {
    var authoritative = CLIENT.ask(Server.PRIMARY, "mail.wire.test", Type.A);
    assertThat(has(authoritative, Flags.AA)).isTrue();
    assertThat(has(authoritative, Flags.RA)).isFalse();
    assertThat(has(authoritative, Flags.RD)).isTrue();

    var recursive = CLIENT.ask(Server.FIRST_RECURSIVE, "mail.wire.test", Type.A);
    assertThat(has(recursive, Flags.AA)).isFalse();
    assertThat(has(recursive, Flags.RA)).isTrue();
    assertThat(recursive.getSection(Section.ANSWER)).hasSize(1);

    var referral = CLIENT.askOnly(Server.ROOT, "mail.wire.test", Type.A);
    assertThat(has(referral, Flags.AA)).isFalse();
    assertThat(referral.getSection(Section.ANSWER)).isEmpty();
    assertThat(referral.getSection(Section.AUTHORITY)).hasSize(2);
    assertThat(referral.getSection(Section.ADDITIONAL)).hasSize(3); // two addresses and EDNS
  }

  @Test
  void refusesWhatItIsNotThereFor() throws IOException {
    assertThat(CLIENT.ask(Server.PRIMARY, "elsewhere.test", Type.A).getRcode())
        .isEqualTo(Rcode.REFUSED);
    assertThat(CLIENT.askOnly(Server.FIRST_RECURSIVE, "mail.wire.test", Type.A).getRcode())
        .isEqualTo(Rcode.REFUSED);
    assertThat(CLIENT.ask(Server.PRIMARY, "wire.test", Type.IXFR).getRcode())
        .isEqualTo(Rcode.REFUSED);
  }

  @Test
  void provesAbsenceWithTheSoa() throws IOException {
    for (var server : new Server[] {Server.PRIMARY, Server.SECONDARY, Server.SECOND_RECURSIVE}) {
      var noName = CLIENT.ask(server, "none.wire.test", Type.A);
      assertThat(noName.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      var noType = CLIENT.ask(server, "mail.wire.test", Type.AAAA);
      assertThat(noType.getRcode()).isEqualTo(Rcode.NOERROR);
      for (var absent : new Message[] {noName, noType}) {
        assertThat(absent.getSection(Section.ANSWER)).isEmpty();
        assertThat(absent.getSection(Section.AUTHORITY))
            .singleElement()
            .satisfies(soa -> {
              assertThat(soa.getType()).isEqualTo(Type.SOA);
              assertThat(soa.getTTL()).isEqualTo(2);
            });
      }
    }
  }

  @Test
  void cutsWhatAClientCannotTakeAndTellsAllOverTcp() throws IOException {
    for (var server : new Server[] {Server.PRIMARY, Server.FIRST_RECURSIVE}) {
      var old = CLIENT.client(server);
      old.setEDNS(-1, 0, 0, java.util.List.of());
      old.setIgnoreTruncation(true);
      var cut = old.send(question("long.wire.test", Type.TXT));
      assertThat(has(cut, Flags.TC)).isTrue();
      assertThat(cut.numBytes()).isLessThanOrEqualTo(512);
      assertThat(cut.getOPT()).isNull();

      var modern = CLIENT.client(server);
      modern.setIgnoreTruncation(true);
      assertThat(has(modern.send(question("long.wire.test", Type.TXT)), Flags.TC)).isFalse();
      assertThat(has(modern.send(question("longer.wire.test", Type.TXT)), Flags.TC)).isTrue();

      var patient = CLIENT.ask(server, "longer.wire.test", Type.TXT);
      assertThat(patient.getSection(Section.ANSWER))
          .singleElement()
          .satisfies(record ->
              assertThat(String.join("", ((TXTRecord) record).getStrings())).isEqualTo(LONGER));
    }
  }

  @Test
  void speaksOneVersionOfEdns() throws IOException {
    var answer = CLIENT.ask(Server.PRIMARY, "mail.wire.test", Type.A);
    assertThat(answer.getOPT().getPayloadSize()).isEqualTo(1232);

    var later = question("mail.wire.test", Type.A);
    later.addRecord(new OPTRecord(4096, 0, 1), Section.ADDITIONAL);
    var refused = CLIENT.client(Server.PRIMARY).send(later);
    assertThat(refused.getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(refused.getSection(Section.ANSWER)).isEmpty();
  }

  @Test
  void answersEvenWhatCannotBeRead() throws IOException {
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(5_000);
      var garbage = new byte[] {1, 2, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 63};
      socket.send(
          new DatagramPacket(garbage, garbage.length, NETWORK.reach(Server.PRIMARY.address(), 53)));
      var packet = new DatagramPacket(new byte[512], 512);
      socket.receive(packet);
      var answer = new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
      assertThat(answer.getHeader().getID()).isEqualTo(0x0102);
      assertThat(answer.getRcode()).isEqualTo(Rcode.FORMERR);
    }
  }

  @Test
  void followsAliasesThroughZones() throws IOException {
    var other = new DomainName("other-wire.example");
    world.delegate(other);
    world.put(other, RecordName.of(other), DnsRecord.Type.A, "192.0.2.9");
    put("out", DnsRecord.Type.CNAME, other.value());
    put("loop", DnsRecord.Type.CNAME, "pool.wire.test");
    put("pool", DnsRecord.Type.CNAME, "loop.wire.test");
    put("dangling", DnsRecord.Type.CNAME, "none.other-wire.example");

    for (var server : new Server[] {Server.PRIMARY, Server.FIRST_RECURSIVE}) {
      assertThat(CLIENT.ask(server, "out.wire.test", Type.A).getSection(Section.ANSWER))
          .extracting(record -> Type.string(record.getType()))
          .containsExactly("CNAME", "A");
      var dangling = CLIENT.ask(server, "dangling.wire.test", Type.A);
      assertThat(dangling.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      assertThat(dangling.getSection(Section.ANSWER)).hasSize(1);
    }
    assertThat(CLIENT.ask(Server.FIRST_RECURSIVE, "loop.wire.test", Type.A).getRcode())
        .isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void holdsZonesOfAnyTopLevelDomain() {
    var list = new DomainName("zen.spamhaus.org");
    world.delegate(list);
    var listed = RecordName.of("10.2.0.192", list);
    world.put(list, listed, DnsRecord.Type.A, "127.0.0.2");

    assertThat(world.resolver().delegation(listed).orElseThrow().servers())
        .extracting(server -> server.name() + " " + server.address().orElseThrow())
        .containsExactly("ns1.test 192.0.2.3", "ns2.test 192.0.2.4");
    assertThat(world.resolver().askRecursive(listed, DnsRecord.Type.A))
        .hasSize(2)
        .extracting(ServerAnswer::answer)
        .allSatisfy(answer ->
            assertThat(answer)
                .isInstanceOfSatisfying(
                    Answer.Found.class,
                    found ->
                        assertThat(found.records().getFirst().value()).isEqualTo("127.0.0.2")));
    assertThat(world.resolver().askRecursive(RecordName.of("11.2.0.192", list), DnsRecord.Type.A))
        .extracting(ServerAnswer::answer)
        .containsOnly(new Answer.Absent(false));
    assertThat(world.resolver().delegation(new RecordName("spamcop.net"))).isEmpty();
  }

  @Test
  void takesUpdatesOnlyFromWhoMay() throws IOException {
    assertThat(send(Server.PRIMARY, update("wire.test"), null)).isEqualTo(Rcode.REFUSED);
    assertThat(send(Server.PRIMARY, update("elsewhere.test"), null)).isEqualTo(Rcode.NOTAUTH);
    var other = world.delegate(new DomainName("other.test"));
    var foreign = new TSIG(TSIG.HMAC_SHA256, "other.test.", other.secret());
    assertThat(send(Server.PRIMARY, update("wire.test"), foreign)).isEqualTo(Rcode.REFUSED);
    assertThat(send(Server.SECONDARY, update("wire.test"), null)).isEqualTo(Rcode.REFUSED);
    assertThat(send(Server.FIRST_RECURSIVE, update("wire.test"), null)).isEqualTo(Rcode.NOTIMP);
    assertThat(send(Server.PRIMARY, update("wire.test"), own(Clock.systemUTC())))
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void saysWhatIsWrongWithASignature() throws IOException {
    var late = own(Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)));
    assertThat(tsigErrorOf(late)).isEqualTo(Rcode.BADTIME);
    var wrong = new TSIG(TSIG.HMAC_SHA256, "wire.test.", "d3Jvbmcgd3Jvbmcgd3Jvbmcgd3Jvbmc=");
    assertThat(tsigErrorOf(wrong)).isEqualTo(Rcode.BADSIG);
    var unknown = new TSIG(TSIG.HMAC_SHA256, "nobody.", key.secret());
    assertThat(tsigErrorOf(unknown)).isEqualTo(Rcode.BADKEY);
    var otherAlgorithm = new TSIG(TSIG.HMAC_SHA512, "wire.test.", key.secret());
    assertThat(tsigErrorOf(otherAlgorithm)).isEqualTo(Rcode.BADKEY);
  }

  private static int tsigErrorOf(TSIG signature) throws IOException {
    var client = CLIENT.client(Server.PRIMARY);
    client.setTSIGKey(signature);
    var answer = client.send(question("mail.wire.test", Type.A));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NOTAUTH);
    assertThat(answer.getSection(Section.ANSWER)).isEmpty();
    return answer.getTSIG().getError();
  }

  private static TSIG own(Clock clock) {
    var secret = new SecretKeySpec(Base64.getDecoder().decode(key.secret()), "HmacSHA256");
    return new TSIG(TSIG.HMAC_SHA256, WireRecords.name("wire.test"), secret, clock);
  }

  private static Update update(String zone) {
    var update = new Update(WireRecords.name(zone));
    update.add(new TXTRecord(WireRecords.name("updated." + zone), DClass.IN, 30, "by update"));
    return update;
  }

  private static int send(Server server, Update update, @org.jspecify.annotations.Nullable TSIG key)
      throws IOException {
    var client = CLIENT.client(server);
    client.setTSIGKey(key);
    return client.send(update).getRcode();
  }
}
