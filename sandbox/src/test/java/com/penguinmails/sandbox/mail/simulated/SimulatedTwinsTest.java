package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.mail.MailProbeContract;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.sandbox.mail.simulated.MailFault.Stage;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.ProofCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One thing broken on purpose, by a fault or in a file of the host, and the production probe is
/// red exactly there.
@TestInstance(Lifecycle.PER_CLASS)
class SimulatedTwinsTest {
  private static final String MAIN = "/etc/postfix/main.cf";
  private static final String OTHER_KEY = "/root/other.key";
  private static final String OTHER_CHAIN = "/root/other.pem";
  private MailWorld world;

  @BeforeAll
  void start(@TempDir Path directory) {
    world = new MailWorld(directory);
    world.host.files.put(OTHER_KEY, MailWorld.OF_ANOTHER_NAME.keyPem());
    world.host.files.put(OTHER_CHAIN, MailWorld.OF_ANOTHER_NAME.chainPem());
  }

  @AfterAll
  void stop() {
    world.close();
  }

  @AfterEach
  void heal() {
    world.server.heal();
    world.probeHost.heal();
  }

  /// @param red the checks that must be red, with words of their evidence
  record Twin(String name, Runnable breaks, Map<String, String> red) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Twin fault(MailFault fault, Map<String, String> red) {
    return new Twin(fault.toString(), () -> world.server.fault(fault), red);
  }

  private Twin file(String path, String before, String after, Map<String, String> red) {
    return new Twin(
        path + ": " + after,
        () -> {
          world.host.edit(path, before, after);
          world.reload();
        },
        red);
  }

  private Stream<Twin> twins() {
    var notItsName = "not for " + MailWorld.HOSTNAME;
    return Stream.of(
        fault(new MailFault.RelayOpened(), Map.of("open-relay", "accepted a foreign recipient")),
        fault(otherOn(Service.SMTP), Map.of("tls-25", notItsName)),
        fault(otherOn(Service.SUBMISSIONS), Map.of("tls-465", notItsName)),
        fault(
            otherOn(Service.IMAPS),
            Map.of("tls-993", notItsName, "imap-login", "No login without")),
        fault(new MailFault.Altered(Stage.BEFORE_SIGNING), Map.of("unaltered", "the text is not")),
        fault(
            new MailFault.Altered(Stage.AFTER_SIGNING),
            Map.of("unaltered", "the text is not", "dkim", "not valid")),
        fault(new MailFault.Unsigned(), Map.of("dkim", "No DKIM signature of")),
        // Nobody looks for it yet.
        fault(new MailFault.PlaintextLogin(), Map.of()),
        fault(new MailFault.Delayed(Duration.ofMillis(300)), Map.of()),
        new Twin(
            "altered by the probe host",
            () -> world.probeHost.fault(new ProbeHost.Fault.Alter()),
            Map.of("unaltered", "the text is not", "dkim", "not valid")),
        new Twin(
            "a greylist for somebody else",
            () ->
                world.probeHost.fault(
                    new ProbeHost.Fault.GreylistOne(
                        new IpAddress("192.0.2.99"), Duration.ofHours(1))),
            Map.of()),
        new Twin(
            "a slow probe host",
            () -> world.probeHost.fault(new ProbeHost.Fault.Slow(Duration.ofMillis(50))),
            Map.of()),
        file(
            MAIN,
            "mynetworks = 127.0.0.0/8",
            "mynetworks = 0.0.0.0/0",
            Map.of("open-relay", "accepted a foreign recipient")),
        file(
            MAIN,
            "smtpd_banner = $myhostname ESMTP",
            "smtpd_banner = localhost ESMTP",
            Map.of("banner", "names localhost")),
        file(
            "/etc/postfix/master.cf",
            "smtp      inet  n       -       y       -       -       smtpd",
            "smtp inet n - y - - smtpd\n  -o smtpd_tls_chain_files="
                + OTHER_KEY
                + ","
                + OTHER_CHAIN,
            Map.of("tls-25", notItsName)),
        file(
            "/etc/dovecot/dovecot.conf",
            "ssl_key = </etc/ssl/penguin/mail.key",
            "ssl_key = </nowhere",
            Map.of("tls-993", "closed", "imap-login", "")),
        file(
            "/etc/opendkim/KeyTable",
            ":" + MailWorld.SELECTOR + ":",
            ":old202501:",
            Map.of("dkim", "with selector old202501")),
        file(
            "/etc/opendkim/SigningTable",
            "*@" + MailWorld.DOMAIN,
            "#",
            Map.of("dkim", "No DKIM signature of")));
  }

  private static MailFault otherOn(Service service) {
    return new MailFault.OtherCertificate(service, MailWorld.OF_ANOTHER_NAME);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("twins")
  void oneBrokenPartIsRedAndNothingElse(Twin twin) {
    var before = new HashMap<>(world.host.files);
    try {
      twin.breaks().run();
      var checks = new ArrayList<>(world.probe().judge(world.deliver(), world.expected()));
      checks.addAll(world.probe().inspect(world.asServer()));

      assertRed(checks, twin.red());
    } finally {
      world.host.files.putAll(before);
      world.reload();
    }
  }

  private static void assertRed(List<ProofCheck> checks, Map<String, String> expected) {
    var red = MailWorld.red(checks);
    assertThat(red).containsOnlyKeys(expected.keySet());
    assertThat(red).allSatisfy((name, said) -> assertThat(said).contains(expected.get(name)));
  }

  @Test
  void nothingIsHandedInUnderAnotherCertificate() {
    world.server.fault(otherOn(Service.SUBMISSION));

    assertThatThrownBy(() -> world.probe().submit(world.submission(MailProbeContract.token())))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("not for " + MailWorld.HOSTNAME);
    assertRed(
        world.probe().inspect(world.asServer()),
        Map.of("tls-587", "not for " + MailWorld.HOSTNAME));
  }

  @Test
  void anotherPasswordOnTheHostIsRefusedEverywhere() {
    var users = "/etc/dovecot/penguin/users";
    var right = world.host.file(users);
    world.host.files.put(users, right.replaceAll(":\\{[^:]*", ":{PLAIN}another"));
    world.reload();
    try {
      assertThatThrownBy(() -> world.probe().submit(world.submission(MailProbeContract.token())))
          .isInstanceOf(Refused.class)
          .hasMessageContaining("login");
      assertRed(
          world.probe().inspect(world.asServer()),
          Map.of("imap-login", "refused the mailbox's login"));
    } finally {
      world.host.files.put(users, right);
      world.reload();
    }
  }
}
