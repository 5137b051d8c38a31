package com.penguinmails.sandbox.mail.simulated;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The lines servers leave on a message, in the words of Postfix and Dovecot.
final class TraceLines {
  private static final DateTimeFormatter DATE = // RFC 5322, 3.3
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private TraceLines() {}

  static String date(Instant at) {
    return DATE.format(at.atOffset(ZoneOffset.UTC)) + " (UTC)";
  }

  /// What Postfix writes on top of what it takes.
  static String received(
      Incoming incoming, MailConfiguration configuration, String id, Instant at) {
    var line = new StringBuilder("Received: from ");
    line.append(incoming.helo()).append(" (").append(incoming.client().name());
    line.append(" [").append(incoming.client().address()).append("])\r\n\t");
    if (configuration.habits().notesTls() && incoming.tls().isPresent()) {
      var tls = incoming.tls().get();
      line.append(
          "(using %s with cipher %s (%d/%d bits))\r\n\t(No client certificate requested)\r\n\t"
              .formatted(tls.protocol(), tls.cipher(), tls.bits(), tls.bits()));
    }
    line.append("by ").append(configuration.hostname()).append(" (Postfix) with ");
    line.append(incoming.protocol()).append(" id ").append(id);
    if (incoming.recipients().size() == 1) {
      line.append("\r\n\tfor <").append(incoming.recipients().getFirst()).append('>');
    }
    return line.append("; ").append(date(at)).toString();
  }

  /// What Dovecot writes on top of what Postfix hands it.
  static String receivedByLmtp(
      MailConfiguration configuration, String id, String sender, String mailbox, Instant at) {
    var host = configuration.hostname();
    return "Received: from %s\r\n\tby %s with LMTP\r\n\tid %s\r\n\t(envelope-from <%s>)\r\n\tfor <%s>; %s"
        .formatted(host, host, id, sender, mailbox, date(at));
  }
}
