package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Signing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rendered templates of the stack, read as the simulation reads a host.
class DebianMailFilesTest {
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
  void readsWhatTheStackPlacesOnAHost() {
    var read = world.host.read(MailWorld.ADDRESS);

    assertThat(read.hostname()).isEqualTo(MailWorld.HOSTNAME);
    assertThat(read.banner()).isEqualTo("mail.acme-outreach.test ESMTP");
    assertThat(read.services()).containsExactlyInAnyOrder(Service.values());
    assertThat(read.certificates()).containsOnlyKeys(Service.values());
    assertThat(read.trustedNetworks()).containsExactly("127.0.0.0/8");
    assertThat(read.signing().state()).isEqualTo(Signing.State.UP);
    assertThat(read.signing().rules())
        .containsExactly(new Signing.Rule("*@acme-outreach.test", "pm202611.acme-outreach.test"));
    assertThat(read.habits().notesTls()).isFalse();
    assertThat(read.habits().deliversByLmtp()).isTrue();
    assertThat(read.habits().hiddenHeaders())
        .containsExactlyInAnyOrder("received", "user-agent", "x-mailer", "x-originating-ip");
    assertThat(read.habits().maxMessageOctets()).isEqualTo(36_700_160);
    assertThat(read.habits().retryAfter()).isEqualTo(Duration.ofMinutes(15));
    assertThat(read.habits().givesUpAfter()).isEqualTo(Duration.ofDays(2));
  }

  @Test
  void readsAddressesAndLogins() {
    var addresses = world.host.read(MailWorld.ADDRESS).addresses();

    assertThat(addresses.domains())
        .containsExactlyInAnyOrder(
            "mail.acme-outreach.test", "acme-outreach.test", "bounce.acme-outreach.test");
    assertThat(addresses.mailboxes())
        .containsExactlyInAnyOrder(
            "anna@acme-outreach.test", "bert@acme-outreach.test", "roles@mail.acme-outreach.test");
    assertThat(addresses.logins())
        .containsOnlyKeys("anna@acme-outreach.test", "bert@acme-outreach.test");
    assertThat(addresses.mailboxOf("abuse@acme-outreach.test"))
        .contains("roles@mail.acme-outreach.test");
    assertThat(addresses.maySend("bert@acme-outreach.test", "b@bounce.acme-outreach.test"))
        .isTrue();
    assertThat(addresses.maySend("bert@acme-outreach.test", "anna@acme-outreach.test")).isFalse();
  }

  @Test
  void aHostWithoutFilesServesNothing() {
    var read =
        DebianMailFiles.read(
            MailWorld.ADDRESS, path -> Optional.empty(), Set.of("postfix", "dovecot", "ssh"));

    assertThat(read.services()).isEmpty();
    assertThat(read.certificates()).isEmpty();
  }

  @Test
  void withoutDovecotNobodyCanHandMailIn() {
    world.host.units.remove("dovecot");

    assertThat(world.host.read(MailWorld.ADDRESS).services()).containsExactly(Service.SMTP);
  }
}
