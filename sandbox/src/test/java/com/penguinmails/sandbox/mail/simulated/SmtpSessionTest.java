package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a person with a terminal gets to read.
@TestInstance(Lifecycle.PER_CLASS)
class SmtpSessionTest {
  private MailWorld world;

  @BeforeAll
  void start(@TempDir Path directory) {
    world = new MailWorld(directory);
  }

  @AfterAll
  void stop() {
    world.close();
  }

  @Test
  void greetsAndOffersStartTlsButNoLoginOnPort25() throws IOException, GeneralSecurityException {
    try (var line = open(25)) {
      assertThat(line.banner).isEqualTo("220 mail.acme-outreach.test ESMTP\n");
      assertThat(line.say("EHLO client.test"))
          .startsWith("250-mail.acme-outreach.test\n")
          .contains("250-STARTTLS\n", "250-SIZE 36700160\n")
          .doesNotContain("AUTH");
      assertThat(line.encrypt()).doesNotContain("AUTH", "STARTTLS");
      assertThat(line.say("AUTH PLAIN")).startsWith("503 5.5.1");
    }
  }

  @Test
  void offersLoginsOnPort587OnlyAfterTls() throws IOException, GeneralSecurityException {
    try (var line = open(587)) {
      assertThat(line.say("EHLO client.test")).doesNotContain("AUTH");
      assertThat(line.login("anna@acme-outreach.test", MailWorld.PASSWORD))
          .isEqualTo("530 5.7.0 Must issue a STARTTLS command first\n");
      assertThat(line.say("MAIL FROM:<anna@acme-outreach.test>")).startsWith("530");
      assertThat(line.encrypt()).contains("250-AUTH PLAIN LOGIN\n");
      assertThat(line.login("anna@acme-outreach.test", "wrong")).startsWith("535 5.7.8");
      assertThat(line.login("anna@acme-outreach.test", MailWorld.PASSWORD)).startsWith("235");
    }
  }

  @Test
  void aFaultMakesItTakeLoginsInPlainText() throws IOException {
    world.server.fault(new MailFault.PlaintextLogin());
    try (var line = open(587)) {
      assertThat(line.say("EHLO client.test")).contains("250-AUTH PLAIN LOGIN\n");
      assertThat(line.login("anna@acme-outreach.test", MailWorld.PASSWORD)).startsWith("235");
    } finally {
      world.server.heal();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "<someone@probe.test>|554 5.7.1 <someone@probe.test>: Relay access denied",
        "<@acme-outreach.test:someone@probe.test>|554 5.7.1",
        "<nobody@acme-outreach.test>|550 5.1.1",
        "<someone%probe.test@acme-outreach.test>|550 5.1.1",
        "<\"someone@probe.test\"@acme-outreach.test>|550 5.1.1",
        "<someone>|504 5.5.2",
        "``|501 5.5.4",
        "<anna@acme-outreach.test>|250 2.1.5",
        "<ANNA+offers@acme-outreach.test>|250 2.1.5",
        "<abuse@acme-outreach.test>|250 2.1.5",
        "<b@bounce.acme-outreach.test>|250 2.1.5",
        "<postmaster>|250 2.1.5"
      })
  void takesMailForItsOwnAddressesOnly(String recipient, String answer) throws IOException {
    try (var line = open(25)) {
      line.say("EHLO client.test");
      line.say("MAIL FROM:<postmaster@acme-outreach.test>");

      assertThat(line.say("RCPT TO:" + recipient)).startsWith(answer);
    }
  }

  @Test
  void nobodySendsAsSomebodyElse() throws IOException, GeneralSecurityException {
    try (var line = open(587)) {
      line.say("EHLO client.test");
      line.encrypt();
      line.say("MAIL FROM:<anna@acme-outreach.test>");
      assertThat(line.say("RCPT TO:<proof@probe.test>"))
          .startsWith("553 5.7.1")
          .contains("not logged in");
      line.say("RSET");
      line.login("anna@acme-outreach.test", MailWorld.PASSWORD);
      line.say("MAIL FROM:<bert@acme-outreach.test>");
      assertThat(line.say("RCPT TO:<proof@probe.test>"))
          .startsWith("553 5.7.1 <bert@acme-outreach.test>: Sender address rejected: not owned");
      line.say("RSET");
      line.say("MAIL FROM:<b@bounce.acme-outreach.test>");
      assertThat(line.say("RCPT TO:<proof@probe.test>")).startsWith("250");
    }
  }

  @Test
  void limitsSizesAndLines() throws IOException {
    try (var line = open(25)) {
      line.say("EHLO client.test");
      assertThat(line.say("MAIL FROM:<a@b.test> SIZE=99999999")).startsWith("552 5.3.4");
      assertThat(line.say("NOOP " + "x".repeat(3_000))).startsWith("500 5.5.2");
      assertThat(line.say("NOOP")).startsWith("250");
    }
  }

  @Test
  void aDotAfterALoneLineFeedEndsNoMessage() throws IOException {
    try (var line = open(25)) {
      line.say("EHLO client.test");
      line.say("MAIL FROM:<a@b.test>");
      line.say("RCPT TO:<bert@acme-outreach.test>");
      line.say("DATA");
      line.write("Subject: smuggled\r\n\r\none\n.\r\nMAIL FROM:<x@y.test>\r\n.\r\n");

      assertThat(line.read()).startsWith("250 2.0.0 Ok: queued as ");
      assertThat(line.say("QUIT")).startsWith("221");
    }
  }

  @Test
  void endsAConversationOfErrors() throws IOException {
    try (var line = open(25)) {
      for (int i = 0; i < 20; i++) {
        assertThat(line.say("NONSENSE")).startsWith("502");
      }
      assertThat(line.say("NONSENSE")).startsWith("502");
      assertThat(line.read()).startsWith("421 4.7.0");
    }
  }

  private SmtpLine open(int port) throws IOException {
    return new SmtpLine(world.network, MailWorld.ADDRESS, port);
  }
}
