package com.penguinmails.sandbox.mail.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.secret.MailboxPasswords;
import org.junit.jupiter.api.Test;

class StoredPasswordTest {
  @Test
  void checksWhatOurProductionCodeMakes() {
    var password = MailboxPasswords.generate();
    var hash = MailboxPasswords.dovecotHash(password);

    assertThat(StoredPassword.matches(hash, password)).isTrue();
    assertThat(StoredPassword.matches(hash, password + "x")).isFalse();
  }

  @Test
  void knowsPlainAndRefusesTheRest() {
    assertThat(StoredPassword.matches("{PLAIN}secret", "secret")).isTrue();
    assertThat(StoredPassword.matches("{PLAIN}secret", "Secret")).isFalse();
    assertThat(StoredPassword.matches("{CRYPT}secret", "secret")).isFalse();
    assertThat(StoredPassword.matches("", "")).isFalse();
  }
}
