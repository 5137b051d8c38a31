package com.penguinmails.sandbox.mail.simulated;

import java.time.Instant;
import java.util.Map;

/// The message that tells a sender what could not be delivered (RFC 3464).
final class Bounce {
  private Bounce() {}

  /// @param reasons by recipient
  static RawMessage of(
      QueuedMail mail,
      RawMessage original,
      Map<String, String> reasons,
      MailConfiguration configuration,
      Instant now) {
    var host = configuration.hostname();
    var boundary = mail.id() + "/" + host;
    var text = new StringBuilder();
    text.append("From: MAILER-DAEMON@").append(host).append(" (Mail Delivery System)\n");
    text.append("To: ").append(mail.sender()).append('\n');
    text.append("Subject: Undelivered Mail Returned to Sender\n");
    text.append("Date: ").append(TraceLines.date(now)).append('\n');
    text.append("Message-ID: <").append(now.getEpochSecond()).append('.').append(mail.id());
    text.append('@').append(host).append(">\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n");
    text.append("Content-Type: multipart/report; report-type=delivery-status;\n");
    text.append("\tboundary=\"").append(boundary).append("\"\n\n");
    text.append("--").append(boundary).append("\nContent-Type: text/plain; charset=us-ascii\n\n");
    text.append("This is the mail system at host ").append(host).append(".\n\n");
    reasons.forEach((recipient, why) ->
        text.append('<').append(recipient).append(">: ").append(why).append("\n\n"));
    text.append("--").append(boundary).append("\nContent-Type: message/delivery-status\n\n");
    text.append("Reporting-MTA: dns; ").append(host).append('\n');
    text.append("Arrival-Date: ").append(TraceLines.date(mail.arrived())).append('\n');
    reasons.forEach((recipient, why) ->
        text.append("\nFinal-Recipient: rfc822; ")
            .append(recipient)
            .append("\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; ")
            .append(why.replaceAll("\\s+", " "))
            .append('\n'));
    text.append("\n--").append(boundary).append("\nContent-Type: text/rfc822-headers\n\n");
    original.fields().forEach(field -> text.append(field).append('\n'));
    text.append("\n--").append(boundary).append("--\n");
    return RawMessage.parse(text.toString().replace("\r\n", "\n").replace("\n", "\r\n"));
  }
}
