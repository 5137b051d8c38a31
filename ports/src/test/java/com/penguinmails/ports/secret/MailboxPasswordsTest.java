package com.penguinmails.ports.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MailboxPasswordsTest {
  @Test
  void makesPasswordsNobodyMistypes() {
    assertThat(MailboxPasswords.generate())
        .matches("([a-zA-Z2-9]{6}-){3}[a-zA-Z2-9]{6}")
        .doesNotContain("l", "I", "O", "o0", "1");
    assertThat(Stream.generate(MailboxPasswords::generate).limit(100)).doesNotHaveDuplicates();
  }

  // A vector of the Argon2 reference implementation (test.c, hashtest for Argon2_id).
  @Test
  void hashesAsTheReferenceImplementationDoes() {
    var salt = "somesalt".getBytes(StandardCharsets.US_ASCII);

    assertThat(MailboxPasswords.argon2id("password", salt, 65_536, 2))
        .isEqualTo(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc");
  }

  @Test
  void writesHashesDovecotCanVerify() {
    var hash = MailboxPasswords.dovecotHash("canary");

    assertThat(hash)
        .matches(
            "\\{ARGON2ID}\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[A-Za-z0-9+/]{22}\\$[A-Za-z0-9+/]{43}")
        .isNotEqualTo(MailboxPasswords.dovecotHash("canary"));
    var salt = Base64.getDecoder().decode(hash.split("\\$")[4]);
    assertThat("{ARGON2ID}" + MailboxPasswords.argon2id("canary", salt, 19_456, 2)).isEqualTo(hash);
    assertThat("{ARGON2ID}" + MailboxPasswords.argon2id("Canary", salt, 19_456, 2))
        .isNotEqualTo(hash);
  }
}
