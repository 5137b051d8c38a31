package com.penguinmails.sandbox.mail.simulated;

import com.icegreen.greenmail.store.MailFolder;
import com.icegreen.greenmail.store.StoredMessage;
import jakarta.mail.Flags;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.springframework.util.FileSystemUtils;

/// Mailboxes as files: a folder is a directory, a message a file named after its number, its
/// arrival and its flags (`17,1795297616000,SF.eml`).
final class MailboxFiles {
  private static final Session SESSION = Session.getInstance(new Properties());
  private static final Map<Flags.Flag, String> LETTERS = // as Maildir has them
      Map.of(
          Flags.Flag.SEEN, "S",
          Flags.Flag.ANSWERED, "R",
          Flags.Flag.FLAGGED, "F",
          Flags.Flag.DELETED, "T",
          Flags.Flag.DRAFT, "D");

  private final Path directory;

  MailboxFiles(Path directory) {
    this.directory = directory;
  }

  private record Name(long uid, long arrivedMillis, String flags) {
    static Name of(Path file) {
      var parts = file.getFileName().toString().replace(".eml", "").split(",", -1);
      return new Name(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }

    static Name of(StoredMessage message) {
      var flags = new StringBuilder();
      for (var flag : message.getFlags().getSystemFlags()) {
        flags.append(LETTERS.getOrDefault(flag, ""));
      }
      return new Name(
          message.getUid(), message.getReceivedDate().toInstant().toEpochMilli(), flags.toString());
    }

    Flags toFlags() {
      var found = new Flags();
      LETTERS.forEach((flag, letter) -> {
        if (flags.contains(letter)) {
          found.add(flag);
        }
      });
      return found;
    }

    String file() {
      return uid + "," + arrivedMillis + "," + flags + ".eml";
    }
  }

  /// The names of all folders of the mailbox.
  List<String> folders(String mailbox) {
    return list(place(mailbox)).stream()
        .map(path -> URLDecoder.decode(path.getFileName().toString(), StandardCharsets.UTF_8))
        .toList();
  }

  /// Fills a folder with what its files hold.
  void load(String mailbox, String name, MailFolder folder) {
    var files =
        list(place(mailbox, name)).stream()
            .filter(path -> path.toString().endsWith(".eml"))
            .sorted(Comparator.comparingLong(path -> Name.of(path).uid()))
            .toList();
    for (var file : files) {
      var named = Name.of(file);
      try (var stream = Files.newInputStream(file)) {
        folder.appendMessage(
            new MimeMessage(SESSION, stream),
            named.toFlags(),
            Date.from(Instant.ofEpochMilli(named.arrivedMillis())));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MessagingException e) {
        throw new IllegalStateException(file + " cannot be read", e);
      }
    }
    save(mailbox, name, folder); // numbers begin anew
  }

  /// Makes the files what the folder is.
  synchronized void save(String mailbox, String name, MailFolder folder) {
    var there = place(mailbox, name);
    try {
      Files.createDirectories(there);
      var wanted = new HashMap<String, StoredMessage>();
      for (var message : folder.getMessages()) {
        wanted.put(Name.of(message).file(), message);
      }
      var stale = new ArrayList<Path>();
      for (var file : list(there)) {
        if (wanted.remove(file.getFileName().toString()) == null) {
          stale.add(file);
        }
      }
      for (var missing : wanted.entrySet()) { // first, so that no message is ever without a file
        write(there.resolve(missing.getKey()), missing.getValue());
      }
      for (var file : stale) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MessagingException e) {
      throw new IllegalStateException(name + " of " + mailbox + " cannot be written", e);
    }
  }

  /// Removes the mailbox with everything in it.
  synchronized void remove(String mailbox) {
    try {
      FileSystemUtils.deleteRecursively(place(mailbox));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path path, StoredMessage message)
      throws IOException, MessagingException {
    var unfinished = path.resolveSibling(path.getFileName() + ".new");
    try (var stream = Files.newOutputStream(unfinished)) {
      message.getMimeMessage().writeTo(stream);
    }
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path place(String mailbox, String... folder) {
    var place = directory.resolve(URLEncoder.encode(mailbox, StandardCharsets.UTF_8));
    for (var name : folder) {
      place = place.resolve(URLEncoder.encode(name, StandardCharsets.UTF_8));
    }
    return place;
  }

  private static List<Path> list(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (var files = Files.list(directory)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
