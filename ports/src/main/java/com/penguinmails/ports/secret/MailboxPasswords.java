package com.penguinmails.ports.secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Makes mailbox passwords and the hashes that Dovecot checks them against.
public final class MailboxPasswords {
  // Letters and digits that nobody confuses when reading them out; no 0 O 1 l I.
  private static final String ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  private static final int GROUPS = 4;
  private static final int GROUP_LENGTH = 6; // 24 characters of 5.8 bits: 139 bits
  // OWASP's Argon2id minimum (19 MiB, 2 passes, 1 lane): tens of milliseconds on one core.
  // Dovecot's
  // own default of 64 MiB would let a few logins at once push a host with 1 GB into swap, and
  // against
  // a random password of 139 bits more work for a guesser adds nothing.
  private static final int MEMORY_KIB = 19_456;
  private static final int PASSES = 2;
  private static final int LANES = 1; // libsodium, which Dovecot uses, verifies no other
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  private MailboxPasswords() {}

  /// A new random password in four groups, safe in every mail program's settings.
  public static String generate() {
    var random = new SecureRandom();
    var password = new StringBuilder();
    for (int group = 0; group < GROUPS; group++) {
      if (group > 0) {
        password.append('-');
      }
      for (int i = 0; i < GROUP_LENGTH; i++) {
        password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
    }
    return password.toString();
  }

  /// The password as Dovecot's passdb keeps it: `{ARGON2ID}$argon2id$v=19$…`. Salted: every call
  /// answers another hash, so keep it with the password.
  public static String dovecotHash(String password) {
    var salt = new byte[SALT_BYTES];
    new SecureRandom().nextBytes(salt);
    return "{ARGON2ID}" + argon2id(password, salt, MEMORY_KIB, PASSES);
  }

  static String argon2id(String password, byte[] salt, int memoryKib, int passes) {
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(passes)
            .withParallelism(LANES)
            .withSalt(salt)
            .build());
    var hash = new byte[HASH_BYTES];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    var base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            memoryKib, passes, LANES, base64.encodeToString(salt), base64.encodeToString(hash));
  }
}
