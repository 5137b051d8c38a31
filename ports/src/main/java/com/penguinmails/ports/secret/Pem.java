package com.penguinmails.ports.secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// DER in its textual form (RFC 7468).
public final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  /// Wraps DER in a label such as `PRIVATE KEY`.
  public static String encode(String label, byte[] der) {
    var body =
        Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  /// Reads the first block with the label.
  ///
  /// @throws IllegalArgumentException there is none; the text is not repeated, it may be secret
  public static byte[] decode(String label, String pem) {
    var begin = "-----BEGIN " + label + "-----";
    int from = pem.indexOf(begin);
    int to = pem.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no PEM block \"" + label + "\"");
    }
    return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
  }
}
