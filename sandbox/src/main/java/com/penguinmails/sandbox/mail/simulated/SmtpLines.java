package com.penguinmails.sandbox.mail.simulated;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What a client sends, line by line and within limits, each octet as an ISO 8859-1 character.
final class SmtpLines {
  private static final int MAX_COMMAND = 2_048; // line_length_limit

  private final InputStream in;

  SmtpLines(InputStream in) {
    this.in = new BufferedInputStream(in);
  }

  /// One line.
  ///
  /// @param isCut it was longer than the limit; the rest is lost
  record Command(String text, boolean isCut) {}

  /// Empty when the client hung up.
  Optional<Command> command() throws IOException {
    var line = new StringBuilder();
    int octet = in.read();
    if (octet < 0) {
      return Optional.empty();
    }
    var isCut = false;
    for (; octet >= 0 && octet != '\n'; octet = in.read()) {
      if (line.length() < MAX_COMMAND) {
        line.append((char) octet);
      } else {
        isCut = true;
      }
    }
    return Optional.of(new Command(line.toString().stripTrailing(), isCut));
  }

  /// The text after DATA, lines ended by CRLF, leading dots taken off. A lone LF ends a line, but
  /// only CRLF on both sides makes a dot the end of the message: else one server would see two
  /// messages where another sees one.
  ///
  /// @return empty when it is larger than the limit; it is read to its end all the same
  Optional<String> message(int maxOctets) throws IOException {
    var message = new StringBuilder();
    var isTooLarge = false;
    var afterCrlf = true;
    while (true) {
      var line = dataLine(maxOctets);
      if (afterCrlf && line.text().equals(".") && line.endsWithCrlf()) {
        return isTooLarge ? Optional.empty() : Optional.of(message.toString());
      }
      var text = line.text().startsWith(".") ? line.text().substring(1) : line.text();
      isTooLarge |= message.length() + text.length() + 2 > maxOctets;
      if (!isTooLarge) {
        message.append(text).append("\r\n");
      }
      afterCrlf = line.endsWithCrlf();
    }
  }

  private record DataLine(String text, boolean endsWithCrlf) {}

  private DataLine dataLine(int maxOctets) throws IOException {
    var line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the client hung up in the middle of a message");
      }
      if (line.length() <= maxOctets) {
        line.append((char) octet);
      }
    }
    var crlf = !line.isEmpty() && line.charAt(line.length() - 1) == '\r';
    return new DataLine(crlf ? line.substring(0, line.length() - 1) : line.toString(), crlf);
  }

  static byte[] octets(String line) {
    return (line + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }
}
