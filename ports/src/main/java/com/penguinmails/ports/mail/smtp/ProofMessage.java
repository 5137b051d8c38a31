package com.penguinmails.ports.mail.smtp;

import com.penguinmails.ports.mail.MailProbe.Submission;
import com.penguinmails.workflows.model.DomainName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The one message the probe sends. Its text follows from the token alone, so that whoever receives
/// it can tell whether somebody changed it on the way, without trusting a signature.
final class ProofMessage {
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,63}");
  private static final Pattern RECIPIENT =
      Pattern.compile("[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}");
  private static final DateTimeFormatter DATE = // RFC 5322, 3.3
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private ProofMessage() {}

  static byte[] compose(Submission submission, Instant now) {
    requireToken(submission.token());
    if (!RECIPIENT.matcher(submission.to()).matches()) {
      throw new IllegalArgumentException("the probe mailbox is not a plain address");
    }
    var message =
        "From: <"
            + submission.from()
            + ">\r\nTo: <"
            + submission.to()
            + ">\r\nSubject: "
            + submission.token()
            + "\r\nDate: "
            + DATE.format(now.atOffset(ZoneOffset.UTC))
            + "\r\nMessage-ID: "
            + messageId(submission.token(), submission.from().domain())
            + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n"
            + "Auto-Submitted: auto-generated\r\n\r\n" // RFC 3834: nobody should answer
            + body(submission.token());
    return message.getBytes(StandardCharsets.US_ASCII);
  }

  /// @throws IllegalArgumentException the token could break out of a header or a search
  static void requireToken(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException("a token has letters, digits and hyphens, at most 64");
    }
  }

  /// What is different from the message we composed; empty when nothing is.
  static Optional<String> difference(ArrivedMessage arrived, DomainName domain) {
    var subject = arrived.only("Subject").map(String::strip);
    if (subject.isEmpty() || !TOKEN.matcher(subject.get()).matches()) {
      return Optional.of("the subject is not the one that was sent");
    }
    var token = subject.get();
    if (!arrived
        .only("Message-ID")
        .map(String::strip)
        .equals(Optional.of(messageId(token, domain)))) {
      return Optional.of("the Message-ID is not the one that was sent");
    }
    if (arrived.all("Date").size() != 1 || arrived.all("To").size() != 1) {
      return Optional.of("the Date or To field is missing or doubled");
    }
    if (!withoutTrailingBlank(arrived.body()).equals(withoutTrailingBlank(body(token)))) {
      return Optional.of("the text is not the one that was sent");
    }
    return Optional.empty();
  }

  private static String messageId(String token, DomainName domain) {
    return "<" + token + "@" + domain + ">";
  }

  private static String body(String token) {
    return "This message proves that a new mail server works.\r\n"
        + "Nobody needs to read or answer it.\r\n\r\nProof "
        + token
        + "\r\n";
  }

  private static String withoutTrailingBlank(String text) {
    return text.replace("\r\n", "\n").stripTrailing();
  }
}
