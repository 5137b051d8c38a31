package com.penguinmails.sandbox.stack;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.activities.server.FirstContact;
import com.penguinmails.activities.server.FirstContact.ContactHost;
import com.penguinmails.activities.server.HostBundles;
import com.penguinmails.ports.host.HostBundle;
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
import com.penguinmails.ports.stack.debian.DebianStackDriver;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Debian stack on a bare systemd host: packages from Debian's mirror, a self-made certificate.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DebianStackIT {
  private static final Logger log = LoggerFactory.getLogger(DebianStackIT.class);
  private static final String INSTANCE = "debianstackit";
  private static final ServerId SERVER = ServerId.of("01980000-0000-7000-8000-00000000000a");
  private static final DomainName DOMAIN = new DomainName("acme.test");
  private static final String FQDN = "mail.acme.test";
  private static final String PASSWORD = "correct horse";
  private static final String HASH =
      "{SHA512-CRYPT}$6$penguinsalt$.VT14YWmIi6tvNOenEER/TZH2iripS7cK/TTBPq31Ahtn8DwTlKwz8GdFkyYSwBG3OKgujYFB681Oek4OQ1x/.";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final SshKeyPair LOGIN_KEY = SshKeyPair.generate("penguin");
  private static final SshKeyPair HOST_KEY = SshKeyPair.generate("host");
  private static final Templates TEMPLATES = new Templates(DebianStackIT.class.getClassLoader());
  private static final Map<SecretRef, Map<String, String>> SECRETS = new HashMap<>();

  /// What a tenant would look at to see whether something of ours is left.
  private static final String LOOK =
      """
      hostname; cat /etc/hostname /etc/hosts /etc/resolv.conf /etc/fstab 2>/dev/null
      readlink /etc/localtime; cat /etc/timezone 2>/dev/null
      dpkg-query -W -f '${Package} ${db:Status-Status}\n' | grep ' installed$'
      ss -Hltun | awk '$5 !~ /^127\\.0\\.0\\.11:/ { print $1, $5 }' | sort -u # that one is Docker's
      systemctl list-unit-files --state=enabled --no-legend --no-pager | awk '{ print $1 }' | sort
      sshd -T | sort
      ls /etc/ssh /etc/ssh/sshd_config.d /etc/sudoers.d /etc/systemd/system /etc/apt/sources.list.d
      find /etc/penguin /var/lib/penguin /usr/local/lib/penguin /etc/postfix /etc/dovecot 2>/dev/null
      getent passwd | cut -d: -f1 | grep -x penguin
      nft list tables 2>/dev/null
      find /etc -type d | sort
      find / -xdev -name '*penguin*' -not -path '/var/lib/systemd/*' | sort
      ls /usr/sbin/policy-rc.d /run/systemd/system-generators/* 2>/dev/null
      true
      """;

  private static final String POSTFIX_GENERATOR =
      "/run/systemd/system-generators/postfix-instance-generator";

  /// Of each step. More of them: `-Dpenguin.hits=N`.
  private static final int HITS = Integer.getInteger("penguin.hits", 1);

  // About as long as they take, so that a kill may come at their end too.
  private static final Duration WHILE_A_STEP_RUNS = Duration.ofMillis(1200);
  private static final Duration WHILE_PACKAGES_COME = Duration.ofSeconds(30);
  private static final Duration WHILE_RETIRED = Duration.ofSeconds(10);
  private static final Duration WHILE_IN_FIRST_CONTACT = Duration.ofMillis(500);
  private static final Duration WHILE_LEAVING = Duration.ofMillis(150);

  /// After so many seconds. Says whether it came in time. The brackets: not this script itself.
  private static final String KILL_FIRST_CONTACT =
      """
      until pid=$(pgrep -o -f '[/]first-contact'); do ((SECONDS < 30)) || exit 1; sleep 0.01; done
      session=$(ps -o sid= -p "$pid" | tr -d ' ')
      sleep "$1"
      if [[ -n $session ]] && pkill -KILL -s "$session"; then echo hit; else echo over; fi
      """;

  private static String before = "";
  private static DockerEngine engine;
  private static DockerHost host;
  private static long version;

  @BeforeAll
  static void rentAndContact() {
    SECRETS.put(new SecretRef("dkim/old", 1), Map.of("pem", SelfMadeCertificate.privateKey()));
    SECRETS.put(new SecretRef("dkim/new", 1), Map.of("pem", SelfMadeCertificate.privateKey()));
    SECRETS.put(new SecretRef("mailbox/any", 1), Map.of("hash", HASH));
    for (int i = 1; i <= 2; i++) {
      SECRETS.put(
          new SecretRef("certificate/host", i),
          SelfMadeCertificate.forNames(FQDN, "mta-sts.acme.test", "autoconfig.acme.test"));
    }
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    var network = engine.network(INSTANCE);
    host = DockerHost.rent(engine, network, "host", network.address(20), "one-time", List.of());
    sh("echo 'LogLevel QUIET' >>/etc/ssh/sshd_config; systemctl reload ssh"); // a tenant's wish
    before = sh(LOOK);
    contact();
  }

  private static void contact() {
    new FirstContact(new SshjRemoteHosts(Network.direct()), TEMPLATES)
        .contact(
            new ContactHost(
                SERVER,
                new Target(host.address(), 22, "root"),
                Optional.empty(),
                new Login.Password("one-time"),
                LOGIN_KEY,
                Optional.of(HOST_KEY),
                true));
  }

  @AfterAll
  static void cleanUp() {
    engine.cleanUp(INSTANCE);
    engine.close();
  }

  @Test
  @Order(1)
  void doesTheSlowWorkBeforeThereIsACertificate() {
    assertThat(converge(desired(0, "jane"))).contains("020-packages").doesNotContain("260-postfix");

    assertThat(sh("systemctl is-active postfix dovecot nginx || true"))
        .isEqualTo("inactive\ninactive\ninactive");
    assertThat(sh("ss -Hltn 'sport = :25 or sport = :143 or sport = :80'")).isEmpty();
    assertThat(sh("readlink " + POSTFIX_GENERATOR)).as("masked").isNotEmpty();
  }

  @Test
  @Order(2)
  void becomesAMailHostWithTheCertificate() {
    assertThat(converge(desired(1, "jane")))
        .containsExactly("240-tls", "250-dovecot", "260-postfix", "270-web");

    sh("doveconf -n > /dev/null && postconf -n > /dev/null && nginx -t 2>&1 && sshd -t");
    sh("opendkim -n -x /etc/opendkim.conf");
    assertThat(sh("ls " + POSTFIX_GENERATOR + " 2>/dev/null || true")).as("no mask").isEmpty();
    assertThat(sh("ls /run/systemd/generator/postfix.service.wants"))
        .isEqualTo("postfix@-.service");
    assertThat(converge(desired(1, "jane"))).isEmpty();
  }

  @Test
  @Order(3)
  void takesSubmissionsSignsThemAndDeliversThem() throws MessagingException {
    for (int port : List.of(465, 587)) {
      submit(port, "jane@acme.test", "jane@acme.test", PASSWORD, "by " + port);
    }

    await().atMost(LIMIT).untilAsserted(() -> assertThat(subjects()).contains("by 465", "by 587"));
    assertThat(inbox("DKIM-Signature")).hasSize(2).allMatch(s -> s.contains("s=pm202612"));
    assertThat(inbox("User-Agent")).isEmpty();
  }

  @Test
  @Order(4)
  void refusesWrongPasswordsStrangeSendersAndRelaying() {
    assertThatThrownBy(() -> submit(465, "jane@acme.test", "jane@acme.test", "wrong", "x"))
        .isInstanceOf(AuthenticationFailedException.class);
    assertThatThrownBy(() -> submit(465, "jane@acme.test", "boss@acme.test", PASSWORD, "x"))
        .isInstanceOf(SendFailedException.class);
    assertThat(answerFor("someone@example.net")).contains("554 5.7.1");
    assertThat(answerFor("nobody@acme.test")).contains("550 5.1.1");
    assertThat(answerFor("abuse@acme.test")).contains("250 2.1.5");
    assertThat(answerFor("b+token@bounce.acme.test")).contains("250 2.1.5");
  }

  @Test
  @Order(5)
  void addsAMailboxWithoutReloadingPostfix() throws MessagingException {
    var reloads = sh("journalctl -q -o cat -u 'postfix@-' --no-pager | grep -c reload || true");

    assertThat(converge(desired(1, "jane", "joe"))).containsExactly("230-mailboxes");

    submit(465, "joe@acme.test", "joe@acme.test", PASSWORD, "from joe");
    assertThat(sh("journalctl -q -o cat -u 'postfix@-' --no-pager | grep -c reload || true"))
        .isEqualTo(reloads);
  }

  @Test
  @Order(6)
  void findsAndRepairsHandMadeChanges() {
    sh("sed -i 's/^mynetworks.*/mynetworks = 0.0.0.0\\/0/' /etc/postfix/main.cf; postfix reload");
    sh("systemctl stop dovecot; rm /etc/opendkim/keys/acme.test/pm202612.private");
    sh("nft flush chain inet penguin input; nft add rule inet penguin input accept");
    sh("echo 'PasswordAuthentication yes' > /etc/ssh/sshd_config.d/10-penguin.conf");

    assertThat(converge(desired(1, "jane", "joe")))
        .containsExactly("090-sshd", "100-firewall", "210-opendkim", "250-dovecot", "260-postfix");

    assertThat(sh("postconf -h mynetworks")).isEqualTo("127.0.0.0/8");
    assertThat(converge(desired(1, "jane", "joe"))).isEmpty();
  }

  @Test
  @Order(7)
  void unpacksAgainWhatAResetToreInTheMiddle() {
    tear("curl");

    assertThat(converge(desired(1, "jane", "joe"))).containsExactly("020-packages");

    assertThat(sh("dpkg --audit")).isEmpty();
  }

  @Test
  @Order(8)
  void showsARenewedCertificateAtOnce() {
    assertThat(converge(desired(2, "jane", "joe"))).containsExactly("240-tls");
  }

  /// The web server took another one while it was on disk.
  @Test
  @Order(9)
  void findsAProgramThatShowsAnotherCertificate() {
    sh(
        """
        cd /etc/ssl/penguin
        cp -p mail.key mail.fullchain.pem /root
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=other \
          -keyout mail.key -out mail.fullchain.pem
        systemctl reload nginx
        sleep 1
        mv /root/mail.key /root/mail.fullchain.pem .
        """);

    assertThat(converge(desired(2, "jane", "joe"))).containsExactly("240-tls");
    assertThat(converge(desired(2, "jane", "joe"))).isEmpty();
  }

  @Test
  @Order(9)
  void letsOnlyPostfixReachPort25Elsewhere() {
    var gateway = sh("ip route show default | awk '{ print $3 }'");

    assertThat(sh("timeout 3 bash -c 'exec 3<>/dev/tcp/" + gateway + "/25' 2>&1 || true"))
        .isNotEmpty();
    assertThat(sh("nft list chain inet penguin output | grep -o 'counter packets [0-9]*'"))
        .isNotEqualTo("counter packets 0");
  }

  /// What could lock everybody out is taken back when its five minutes are over, unless our login
  /// came in meanwhile; also where the tenant's sshd logged nothing.
  @Test
  @Order(9)
  void keepsOnlySettingsThatALoginProved() {
    sh("penguin-revert arm sshd; penguin-revert arm firewall");
    inSession(protocol -> protocol.settle(SERVER));
    assertThat(sh("penguin-revert due sshd; penguin-revert due firewall"))
        .isEqualTo(
            "sshd was proved by a login and stays\nfirewall was proved by a login and stays");
    assertThat(converge(desired(2, "jane", "joe"))).isEmpty();

    assertThat(sh("penguin-revert arm firewall; penguin-revert due firewall"))
        .isEqualTo("no login since the change of firewall: taken back");
    assertThat(sh("nft list tables")).doesNotContain("penguin");
    assertThat(converge(desired(2, "jane", "joe"))).containsExactly("100-firewall");
  }

  /// A start that was asked for goes on when its asker is killed, and ports are open before it is
  /// over.
  @Test
  @Order(9)
  void knowsItsOwnPostfixWhileThatStarts() {
    sh(
        """
        mkdir -p /run/systemd/system/postfix@-.service.d
        printf '[Service]\\nExecStartPost=/bin/sleep 15\\n' >/run/systemd/system/postfix@-.service.d/slow.conf
        systemctl daemon-reload
        systemctl restart --no-block postfix@-.service
        until [[ $(systemctl show -p SubState --value postfix@-.service) == start-post ]]; do sleep 0.1; done
        rm -r /run/systemd/system/postfix@-.service.d
        systemctl daemon-reload
        """);

    assertThat(converge(desired(2, "jane", "joe"))).containsExactly("260-postfix");
    assertThat(converge(desired(2, "jane", "joe"))).isEmpty();
  }

  @Test
  @Order(10)
  void survivesAReboot() {
    host.reset();

    await()
        .atMost(LIMIT)
        .untilAsserted(() -> assertThat(open(desired(2, "jane", "joe"))).isEmpty());
  }

  /// The host is the tenant's again, as it was: only mail, and what apt and the journal keep for
  /// themselves, is left. Also when a reset has torn one of our packages.
  @Test
  @Order(11)
  void retiringLeavesTheHostAsItWas() {
    for (int i = 0; i < 5; i++) { // newer versions that change nothing
      assertThat(open(desired(2, "jane", "joe"))).isEmpty();
    }
    tear("curl");
    sh("echo '{ no name }' > /etc/apt/apt.conf.d/99broken");
    var failed = inSession(protocol -> finished(protocol, protocol.retire(SERVER, "broken")));
    assertThat(failed.exitCode()).as("packages could not be removed").isNotZero();
    assertThat(sh("cat /var/lib/penguin/packages")).as("still known").contains("postfix");
    sh("rm /etc/apt/apt.conf.d/99broken");
    sh(
        """
        mkdir -p /tmp/own/DEBIAN
        printf '%s\n' 'Package: tenants-own' 'Version: 1' 'Architecture: all' 'Depends: psmisc' \
          'Maintainer: the tenant <tenant@acme.test>' 'Description: needs one of ours' \
          >/tmp/own/DEBIAN/control
        dpkg-deb --build /tmp/own /tmp/own.deb
        dpkg --install /tmp/own.deb
        """);

    retire();
    assertThat(sh("dpkg-query -W -f '${Package} ${db:Status-Status}\n' tenants-own psmisc"))
        .as("what the tenant's own needs, stays")
        .isEqualTo("psmisc installed\ntenants-own installed");
    sh("dpkg --purge tenants-own psmisc; rm -r /tmp/own /tmp/own.deb");
    leave();

    assertThat(sh("getent hosts deb.debian.org || getent hosts localhost")).isNotEmpty();
  }

  /// What the packages' step does before there are packages, and must take back by itself.
  @Test
  @Order(12)
  void retiringBeforePostfixWasSetUpLeavesNothingEither() {
    contact();
    killTheFirstStepThatAsksAMirror();
    assertThat(sh("readlink " + POSTFIX_GENERATOR)).as("masked").isNotEmpty();
    assertThat(sh("cat /usr/sbin/policy-rc.d")).as("nothing may be started").contains("exit 101");

    retire();
    leave();
  }

  @Test
  @Order(13)
  void theTenantsOwnMaskOfPostfixStays() {
    contact();
    sh("mkdir -p /run/systemd/system-generators; ln -s /dev/null " + POSTFIX_GENERATOR);
    killTheFirstStepThatAsksAMirror();

    retire();
    assertThat(sh("readlink " + POSTFIX_GENERATOR)).isEqualTo("/dev/null");
    sh("rm " + POSTFIX_GENERATOR);
    leave();
  }

  /// It writes users first, groups later, and the home last.
  @Test
  @Order(14)
  void aKilledUseraddIsPutRight() {
    sh("mkdir -p -m 0755 /var/lib/penguin");
    sh("useradd --system --home-dir /var/lib/penguin/login --shell /bin/bash penguin");
    sh("sed -i '/^penguin:/d' /etc/group /etc/gshadow");

    contact();
    inSession(protocol -> protocol.settle(SERVER));
    assertThat(sh("id -gn penguin")).isEqualTo("penguin");
    leave();
    assertThat(sh("getent passwd penguin; getent group penguin; true")).isEmpty();
  }

  @Test
  @Order(15)
  void aGroupOfTheTenantsIsNotTaken() {
    sh("groupadd --system penguin");

    assertThatThrownBy(() -> contact()).hasMessageContaining("a group \"penguin\" already");
    sh("groupdel penguin");
    assertThat(sh(LOOK)).isEqualTo(before);
  }

  /// A kill wherever it comes in a step leaves nothing that the next start of it does not put
  /// right: while the host is set up, while it is changed, and while it is given back.
  @Test
  @Order(16)
  void survivesAKillInEveryStep() throws MessagingException {
    long seed = Long.getLong("penguin.seed", System.nanoTime());
    var random = new Random(seed);
    var kills = new ArrayList<String>(List.of("-Dpenguin.seed=" + seed));
    killFirstContact(random, kills);
    contact();

    for (var wanted : List.of(desired(1, "jane"), desired(2, "jane", "joe"))) {
      var bundle = bundle(wanted);
      for (var step : open(wanted)) {
        var within = step.equals("020-packages") ? WHILE_PACKAGES_COME : WHILE_A_STEP_RUNS;
        kill(
            random,
            within,
            "pm-" + step + "-*",
            (protocol, token) -> protocol.start(bundle, step, token, Duration.ZERO).unit(),
            kills);
        var token = wanted.version() + "-end";
        var end =
            inSession(protocol ->
                finished(protocol, protocol.start(bundle, step, token, Duration.ZERO).unit()));
        assertThat(end.exitCode()).as("%s: %s after %s", step, end.evidence(), kills).isZero();
      }
      assertThat(open(wanted)).as("%s", kills).isEmpty();
    }
    assertThat(converge(desired(2, "jane", "joe"))).as("%s", kills).isEmpty();
    submit(465, "joe@acme.test", "joe@acme.test", PASSWORD, "after kills");
    await().atMost(LIMIT).untilAsserted(() -> assertThat(subjects()).contains("after kills"));

    kill(
        random,
        WHILE_RETIRED,
        "pm-retire",
        (protocol, token) -> protocol.retire(SERVER, token),
        kills);
    retire();
    var delay = Duration.ofMillis(random.nextLong(WHILE_LEAVING.toMillis()));
    var killer = new UnitKiller(host.container()).killAfter("pm-leave.service", delay);
    leave();
    kills.add("pm-leave after %d ms in: %s".formatted(delay.toMillis(), killer.join()));
    log.warn("Survived:\n{}", String.join("\n", kills));
  }

  /// It is no unit: the session that runs it dies with all it started.
  private static void killFirstContact(Random random, List<String> kills) {
    int hits = 0;
    for (int i = 1; hits < HITS; i++) {
      assertThat(i).as("tries to hit first contact, after %s", kills).isLessThan(10 * HITS);
      var delay = Duration.ofMillis(random.nextLong(WHILE_IN_FIRST_CONTACT.toMillis()));
      var killer =
          CompletableFuture.supplyAsync(() ->
              host.container()
                  .exec("bash", "-c", KILL_FIRST_CONTACT, "bash", "" + delay.toMillis() / 1_000.0));
      boolean isRefused = false;
      try {
        contact();
      } catch (OutsideException refused) {
        isRefused = true;
      }
      var said = killer.join().standardOutput().strip();
      kills.add("first contact %s after %d ms".formatted(said, delay.toMillis()));
      assertThat(isRefused).as("%s", kills).isEqualTo(said.equals("hit"));
      hits += isRefused ? 1 : 0;
      contact();
      inSession(protocol -> protocol.settle(SERVER));
      leave();
    }
  }

  /// Starts a unit again and again and kills it at random until it was hit in its run this often. A
  /// kill that came too late halves the time from which the next one is drawn.
  ///
  /// @param kills is told where each came
  private static void kill(
      Random random,
      Duration within,
      String unit,
      BiFunction<StepProtocol, String, String> start,
      List<String> kills) {
    int hits = 0;
    for (int i = 1; hits < HITS; i++) {
      assertThat(i).as("tries to hit %s, after %s", unit, kills).isLessThan(10 * HITS);
      var token = kills.size() + "-" + i;
      var delay = Duration.ofMillis(random.nextLong(within.toMillis()));
      var killer = new UnitKiller(host.container()).killAfter(unit, delay);
      var started = inSession(protocol -> start.apply(protocol, token));
      var last = killer.join();
      var became = inSession(protocol -> protocol.status(started, Duration.ZERO));
      boolean isHit = became instanceof StepStatus.Lost;
      kills.add(
          "%s %s after %d ms in: %s"
              .formatted(started, isHit ? "hit" : "over", delay.toMillis(), last));
      hits += isHit ? 1 : 0;
      within = isHit ? within : within.dividedBy(2);
    }
  }

  private static void killTheFirstStepThatAsksAMirror() {
    var bundle = bundle(desired(0));
    var killer =
        new UnitKiller(host.container())
            .killOnce("pm-020-packages-*", "pgrep -x apt-get >/dev/null");
    var unit =
        inSession(
            protocol -> protocol.start(bundle, "020-packages", "killed", Duration.ZERO).unit());
    killer.join();
    var became = inSession(protocol -> protocol.status(unit, Duration.ZERO));
    assertThat(became).isInstanceOf(StepStatus.Lost.class);
  }

  private static void retire() {
    var result = inSession(protocol -> finished(protocol, protocol.retire(SERVER, "bye")));
    assertThat(result.exitCode()).as(result.evidence()).isZero();
  }

  /// Our last act. Nothing of ours is left after it.
  private static void leave() {
    inSession(protocol -> {
      protocol.leave(SERVER);
      return true;
    });
    await().atMost(LIMIT).untilAsserted(() -> assertThat(sh(LOOK)).isEqualTo(before));
  }

  /// Leaves a package as a reset does that comes while dpkg unpacks it.
  private static void tear(String name) {
    sh(
        "sed -i '/^Package: %s$/,/^$/s/^Status: .*/Status: install reinstreq half-installed/'"
                .formatted(name)
            + " /var/lib/dpkg/status");
    assertThat(sh("dpkg --audit")).contains(name);
  }

  /// What port 25 answers a stranger who names this recipient.
  private static String answerFor(String recipient) {
    try (var socket = new Socket(host.address().toInetAddress(), 25)) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      var out = socket.getOutputStream();
      in.readLine();
      var answer = "";
      for (var line :
          List.of("HELO x.example", "MAIL FROM:<a@example.org>", "RCPT TO:<" + recipient + ">")) {
        out.write((line + "\r\n").getBytes(US_ASCII));
        answer = in.readLine();
      }
      return answer;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DesiredHost desired(int certificate, String... localParts) {
    var secret = new SecretRef("mailbox/any", 1);
    return new DesiredHost(
        SERVER,
        ++version,
        Stack.DEBIAN,
        new DomainName(FQDN),
        host.address(),
        new HostSettings(
            resolvers(),
            // The forwarders of a test machine may not speak DNSSEC.
            Stream.of("test", "org", "net").map(RecordName::new).toList(),
            List.of("10.213.0.0/16"),
            List.of()),
        List.of(
            new DesiredDomain(
                DOMAIN,
                List.of(
                    new DkimKey("pm202611", new SecretRef("dkim/old", 1)),
                    new DkimKey("pm202612", new SecretRef("dkim/new", 1))),
                "testing")),
        Stream.of(localParts)
            .map(part -> new DesiredMailbox(new EmailAddress(part, DOMAIN), secret))
            .toList(),
        certificate == 0
            ? Optional.empty()
            : Optional.of(
                new DesiredCertificate(
                    new CertificateId(new UUID(0, certificate)),
                    List.of(new DomainName(FQDN)),
                    new SecretRef("certificate/host", certificate))));
  }

  /// The resolvers of the machine Docker runs on.
  private static List<IpAddress> resolvers() {
    try {
      return Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
          .filter(line -> line.startsWith("nameserver "))
          .map(line -> new IpAddress(line.substring("nameserver ".length()).strip()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static HostBundle bundle(DesiredHost desired) {
    return new HostBundles(TEMPLATES)
        .bundle(
            SERVER,
            desired.version(),
            new DebianStackDriver().plan(desired),
            reference -> Optional.ofNullable(SECRETS.get(reference)).orElseThrow());
  }

  /// Names of the steps that are not as they should be.
  private static List<String> open(DesiredHost desired) {
    return inSession(protocol ->
        protocol.probeAll(bundle(desired)).stream()
            .filter(a -> a.state() != State.OK && a.state() != State.NOT_APPLICABLE)
            .peek(a -> log.info("{} {} {}", a.step(), a.state(), a.evidence()))
            .map(StepAnswer::step)
            .toList());
  }

  /// Probe, apply what is open, probe again in a new session. Answers what was applied.
  private static List<String> converge(DesiredHost desired) {
    var begin = Instant.now();
    var applied = open(desired);
    var bundle = bundle(desired);
    for (var step : applied) {
      var start = Instant.now();
      var result =
          inSession(protocol ->
              finished(
                  protocol,
                  protocol.start(bundle, step, "t" + desired.version(), Duration.ZERO).unit()));
      assertThat(result.exitCode()).as("%s: %s", step, result.evidence()).isZero();
      log.info("{} applied in {} ms", step, Duration.between(start, Instant.now()).toMillis());
    }
    assertThat(open(desired)).isEmpty();
    log.info("converged in {} ms", Duration.between(begin, Instant.now()).toMillis());
    return applied;
  }

  private static StepStatus.Finished finished(StepProtocol protocol, String unit) {
    return (StepStatus.Finished)
        await()
            .atMost(Duration.ofMinutes(8))
            .pollInterval(Duration.ofMillis(100))
            .until(
                () -> protocol.status(unit, Duration.ofSeconds(1)),
                status -> !(status instanceof StepStatus.Running));
  }

  private static <T> T inSession(Function<StepProtocol, T> work) {
    try (var session =
        new SshjRemoteHosts(Network.direct())
            .connect(
                new Target(host.address(), 22, "penguin"),
                new HostKey.Pinned(HOST_KEY.fingerprint()),
                new Login.PrivateKey(LOGIN_KEY.privateKeyPem()),
                LIMIT)) {
      return work.apply(new StepProtocol(session));
    }
  }

  private static String sh(String command) {
    var output = host.container().exec("bash", "-c", command);
    assertThat(output.exitCode()).as("%s: %s", command, output.standardError()).isZero();
    return output.standardOutput().strip();
  }

  private static Session mail(String protocol, int port) {
    var settings = new Properties();
    settings.put("mail." + protocol + ".host", host.address().value());
    settings.put("mail." + protocol + ".port", port);
    settings.put("mail." + protocol + ".ssl.enable", port != 587);
    settings.put("mail." + protocol + ".starttls.required", port == 587);
    settings.put("mail." + protocol + ".ssl.trust", "*"); // self-made; the probes judge it
    settings.put("mail." + protocol + ".ssl.checkserveridentity", false);
    settings.put("mail." + protocol + ".auth", true);
    return Session.getInstance(settings);
  }

  private static void submit(int port, String login, String from, String password, String subject)
      throws MessagingException {
    var session = mail("smtp", port);
    var message = new MimeMessage(session);
    message.setFrom(from);
    message.setRecipient(Message.RecipientType.TO, new InternetAddress("jane@acme.test"));
    message.setSubject(subject);
    message.setHeader("User-Agent", "DebianStackIT");
    message.setText("hello");
    try (var transport = session.getTransport("smtp")) {
      transport.connect(login, password);
      message.saveChanges();
      transport.sendMessage(message, message.getAllRecipients());
    }
  }

  private static List<String> subjects() throws MessagingException {
    return inbox("Subject");
  }

  private static List<String> inbox(String header) throws MessagingException {
    try (var store = mail("imap", 993).getStore("imap")) {
      store.connect("jane@acme.test", PASSWORD);
      var folder = store.getFolder("INBOX");
      folder.open(Folder.READ_ONLY);
      var values = new ArrayList<String>();
      for (var message : folder.getMessages()) {
        values.addAll(
            Optional.ofNullable(message.getHeader(header)).map(List::of).orElse(List.of()));
      }
      return values;
    }
  }
}
