package com.penguinmails.ports.mail.smtp;

import com.penguinmails.workflows.model.IpAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The trace line Postfix writes (smtpd: `from HELO (NAME [ADDRESS]) … by HOST (Postfix) with …`).
/// Whatever does not read exactly so is not understood: guessing here would let a sender choose the
/// address SPF is judged by.
record ReceivedLine(String helo, IpAddress client, String by, boolean encrypted) {
  private static final Pattern POSTFIX =
      Pattern.compile(
          "from (?<helo>[^\\s()\\[\\]<>;]+)"
              + " \\((?<name>[^\\s()\\[\\]<>;]+) \\[(?:IPv6:)?(?<address>[0-9A-Fa-f:.]+)\\]\\)"
              + "(?: \\(using TLSv1[.0-9]* with cipher [^\\s()]+ \\([0-9]+/[0-9]+ bits\\)"
              + "(?: [^();]*(?:\\([A-Za-z0-9 -]+\\))?)*\\))?"
              + "(?: \\((?:No client certificate requested|Client did not present a certificate"
              + "|not verified|no client certificate requested)\\))?"
              + " by (?<by>[A-Za-z0-9.-]+) \\(Postfix[^()]*\\)"
              + " with (?<with>E?SMTPS?A?) id [0-9A-Za-z]+"
              + "(?: for <[^<>\\s]*>)?; [^;]+");
  private static final int MAX_LENGTH = 2_000;

  /// @param body the field's body, folded or not
  static Optional<ReceivedLine> parse(String body) {
    if (body.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    var matcher = POSTFIX.matcher(body.replaceAll("[\\s]+", " ").strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ReceivedLine(
              matcher.group("helo"),
              new IpAddress(matcher.group("address")),
              matcher.group("by").toLowerCase(Locale.ROOT),
              matcher.group("with").contains("SMTPS")));
    } catch (IllegalArgumentException notAnAddress) {
      return Optional.empty();
    }
  }
}
