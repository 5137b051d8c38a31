package com.penguinmails.sandbox.dns.simulated;

import static com.penguinmails.sandbox.dns.DnsWorldContract.isFound;
import static com.penguinmails.sandbox.dns.DnsWorldContract.publish;
import static com.penguinmails.sandbox.dns.simulated.Asking.question;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.rfc2136.Rfc2136DnsProvider;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.sandbox.dns.simulated.DnsFaults.Fault;
import com.penguinmails.sandbox.dns.simulated.DnsFaults.Target;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

class DnsFaultsTest {
  private static final LoopbackNetwork NETWORK = new LoopbackNetwork("127.91.3");
  private static final DomainName ZONE = new DomainName("faults.test");
  private static final RecordName NAME = RecordName.of("x", ZONE);
  private static final Asking CLIENT = new Asking(NETWORK);
  @TempDir private static Path directory;
  private static SimulatedDnsWorld world;
  private static DnsProvider provider;

  @BeforeAll
  static void start() {
    world = SimulatedDnsWorld.start(directory, NETWORK);
    var key = world.delegate(ZONE);
    world.put(ZONE, NAME, DnsRecord.Type.TXT, "before");
    provider =
        new Rfc2136DnsProvider.Factory(NETWORK)
            .open(
                ZONE,
                Map.of("server", key.server().value(), "keyName", key.keyName()),
                Map.of("secret", key.secret()));
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void heal() {
    world.faults().heal();
    world.heal(ZONE);
    world.put(ZONE, NAME, DnsRecord.Type.TXT, "before");
  }

  private static int ask(Server server) throws IOException {
    return CLIENT.ask(server, NAME.value(), Type.TXT).getRcode();
  }

  @Test
  void failsAsOftenAsPlanned() throws IOException {
    world.faults().plan(Target.of(Server.PRIMARY, ZONE), new Fault.Servfail(), 2);
    world.faults().plan(Target.of(Server.PRIMARY), new Fault.Refuse(), 1);

    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.SERVFAIL);
    assertThat(ask(Server.SECONDARY)).isEqualTo(Rcode.NOERROR);
    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.SERVFAIL);
    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.REFUSED);
    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.NOERROR);
  }

  @Test
  void hitsOneZoneAndOneKindOnly() throws IOException {
    var other = new DomainName("other.test");
    world.delegate(other);
    world.faults().keep(Target.updates(Server.PRIMARY, ZONE), new Fault.Servfail());
    world.faults().keep(Target.questions(Server.SECONDARY, ZONE), new Fault.Refuse());

    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.NOERROR);
    assertThatThrownBy(() -> publish(provider, NAME, "after"))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("SERVFAIL");
    assertThat(ask(Server.SECONDARY)).isEqualTo(Rcode.REFUSED);
    assertThat(CLIENT.ask(Server.SECONDARY, "other.test", Type.SOA).getRcode())
        .isEqualTo(Rcode.NOERROR);
  }

  @Test
  void losesTheAnswerToAnUpdateThatWasMade() {
    world.faults().plan(Target.updates(Server.PRIMARY, ZONE), new Fault.AnswerLost(), 1);

    assertThatThrownBy(() -> publish(provider, NAME, "after")).isInstanceOf(Unavailable.class);
    assertThat(world.read(ZONE, NAME, DnsRecord.Type.TXT))
        .extracting(DnsRecord::value)
        .containsExactly("after");

    // Nothing is left to do; the client may yet notice that its connection is gone.
    await()
        .pollDelay(Duration.ZERO)
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(() -> publish(provider, NAME, "after"));
    assertThat(world.read(ZONE, NAME, DnsRecord.Type.TXT)).hasSize(1);
  }

  @Test
  void keepsSilent() {
    world.faults().keep(Target.of(Server.PRIMARY, ZONE), new Fault.Silence());
    var impatient = CLIENT.client(Server.PRIMARY);
    impatient.setTimeout(Duration.ofMillis(50));
    for (var isTcp : new boolean[] {false, true}) {
      impatient.setTCP(isTcp);
      assertThatThrownBy(() -> impatient.send(question(NAME.value(), Type.TXT)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void answersLate() throws IOException {
    var delay = Duration.ofMillis(100);
    world.faults().plan(Target.of(Server.PRIMARY, ZONE), new Fault.Late(delay), 1);
    var began = Instant.now();

    assertThat(ask(Server.PRIMARY)).isEqualTo(Rcode.NOERROR);
    assertThat(Duration.between(began, Instant.now())).isGreaterThanOrEqualTo(delay);
  }

  @Test
  void holdsUpNobodyElseOnTheSameConnection() throws Exception {
    var silent = new DomainName("silent.test");
    world.delegate(silent);
    world.faults().keep(Target.of(Server.PRIMARY, silent), new Fault.Silence());
    var client = CLIENT.client(Server.PRIMARY);
    client.setTCP(true);

    var waiting = client.sendAsync(question(silent.value(), Type.SOA)).toCompletableFuture();
    var answer = client.send(question(NAME.value(), Type.TXT));

    assertThat(answer.getRcode()).isEqualTo(Rcode.NOERROR);
    assertThat(waiting).isNotDone();
  }

  @Test
  void resolvesPastAServerThatIsDown() {
    world.faults().keep(Target.of(Server.PRIMARY), new Fault.Silence());
    assertThat(world.resolver().askRecursive(NAME, DnsRecord.Type.TXT))
        .hasSize(2)
        .allMatch(answer -> isFound(answer, "before"));
  }

  @Test
  void showsAStaleSecondaryToTheSecondResolver() {
    world.staleSecondary(ZONE);
    world.put(ZONE, NAME, DnsRecord.Type.TXT, "after");
    assertThat(world.resolver().askRecursive(NAME, DnsRecord.Type.TXT))
        .satisfiesExactly(
            first -> assertThat(isFound(first, "after")).isTrue(),
            second -> assertThat(isFound(second, "before")).isTrue());
  }
}
