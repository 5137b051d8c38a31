package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Certificate;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;
import java.util.Optional;

/// How a simulated mail server misbehaves on purpose. A fault holds until another one is set or the
/// server is healed.
public sealed interface MailFault {
  /// Behaves as configured.
  record None() implements MailFault {}

  /// Anybody may send anywhere through port 25.
  record RelayOpened() implements MailFault {}

  /// One service shows another certificate than the configured one.
  record OtherCertificate(Service service, Certificate certificate) implements MailFault {}

  /// Port 587 offers and takes logins, and then mail, without TLS.
  record PlaintextLogin() implements MailFault {}

  /// A line is added to the text of whatever is taken.
  record Altered(Stage stage) implements MailFault {}

  /// When a message is altered.
  enum Stage {
    /// The signature then covers what nobody wrote.
    BEFORE_SIGNING,
    /// The signature is broken.
    AFTER_SIGNING
  }

  /// What should be signed is sent without a signature.
  record Unsigned() implements MailFault {}

  /// 451 until this long after the first try of the same client, sender and recipient.
  ///
  /// @param client only this one is put off; empty: everybody
  record Greylist(Duration delay, Optional<IpAddress> client) implements MailFault {}

  /// 550 for every recipient.
  record Refuse() implements MailFault {}

  /// Nobody listens on port 25.
  record Down() implements MailFault {}

  /// Each recipient is answered this late.
  record Slow(Duration delay) implements MailFault {}

  /// Taken mail lies this long before it is sent on or put into a mailbox.
  record Delayed(Duration delay) implements MailFault {}

  /// Mail is taken, but the connection ends before the sender is told.
  record AnswerLost() implements MailFault {}
}
