package com.penguinmails.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.activities.server.FirstContact;
import com.penguinmails.activities.server.FirstContact.ContactHost;
import com.penguinmails.activities.server.HostBundles;
import com.penguinmails.ports.host.HostBundle;
import com.penguinmails.ports.host.HostFacts;
import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.ports.host.ssh.SshjRemoteHosts;
import com.penguinmails.ports.network.Network;
import com.penguinmails.ports.stack.StackDriver.PlannedFile;
import com.penguinmails.ports.stack.StackDriver.PlannedStep;
import com.penguinmails.ports.stack.StackDriver.Source;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/// First contact and the step protocol against a real sshd and systemd, with toy steps.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConvergingIT {
  private static final String INSTANCE = "convergingit";
  private static final String CANARY = "canary-7d1f-mailbox-hash";
  private static final ServerId SERVER = ServerId.of("01980000-0000-7000-8000-000000000001");
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SshKeyPair LOGIN_KEY = SshKeyPair.generate("penguin");
  private static final SshKeyPair HOST_KEY = SshKeyPair.generate("host");
  private static final Templates TEMPLATES = new Templates(ConvergingIT.class.getClassLoader());
  private static DockerEngine engine;
  private static DockerHost host;
  private static long version = 1;
  private RemoteHost session;
  private StepProtocol protocol;

  @BeforeAll
  static void rentAndContact() {
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    var network = engine.network(INSTANCE);
    host = DockerHost.rent(engine, network, "host", network.address(20), "one-time", List.of());
    sh("echo the tenant was here > /etc/motd; chmod 0600 /etc/motd; rm -f /var/tmp/slow-*");
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    engine.close();
  }

  @BeforeEach
  void login() {
    new FirstContact(new SshjRemoteHosts(Network.direct()), TEMPLATES).contact(order());
    connect();
  }

  private void connect() {
    session =
        new SshjRemoteHosts(Network.direct())
            .connect(
                new Target(host.address(), 22, "penguin"),
                new HostKey.Pinned(HOST_KEY.fingerprint()),
                new Login.PrivateKey(LOGIN_KEY.privateKeyPem()),
                LIMIT);
    protocol = new StepProtocol(session);
  }

  @AfterEach
  void logout() {
    session.close();
  }

  private static ContactHost order() {
    return new ContactHost(
        SERVER,
        new Target(host.address(), 22, "root"),
        Optional.empty(),
        new Login.Password("one-time"),
        LOGIN_KEY,
        Optional.of(HOST_KEY),
        true);
  }

  private static String sh(String command) {
    var output = host.container().exec("bash", "-c", command);
    assertThat(output.exitCode()).as("%s: %s", command, output.standardError()).isZero();
    return output.standardOutput().strip();
  }

  private static HostBundle bundle(long version, String greeting, int tenths) {
    var secret = new SecretRef("test/mailbox", 1);
    var steps =
        List.of(
            new PlannedStep(
                "toy/010-banner.sh",
                Map.of(),
                List.of(
                    new PlannedFile(
                        "/etc/motd",
                        new Source.Template("toy/banner.txt", Map.of("greeting", greeting)),
                        "root:root",
                        "0644"))),
            new PlannedStep(
                "toy/020-slow.sh",
                Map.of("TENTHS", "" + tenths),
                List.of(
                    new PlannedFile(
                        "/etc/penguin/canary",
                        new Source.Secret(secret, "hash"),
                        "root:root",
                        "0600"))));
    return new HostBundles(TEMPLATES)
        .bundle(SERVER, version, steps, reference -> Map.of("hash", CANARY));
  }

  private StepStatus.Finished apply(HostBundle bundle, String step, String token) {
    return finished(protocol.start(bundle, step, token, Duration.ZERO).unit());
  }

  private StepStatus.Finished finished(String unit) {
    return (StepStatus.Finished)
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> protocol.status(unit, Duration.ofSeconds(1)),
                status -> !(status instanceof StepStatus.Running));
  }

  private List<State> states(HostBundle bundle) {
    return protocol.probeAll(bundle).stream().map(StepAnswer::state).toList();
  }

  private void converge(HostBundle bundle, String token) {
    for (var step : bundle.steps()) {
      var result = apply(bundle, step, token);
      assertThat(result.exitCode()).as(result.evidence()).isZero();
    }
  }

  @Test
  @Order(1)
  void firstContactLeavesOnlyOurKeyAndSaysSoAgain() {
    assertThat(sh("sshd -T | grep -i ^passwordauthentication"))
        .isEqualTo("passwordauthentication no");
    assertThat(sh("systemctl list-timers --all --no-legend 'pm-sshd*'")).isEmpty();
    assertThat(sh("stat -c '%U %a' /var/lib/penguin/staging")).isEqualTo("penguin 700");
    // The password is refused by now; our key decides.
    var again = new FirstContact(new SshjRemoteHosts(Network.direct()), TEMPLATES).contact(order());
    assertThat(again.fingerprint()).isEqualTo(HOST_KEY.fingerprint());
    // Nothing but the helpers by sudo, and those with sane arguments only.
    for (var command :
        List.of(
            List.of("sudo", "-n", "id"),
            List.of("sudo", "-n", "/usr/local/lib/penguin/penguin-step", "run", "a", "b", "c"),
            List.of("sudo", "-n", "/usr/local/lib/penguin/penguin-install", "receive", "../x"))) {
      assertThat(session.run(command, new byte[0], LIMIT).exitCode()).isNotZero();
    }
  }

  @Test
  @Order(2)
  void readsFacts() {
    var facts = HostFacts.ask(session, TEMPLATES.text("host/preflight"));
    assertThat(facts.osId() + facts.osVersion()).isEqualTo("debian12");
    assertThat(facts.clockAhead(Instant.now()).abs()).isLessThan(Duration.ofSeconds(30));
    assertThat(facts.listeners()).isEmpty();
    assertThat(facts.serverOfManifest()).isEqualTo(SERVER.toString());
  }

  @Test
  @Order(3)
  void convergesOnceAndThenChangesNothing() {
    var bundle = bundle(++version, "hello", 1);
    assertThat(states(bundle)).containsExactly(State.DRIFT, State.ABSENT);
    converge(bundle, "first");
    assertThat(states(bundle)).containsOnly(State.OK);
    assertThat(sh("cat /etc/motd")).contains("hello");
    assertThat(sh("ls -A /var/lib/penguin/staging")).isEmpty();

    // Same token: the result is there, nothing runs again.
    var begun = sh("wc -l < /var/tmp/slow-begun");
    converge(bundle, "first");
    assertThat(sh("wc -l < /var/tmp/slow-begun")).isEqualTo(begun);
  }

  @Test
  @Order(4)
  void findsAndRepairsAHandMadeChange() {
    var bundle = bundle(++version, "repaired", 1);
    converge(bundle, "a");
    assertThat(protocol.probeApplied(SERVER)).extracting(StepAnswer::state).containsOnly(State.OK);
    sh("echo hacked >> /etc/motd");
    assertThat(protocol.probeApplied(SERVER))
        .extracting(StepAnswer::state)
        .containsExactly(State.DRIFT, State.OK);
    assertThat(states(bundle)).containsExactly(State.DRIFT, State.OK);
    converge(bundle, "b");
    assertThat(states(bundle)).containsOnly(State.OK);
    assertThat(sh("cat /etc/motd")).endsWith("repaired");
    assertThat(protocol.probeApplied(SERVER)).extracting(StepAnswer::state).containsOnly(State.OK);
  }

  @Test
  @Order(5)
  void refusesAnOlderVersionAndAnotherServer() {
    var newer = bundle(++version, "newer", 1);
    var older = bundle(version - 1, "older", 1);
    converge(newer, "n");
    assertThatThrownBy(() -> protocol.start(older, "010-banner", "o", Duration.ZERO))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.SUPERSEDED);
    var stranger = ServerId.of("01980000-0000-7000-8000-000000000002");
    assertThatThrownBy(() -> protocol.retire(stranger, "x"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("not server");
    assertThatThrownBy(() -> protocol.probeApplied(stranger))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("another server");
    assertThat(sh("cat /etc/motd")).endsWith("newer");
  }

  @Test
  @Order(6)
  void survivesAKillAtAnyMoment() {
    var random = new Random(41);
    for (int round = 0; round < 4; round++) {
      sh("rm -f /var/tmp/slow-*");
      var bundle = bundle(++version, "kill " + round, 15 + round);
      var unit = protocol.start(bundle, "020-slow", "k", Duration.ZERO).unit();
      var moment = "sleep 0." + random.nextInt(1, 9);
      sh(moment + "; systemctl kill --signal=KILL " + unit + ".service || true");
      await()
          .atMost(Duration.ofSeconds(20))
          .until(
              () -> !(protocol.status(unit, Duration.ofSeconds(1)) instanceof StepStatus.Running));
      assertThat(protocol.status(unit, Duration.ofSeconds(1))).isInstanceOf(StepStatus.Lost.class);
      converge(bundle, "k");
      assertThat(states(bundle)).as("killed after %s", moment).containsOnly(State.OK);
    }
  }

  @Test
  @Order(7)
  void survivesAResetInMidStep() {
    sh("rm -f /var/tmp/slow-*");
    var bundle = bundle(++version, "reset", 30);
    var unit = protocol.start(bundle, "020-slow", "r", Duration.ZERO).unit();
    await().until(() -> sh("ls /var/tmp").contains("slow-begun"));
    session.close();
    host.reset();
    connect();
    assertThat(protocol.status(unit, Duration.ofSeconds(1))).isInstanceOf(StepStatus.Lost.class);
    assertThat(states(bundle).get(1)).isEqualTo(State.PARTIAL);
    converge(bundle, "r");
    assertThat(states(bundle)).containsOnly(State.OK);
  }

  @Test
  @Order(8)
  void goesOnWithoutUsAndIsFoundAgain() {
    sh("rm -f /var/tmp/slow-*");
    var bundle = bundle(++version, "lost", 30);
    var unit = protocol.start(bundle, "020-slow", "l", Duration.ZERO).unit();
    host.disconnect();
    assertThatThrownBy(() -> protocol.status(unit, Duration.ofSeconds(1)))
        .isInstanceOf(Unavailable.class);
    session.close();
    host.reconnect();
    await() // neighbours find each other again only after a while
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptionsInstanceOf(Unavailable.class)
        .untilAsserted(this::connect);
    assertThat(protocol.start(bundle, "020-slow", "l", Duration.ZERO).unit()).isEqualTo(unit);
    assertThat(finished(unit).exitCode()).isZero();
    assertThat(sh("wc -l < /var/tmp/slow-begun")).isEqualTo("1");
  }

  /// Met by an older worker, the host lets our login call less than today's helpers need.
  @Test
  @Order(9)
  void bringsAHostOfAnOlderWorkerUpToDate() {
    sh("sed -i 's/ \\[0-9\\]{1,2}\\$$/$/' /etc/sudoers.d/penguin && visudo -cq");
    assertThat(sh("grep -c '1,2' /etc/sudoers.d/penguin || true")).isEqualTo("0");

    var bundle = bundle(++version, "rules of today", 1);
    assertThat(states(bundle)).contains(State.PARTIAL);
    converge(bundle, "rules");

    assertThat(sh("grep -c '1,2' /etc/sudoers.d/penguin")).isEqualTo("2");
  }

  @Test
  @Order(10)
  void showsNoSecretInTheProcessList() {
    sh("rm -f /var/tmp/slow-*");
    var bundle = bundle(++version, "secret", 20);
    var unit = protocol.start(bundle, "020-slow", "s", Duration.ZERO).unit();
    var seen = sh("for i in {1..40}; do cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' '; done");
    assertThat(seen).contains("020-slow").doesNotContain(CANARY);
    var result = finished(unit);
    assertThat(result.toString() + bundle).doesNotContain(CANARY);
    assertThat(sh("cat /etc/penguin/canary")).isEqualTo(CANARY);
  }

  @Test
  @Order(11)
  void retiringGivesTheTenantTheirFilesBack() {
    var result = finished(protocol.retire(SERVER, "bye"));
    assertThat(result.exitCode()).as(result.evidence()).isZero();
    assertThat(sh("cat /etc/motd; stat -c %a /etc/motd")).isEqualTo("the tenant was here\n600");
    assertThat(sh("ls /etc/penguin")).isEqualTo("manifest.json");

    protocol.leave(SERVER);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(
                    sh("ls -d /var/lib/penguin /usr/local/lib/penguin 2>&1; id penguin 2>&1; true"))
                .contains("no such user")
                .doesNotContain("/var/lib/penguin\n"));
    assertThat(sh("sshd -T | grep -i ^passwordauthentication"))
        .isEqualTo("passwordauthentication yes");
  }
}
