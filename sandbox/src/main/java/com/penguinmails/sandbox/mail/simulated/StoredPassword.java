package com.penguinmails.sandbox.mail.simulated;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Checks a password against what a Dovecot passwd-file keeps: `{ARGON2ID}` and `{PLAIN}`.
final class StoredPassword {
  private static final String PLAIN = "{PLAIN}";
  private static final Pattern ARGON2ID =
      Pattern.compile(
          "\\{ARGON2ID}\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})"
              + "\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

  /// What a login costs is Argon2's to make dear, and nothing that a test wants to pay each time.
  private static final Cache<HashCode, Boolean> MATCHED =
      CacheBuilder.newBuilder().maximumSize(1_000).build();

  private StoredPassword() {}

  /// False too for a scheme it does not know, as Dovecot refuses such a login.
  static boolean matches(String stored, String password) {
    if (stored.startsWith(PLAIN)) {
      return same(bytes(stored.substring(PLAIN.length())), bytes(password));
    }
    var parts = ARGON2ID.matcher(stored);
    if (!parts.matches()) {
      return false;
    }
    var both = Hashing.sha256().hashString(stored + "\0" + password, StandardCharsets.UTF_8);
    if (MATCHED.getIfPresent(both) != null) {
      return true;
    }
    var generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(Integer.parseInt(parts.group(1)))
            .withIterations(Integer.parseInt(parts.group(2)))
            .withParallelism(Integer.parseInt(parts.group(3)))
            .withSalt(Base64.getDecoder().decode(parts.group(4)))
            .build());
    var kept = Base64.getDecoder().decode(parts.group(5));
    var made = new byte[kept.length];
    generator.generateBytes(bytes(password), made);
    boolean isSame = same(kept, made);
    if (isSame) {
      MATCHED.put(both, true);
    }
    return isSame;
  }

  private static boolean same(byte[] kept, byte[] given) {
    return MessageDigest.isEqual(kept, given);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
