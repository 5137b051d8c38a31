package com.penguinmails.sandbox.mail.simulated;

import com.icegreen.greenmail.imap.AuthorizationException;
import com.icegreen.greenmail.imap.ImapHandler;
import com.icegreen.greenmail.imap.ImapHostManager;
import com.icegreen.greenmail.imap.ImapHostManagerImpl;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.user.UserException;
import com.icegreen.greenmail.user.UserManager;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;

/// The mailboxes of a server: GreenMail speaks IMAP over them, files keep them. What an IMAP client
/// changes is in the files once it has left. Greeting and capabilities are GreenMail's, not
/// Dovecot's.
final class Mailboxes {
  private static final String INBOX = "INBOX";
  private static final List<String> FOLDERS = List.of("Drafts", "Sent", "Archive", "Junk", "Trash");
  private static final Session SESSION = Session.getInstance(new Properties());

  private final MailboxFiles files;
  private final ImapHostManager host = new ImapHostManagerImpl();
  private final UserManager users = new UserManager(host);

  Mailboxes(Path directory) {
    this.files = new MailboxFiles(directory);
  }

  /// Who may open what.
  @FunctionalInterface
  interface Logins {
    /// The mailbox that user and password open.
    Optional<String> mailbox(String user, String password);
  }

  /// Makes the mailboxes that are not there yet. One that is no longer named keeps its mail.
  synchronized void open(Collection<String> addresses) {
    for (var address : addresses) {
      if (!users.hasUser(address)) {
        try {
          // GreenMail's own password is never asked for: see Door.
          var user = users.createUser(address, address, UUID.randomUUID().toString());
          for (var folder : FOLDERS) {
            var _ = host.createMailbox(user, folder);
            host.subscribe(user, folder);
          }
          load(user);
        } catch (UserException | AuthorizationException | FolderException e) {
          throw new IllegalStateException("mailbox " + address + " not opened", e);
        }
      }
    }
  }

  /// Takes the mail of these away for good.
  synchronized void remove(Collection<String> addresses) {
    for (var address : addresses) {
      if (users.hasUser(address)) {
        try {
          for (var folder : host.listMailboxes(users.getUser(address), "*")) {
            folder.deleteAllMessages();
          }
        } catch (FolderException e) {
          throw new IllegalStateException("mailbox " + address + " not removed", e);
        }
      }
      files.remove(address);
    }
  }

  private void load(GreenMailUser user) throws FolderException, AuthorizationException {
    for (var name : files.folders(user.getEmail())) {
      if (!name.equals(INBOX) && !FOLDERS.contains(name)) {
        var _ = host.createMailbox(user, name);
      }
      files.load(user.getEmail(), name, host.getFolder(user, name, true));
    }
  }

  /// Puts a message into the inbox; it is in its file when this returns.
  void deliver(String address, RawMessage message) {
    try {
      var inbox = host.getInbox(users.getUser(address));
      var _ =
          inbox.appendMessage(
              new MimeMessage(SESSION, message.stream()), new Flags(), Date.from(Instant.now()));
      files.save(address, INBOX, inbox);
    } catch (FolderException | MessagingException e) {
      throw new IllegalStateException("mail for " + address + " not kept", e);
    }
  }

  /// Speaks IMAP until the client leaves.
  ///
  /// @param socket already encrypted
  void serve(Socket socket, Logins logins) {
    var door = new Door(logins);
    try {
      new ImapHandler(door, host, socket).run();
    } finally {
      door.opened.ifPresent(this::save);
    }
  }

  private void save(String address) {
    var user = users.getUser(address);
    try {
      for (var folder : host.listMailboxes(user, "*")) {
        // #mail.<account>.<folder>
        var name = folder.getFullName().split("\\.", 3)[2];
        if (folder.isSelectable()) {
          files.save(address, name, folder);
        }
      }
    } catch (FolderException e) {
      throw new IllegalStateException("mailbox " + address + " not kept", e);
    }
  }

  /// Lets GreenMail ask us for logins: one for each connection.
  private final class Door extends UserManager {
    private final Logins logins;
    private Optional<String> opened = Optional.empty();

    Door(Logins logins) {
      super(host);
      this.logins = logins;
    }

    @Override
    public boolean test(String user, String password) {
      opened = logins.mailbox(user, password);
      return opened.isPresent();
    }

    @Override
    public GreenMailUser getUser(String login) {
      return users.getUser(opened.orElse(login));
    }
  }
}
