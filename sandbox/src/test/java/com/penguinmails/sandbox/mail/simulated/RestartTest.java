package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.MailProbeContract;
import com.penguinmails.sandbox.mail.ProbeHost;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a server that ends leaves to the one that comes after it.
class RestartTest {
  private MailWorld world;

  @BeforeEach
  void start(@TempDir Path directory) {
    world = new MailWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void mailboxesKeepTheirMailFlagsAndFolders() throws MessagingException, IOException {
    var token = MailProbeContract.token();
    world.probe().submit(toBert(token));
    await().until(() -> Inbox.count(world, MailWorld.BERT, "INBOX") == 1);
    Inbox.flagAndCopyTheFirst(world, MailWorld.BERT, "Archive");
    var before = Inbox.read(world, MailWorld.BERT);

    world.restart();

    assertThat(Inbox.read(world, MailWorld.BERT)).isEqualTo(before);
    assertThat(before.getFirst()).contains("Subject: " + token).contains("with LMTP");
    assertThat(Inbox.isTheFirstFlagged(world, MailWorld.BERT, "INBOX")).isTrue();
    assertThat(Inbox.count(world, MailWorld.BERT, "Archive")).isOne();
  }

  @Test
  void theQueueGoesOn() {
    var token = MailProbeContract.token();
    world.probeHost.fault(new ProbeHost.Fault.Down());
    world.probe().submit(world.submission(token));

    world.server.close();
    world.probeHost.heal();
    world.restart();

    await().until(() -> world.probe().fetch(world.probeHost.mailbox(), token), Optional::isPresent);
    await().until(() -> world.server.waiting() == 0);
  }

  @Test
  void theProbeHostKeepsItsCertificateAndItsMail() {
    var token = MailProbeContract.token();
    world.probe().submit(world.submission(token));
    await().until(() -> world.probe().fetch(world.probeHost.mailbox(), token), Optional::isPresent);
    var certificate = world.probeHost.certificatePem();

    world.restartProbeHost();

    assertThat(world.probeHost.certificatePem()).isEqualTo(certificate);
    assertThat(world.probe().fetch(world.probeHost.mailbox(), token)).isPresent();
  }

  private static MailProbe.Submission toBert(String token) {
    return new MailProbe.Submission(
        MailWorld.ADDRESS,
        MailWorld.HOSTNAME,
        MailWorld.ANNA,
        MailWorld.PASSWORD,
        MailWorld.BERT.toString(),
        token);
  }
}
