package com.penguinmails.sandbox.host;

import static com.penguinmails.sandbox.host.RentedHost.FQDN;
import static com.penguinmails.sandbox.host.RentedHost.SERVER;
import static com.penguinmails.sandbox.host.RentedHost.bundle;
import static com.penguinmails.sandbox.host.RentedHost.finished;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.HostEvent;
import com.penguinmails.sandbox.host.machine.HostEvent.Kind;
import com.penguinmails.sandbox.stack.SelfMadeCertificate;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ServerId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Debian stack on a simulated host, with the production bundles and protocol.
class SimulatedConvergingTest {
  private static final String CHAIN = "/etc/ssl/penguin/mail.fullchain.pem";
  @TempDir Path directory;
  private RentedHost rented;

  @BeforeEach
  void rentAndContact() {
    rented = RentedHost.container(directory);
    rented.contact();
  }

  @AfterEach
  void giveBack() {
    rented.close();
  }

  private HostOwner owner() {
    return rented.host().owner();
  }

  /// As a bare Docker host answers.
  @Test
  void answersOnABareHostWhatARealOneDoes() {
    assertThat(rented.states(rented.desired(1, "jane")))
        .containsExactly(
            Map.entry("010-identity", State.DRIFT),
            Map.entry("020-packages", State.PARTIAL),
            Map.entry("030-time", State.NOT_APPLICABLE),
            Map.entry("040-swap", State.NOT_APPLICABLE),
            Map.entry("050-kernel", State.NOT_APPLICABLE),
            Map.entry("060-journal", State.ABSENT),
            Map.entry("070-ca-roots", State.ABSENT),
            Map.entry("080-resolver", State.DRIFT),
            Map.entry("090-sshd", State.ABSENT),
            Map.entry("100-firewall", State.ABSENT),
            Map.entry("110-bans", State.ABSENT),
            Map.entry("120-updates", State.DRIFT),
            Map.entry("210-opendkim", State.ABSENT),
            Map.entry("220-mta-sts", State.ABSENT),
            Map.entry("230-mailboxes", State.ABSENT),
            Map.entry("240-tls", State.ABSENT),
            Map.entry("250-dovecot", State.ABSENT),
            Map.entry("260-postfix", State.ABSENT),
            Map.entry("270-web", State.ABSENT));
  }

  /// Packages bring configuration of their own, which the second part replaces.
  @Test
  void answersBetweenTheTwoPartsWhatARealOneDoes() {
    rented.converge(rented.desired(0, "jane"));

    assertThat(rented.states(rented.desired(1, "jane")))
        .containsEntry("240-tls", State.ABSENT)
        .containsEntry("250-dovecot", State.DRIFT)
        .containsEntry("260-postfix", State.DRIFT)
        .containsEntry("270-web", State.ABSENT);
  }

  @Test
  void becomesAMailHostInTwoPartsAndThenChangesNothing() {
    assertThat(rented.converge(rented.desired(0, "jane")))
        .contains("020-packages")
        .doesNotContain("260-postfix");
    assertThat(List.of(25, 80, 993)).noneMatch(owner()::isOpen);
    assertThat(owner().hostname()).isEqualTo(FQDN);

    assertThat(rented.converge(rented.desired(1, "jane")))
        .containsExactly("240-tls", "250-dovecot", "260-postfix", "270-web");
    assertThat(List.of(25, 80, 443, 465, 587, 993)).allMatch(owner()::isOpen);

    var again = rented.desired(1, "jane");
    assertThat(rented.converge(again)).isEmpty();
    var before = owner().fingerprint();
    assertThat(rented.converge(again)).isEmpty();
    assertThat(owner().fingerprint()).isEqualTo(before);
  }

  @Test
  void becomesAMailHostOnAVirtualMachineToo() {
    rented.close();
    rented = RentedHost.virtualMachine(directory.resolve("other"));
    rented.contact();

    assertThat(rented.converge(rented.desired(1, "jane")))
        .contains("030-time", "040-swap", "050-kernel");
    rented.host().reset();
    assertThat(rented.unsettled(rented.desired(1, "jane"))).isEmpty();
  }

  @Test
  void changesOnlyMailboxesForANewMailboxAndOnlyTheCertificateForANewOne() {
    rented.converge(rented.desired(1, "jane"));

    assertThat(rented.converge(rented.desired(1, "jane", "joe"))).containsExactly("230-mailboxes");
    assertThat(rented.converge(rented.desired(2, "jane", "joe"))).containsExactly("240-tls");

    var view = rented.host().view();
    assertThat(view.read("dovecot", CHAIN).orElseThrow()).isEqualTo(view.file(CHAIN).orElseThrow());
    assertThat(view.installedCertificate().orElseThrow().chainPem()).contains("CERTIFICATE");
  }

  @Test
  void findsAndRepairsHandMadeChanges() {
    rented.converge(rented.desired(1, "jane"));
    owner().write("/etc/postfix/main.cf", "myhostname = other.test\nmynetworks = 0.0.0.0/0\n");
    owner().reload("postfix");
    owner().stop("dovecot");
    owner().remove("/etc/opendkim/keys/acme.test/pm202611.private");
    owner().spoilFirewall();
    owner().changeMode("/etc/nginx/sites-enabled/penguin.conf", "0600");
    owner().write("/etc/ssh/sshd_config.d/10-penguin.conf", "MaxAuthTries 100\n");

    assertThat(rented.states(rented.desired(1, "jane")))
        .containsEntry("250-dovecot", State.DRIFT)
        .containsEntry("260-postfix", State.DRIFT);
    assertThat(rented.converge(rented.desired(1, "jane")))
        .containsExactly(
            "090-sshd", "100-firewall", "210-opendkim", "250-dovecot", "260-postfix", "270-web");
    assertThat(owner().read("/etc/postfix/main.cf").orElseThrow())
        .contains("mynetworks = 127.0.0.0/8");
  }

  @Test
  void findsAProgramThatShowsAnotherCertificate() {
    rented.converge(rented.desired(2, "jane"));
    var ours = owner().read(CHAIN).orElseThrow();
    owner().write(CHAIN, SelfMadeCertificate.forNames("x.test").getOrDefault("chain", ""));
    owner().reload("nginx");
    owner().write(CHAIN, ours);

    var answers = rented.answers(rented.desired(2, "jane"));

    assertThat(answers)
        .filteredOn(answer -> answer.step().equals("240-tls"))
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.state()).isEqualTo(State.DRIFT);
          assertThat(answer.evidence()).isEqualTo("port 443 shows another certificate");
        });
    owner().reload("nginx");
    assertThat(rented.unsettled(rented.desired(2, "jane"))).isEmpty();
  }

  @Test
  void unpacksAgainWhatAResetToreInTheMiddle() {
    rented.converge(rented.desired(1, "jane"));
    owner().tear("curl");

    assertThat(rented.converge(rented.desired(1, "jane"))).containsExactly("020-packages");
    assertThat(owner().isInstalled("curl")).isTrue();
  }

  /// What could lock everybody out is taken back, unless our login came in meanwhile.
  @Test
  void keepsOnlySettingsThatALoginProved() {
    var desired = rented.desired(0, "jane");
    rented.converge(desired); // which logs in for each step
    rented.host().letPass(Duration.ofMinutes(6));
    assertThat(rented.unsettled(desired)).isEmpty();

    owner().spoilFirewall();
    rented.apply(bundle(desired), "100-firewall", "again");
    rented.host().letPass(Duration.ofMinutes(6));

    assertThat(rented.unsettled(desired)).containsExactly("100-firewall");
    assertThat(rented.converge(desired)).containsExactly("100-firewall");
  }

  @Test
  void refusesAnOlderVersionAndAnotherServer() {
    var older = rented.desired(0, "jane");
    rented.apply(bundle(rented.desired(0, "jane")), "010-identity", "new");

    assertThatThrownBy(() -> rented.apply(bundle(older), "010-identity", "old"))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.SUPERSEDED);
    var stranger = ServerId.of("01980000-0000-7000-8000-000000000002");
    assertThatThrownBy(() -> rented.inSession(protocol -> protocol.retire(stranger, "x")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("not server");
  }

  @Test
  void survivesAReboot() {
    rented.converge(rented.desired(1, "jane"));
    var boot = owner().bootId();

    rented.host().reset();

    assertThat(owner().bootId()).isNotEqualTo(boot);
    assertThat(rented.unsettled(rented.desired(1, "jane"))).isEmpty();
  }

  @Test
  void bringsAHostOfAnOlderWorkerUpToDate() {
    var rules = "/etc/sudoers.d/penguin";
    var today = owner().read(rules).orElseThrow();
    owner().write(rules, today.replace(" [0-9]{1,2}$", "$"));

    rented.converge(rented.desired(0, "jane"));

    assertThat(owner().read(rules)).contains(today);
  }

  @Test
  void tellsWhoListensWhatBecameOfIt() {
    var events = new CopyOnWriteArrayList<HostEvent>();
    rented.host().listen((host, event) -> events.add(event));

    rented.converge(rented.desired(1, "jane"));
    rented.converge(rented.desired(2, "jane"));

    assertThat(events)
        .contains(
            new HostEvent(Kind.UNIT_STARTED, "postfix@-.service"),
            new HostEvent(Kind.STEP_APPLIED, "260-postfix"),
            new HostEvent(Kind.UNIT_RELOADED, "dovecot.service"));
    assertThat(rented.host().view().activeUnits())
        .contains("dovecot.service", "opendkim.service", "postfix@-.service");
  }

  @Test
  void retiringLeavesTheHostAsItWas() {
    rented.close();
    rented = RentedHost.container(directory.resolve("other"));
    owner().write("/etc/postfix/main.cf", "# the tenant was here");
    owner().changeMode("/etc/postfix/main.cf", "0600");
    var before = rented.host().view().filesBelow("/etc");
    var hosts = owner().read("/etc/hosts");
    rented.contact();
    rented.converge(rented.desired(1, "jane"));

    var retired = rented.inSession(protocol -> finished(protocol, protocol.retire(SERVER, "bye")));
    assertThat(retired.exitCode()).as(retired.evidence()).isZero();
    assertThat(owner().isInstalled("postfix")).isFalse();
    rented.inSession(protocol -> {
      protocol.leave(SERVER);
      return true;
    });

    await().atMost(Duration.ofSeconds(10)).until(() -> !owner().hasUser("penguin"));
    assertThat(rented.host().view().filesBelow("/etc")).isEqualTo(before);
    assertThat(owner().read("/etc/hosts")).isEqualTo(hosts);
    assertThat(owner().read("/etc/postfix/main.cf")).contains("# the tenant was here");
    assertThat(owner().mode("/etc/postfix/main.cf")).contains("600");
    assertThat(owner().exists("/var/lib/penguin")).isFalse();
    assertThat(owner().exists("/usr/local/lib/penguin")).isFalse();
    assertThat(owner().hostname()).isEqualTo("host");
    rented.asRoot().close();
  }
}
