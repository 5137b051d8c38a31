package com.penguinmails.api.setup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// Judges the text of an SSH private key without keeping it: a key we cannot use is said to be so
/// at once and not minutes later.
final class PrivateKeyText {
  private static final Pattern PEM =
      Pattern.compile(
          "-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----\\R(.*?)-----END \\1-----\\s*", Pattern.DOTALL);
  private static final byte[] OPENSSH = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);

  private PrivateKeyText() {}

  /// Why the key cannot be used; empty when it can.
  static Optional<String> objection(String text) {
    if (text.contains("PUBLIC KEY") || text.startsWith("ssh-")) {
      return Optional.of("is the public half; give the private key (the file without .pub)");
    }
    var pem = PEM.matcher(text.strip());
    if (!pem.matches()) {
      return Optional.of(
          "is not a private key; give the whole file, from -----BEGIN to -----END, line breaks as"
              + " \\n");
    }
    boolean isProtected =
        pem.group(1).startsWith("ENCRYPTED")
            || pem.group(2).contains("Proc-Type: 4,ENCRYPTED")
            || (pem.group(1).startsWith("OPENSSH") && isOpenSshProtected(pem.group(2)));
    return isProtected
        ? Optional.of(
            "is protected by a passphrase; give one without: ssh-keygen -p -N '' -f <copy of the"
                + " file>")
        : Optional.empty();
  }

  /// OpenSSH's PROTOCOL.key: the magic text, then the cipher's name; `none` for a key in the clear.
  private static boolean isOpenSshProtected(String base64) {
    try {
      var key = ByteBuffer.wrap(Base64.getMimeDecoder().decode(base64));
      var magic = new byte[OPENSSH.length];
      key.get(magic);
      var cipher = new byte[Math.min(key.getInt(), key.remaining())];
      key.get(cipher);
      return !new String(cipher, StandardCharsets.US_ASCII).equals("none");
    } catch (RuntimeException e) { // cut short, or no base64: the first contact will tell
      return false;
    }
  }
}
