package com.penguinmails.api.mailbox;

import com.penguinmails.store.mailbox.MailboxStore.Mailbox;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.MailAccess;
import com.penguinmails.workflows.model.MailboxId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A mailbox as the API shows it, with what a mail program must be told.
///
/// @param displayName may be empty
/// @param passwordRevealedAt absent while the password may be shown, once
/// @param removeAfter until then a removal can be taken back
record MailboxAnswer(
    MailboxId id,
    DomainId domain,
    String address,
    String displayName,
    Mailbox.State state,
    Instant createdAt,
    Optional<Instant> passwordRevealedAt,
    Optional<Instant> removeAfter,
    Settings settings) {

  static MailboxAnswer of(Mailbox mailbox) {
    return new MailboxAnswer(
        mailbox.id(),
        mailbox.domain(),
        mailbox.address().toString(),
        mailbox.displayName(),
        mailbox.state(),
        mailbox.createdAt(),
        mailbox.revealedAt(),
        mailbox.removeAfter(),
        Settings.of(mailbox));
  }

  /// The same as mail programs find by themselves (RFC 6186, autoconfig).
  ///
  /// @param outgoing the first is the better one
  record Settings(String userName, Door incoming, List<Door> outgoing) {
    Settings {
      outgoing = List.copyOf(outgoing);
    }

    static Settings of(Mailbox mailbox) {
      var host = mailbox.hostname().value();
      return new Settings(
          mailbox.address().toString(),
          Door.of(MailAccess.IMAPS, host),
          Stream.of(MailAccess.SUBMISSIONS, MailAccess.SUBMISSION)
              .map(access -> Door.of(access, host))
              .toList());
    }
  }

  /// @param protocol `imap` or `smtp`
  record Door(String protocol, String host, int port, MailAccess.Security security) {
    static Door of(MailAccess access, String host) {
      return new Door(access.protocol(), host, access.port(), access.security());
    }
  }
}
