package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.MailProbeContract;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/// The production probe against simulated servers where everything is right, and what becomes of
/// mail on a bad day.
@TestInstance(Lifecycle.PER_CLASS)
class SimulatedMailServerTest implements MailProbeContract {
  private MailWorld world;

  @BeforeAll
  void start(@TempDir Path directory) {
    world = new MailWorld(directory);
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

  @Override
  public MailProbe probe() {
    return world.probe();
  }

  @Override
  public MailProbe.Submission submission(String token) {
    return world.submission(token);
  }

  @Override
  public MailProbe.ProbeMailbox mailbox() {
    return world.probeHost.mailbox();
  }

  @Override
  public MailProbe.Expected expected() {
    return world.expected();
  }

  @Override
  public MailProbe.Server server() {
    return world.asServer();
  }

  @Test
  void aSignerThatIsDownPutsMailOff() {
    world.host.units.remove("opendkim.service");
    world.reload();
    try {
      assertThatThrownBy(() -> probe().submit(submission(MailProbeContract.token())))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("451 4.7.1");
    } finally {
      world.host.units.add("opendkim.service");
      world.reload();
    }
  }

  @Test
  void mailThatIsPutOffArrivesLaterAndIsAsGood() {
    world.probeHost.fault(new ProbeHost.Fault.Greylist(Duration.ofMillis(700)));
    var before = Instant.now();

    var checks = probe().judge(deliver(), expected());

    assertThat(Duration.between(before, Instant.now())).isGreaterThan(Duration.ofMillis(700));
    assertThat(MailWorld.red(checks)).isEmpty();
  }

  @Test
  void mailArrivesThoughTheAnswerToItWasLost() {
    var token = MailProbeContract.token();
    world.server.fault(new MailFault.AnswerLost());

    assertThatThrownBy(() -> probe().submit(submission(token))).isInstanceOf(Unavailable.class);
    world.server.heal();

    Awaitility.await().until(() -> probe().fetch(mailbox(), token), Optional::isPresent);
  }

  @Test
  void mailWaitsWhileTheReceiverIsDownAndIsNotLost() {
    var token = MailProbeContract.token();
    world.probeHost.fault(new ProbeHost.Fault.Down());

    probe().submit(submission(token));
    assertThat(world.server.waiting()).isPositive();
    world.probeHost.heal();

    Awaitility.await().until(() -> probe().fetch(mailbox(), token), Optional::isPresent);
    Awaitility.await().until(() -> world.server.waiting() == 0);
  }

  @Test
  void whatTheReceiverRefusesComesBack() {
    world.probeHost.fault(new ProbeHost.Fault.Refuse());
    var token = MailProbeContract.token();

    probe().submit(submission(token));

    Awaitility.await()
        .untilAsserted(() ->
            assertThat(Inbox.read(world, MailWorld.ANNA))
                .anySatisfy(bounce ->
                    assertThat(bounce)
                        .contains("Undelivered Mail", "550 5.7.1", "Subject: " + token)));
  }

  @Test
  void servesNothingWithoutACertificateThatNeedsOne() {
    var key = world.host.file("/etc/ssl/penguin/mail.key");
    world.host.files.remove("/etc/ssl/penguin/mail.key");
    world.reload();
    try {
      assertThat(world.server.openPorts()).containsExactlyInAnyOrder(25, 587);
      assertThat(MailWorld.red(probe().inspect(server())))
          .containsOnlyKeys("tls-25", "tls-587", "tls-465", "tls-993", "imap-login");
    } finally {
      world.host.files.put("/etc/ssl/penguin/mail.key", key);
      world.reload();
    }
    assertThat(world.server.openPorts()).containsExactlyInAnyOrder(25, 465, 587, 993);
  }

  @Test
  void listensOnlyForUnitsThatRun() {
    var units = Set.copyOf(world.host.units);
    try {
      world.host.units.removeIf(unit -> unit.startsWith("postfix"));
      world.reload();
      assertThat(world.server.openPorts()).containsExactly(993);

      world.host.units.clear();
      world.reload();
      assertThat(world.server.openPorts()).isEmpty();
    } finally {
      world.host.units.addAll(units);
      world.reload();
    }
  }
}
