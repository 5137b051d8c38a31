package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Signing;
import com.penguinmails.sandbox.mail.simulated.MailFault.Altered;
import com.penguinmails.sandbox.mail.simulated.MailFault.Stage;
import java.time.Instant;
import java.util.Optional;

/// What happens to a message between the moment it is handed in and the queue: the trace line, what
/// a submission server adds and takes away, and the signature.
final class MessageIntake {
  private static final String ADDED_LINE = "This line was added on the way.\r\n";

  private final MailConfiguration configuration;
  private final MailFault fault;

  MessageIntake(MailConfiguration configuration, MailFault fault) {
    this.configuration = configuration;
    this.fault = fault;
  }

  /// @param id the queue id it will have
  /// @return empty when it should be signed and cannot be
  Optional<RawMessage> process(Incoming incoming, String id, Instant now) {
    var message = incoming.message().onTop(TraceLines.received(incoming, configuration, id, now));
    if (incoming.login().isPresent()) {
      message = completed(message, incoming.sender(), id, now);
    }
    if (incoming.service().isSubmission()) {
      message = message.without(configuration.habits().hiddenHeaders());
    }
    message = altered(message, Stage.BEFORE_SIGNING);
    var signed =
        isToSign(incoming)
            ? new DkimSigning(configuration.signing()).sign(message, now)
            : Optional.of(message);
    return signed.map(done -> altered(done, Stage.AFTER_SIGNING));
  }

  /// Fields a submission server may add (RFC 6409, 8).
  private RawMessage completed(RawMessage message, String sender, String id, Instant now) {
    var complete = message;
    if (!complete.has("From")) {
      complete = complete.atEnd("From: " + sender);
    }
    if (!complete.has("Date")) {
      complete = complete.atEnd("Date: " + TraceLines.date(now));
    }
    if (!complete.has("Message-ID")) {
      complete =
          complete.atEnd(
              "Message-ID: <%d.%s@%s>"
                  .formatted(now.getEpochSecond(), id, configuration.hostname()));
    }
    return complete;
  }

  /// Mail of ours: of who logged in or of a trusted client.
  private boolean isToSign(Incoming incoming) {
    return configuration.signing().state() == Signing.State.UP
        && !(fault instanceof MailFault.Unsigned)
        && (incoming.login().isPresent() || configuration.trusts(incoming.client().address()));
  }

  private RawMessage altered(RawMessage message, Stage stage) {
    return fault instanceof Altered(Stage when) && when == stage
        ? message.withBody(message.body() + ADDED_LINE)
        : message;
  }
}
