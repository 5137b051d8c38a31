package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.workflows.model.EmailAddress;
import jakarta.mail.Flags;
import jakarta.mail.Folder;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/// A mail program with one mailbox of the simulated server.
final class Inbox {
  private Inbox() {}

  /// All messages of the inbox, as they are.
  static List<String> read(MailWorld world, EmailAddress address)
      throws MessagingException, IOException {
    var read = new ArrayList<String>();
    try (var store = connect(world, address)) {
      var inbox = store.getFolder("INBOX");
      inbox.open(Folder.READ_ONLY);
      for (var message : inbox.getMessages()) {
        var octets = new ByteArrayOutputStream();
        message.writeTo(octets);
        read.add(octets.toString(StandardCharsets.ISO_8859_1));
      }
    }
    return read;
  }

  /// Flags the first message and moves a copy of it to another folder.
  static void flagAndCopyTheFirst(MailWorld world, EmailAddress address, String folder)
      throws MessagingException {
    try (var store = connect(world, address)) {
      var inbox = store.getFolder("INBOX");
      inbox.open(Folder.READ_WRITE);
      var first = inbox.getMessage(1);
      first.setFlag(Flags.Flag.FLAGGED, true);
      inbox.copyMessages(new jakarta.mail.Message[] {first}, store.getFolder(folder));
    }
  }

  static boolean isTheFirstFlagged(MailWorld world, EmailAddress address, String folder)
      throws MessagingException {
    try (var store = connect(world, address)) {
      var opened = store.getFolder(folder);
      opened.open(Folder.READ_ONLY);
      return opened.getMessage(1).isSet(Flags.Flag.FLAGGED);
    }
  }

  static int count(MailWorld world, EmailAddress address, String folder) throws MessagingException {
    try (var store = connect(world, address)) {
      var opened = store.getFolder(folder);
      opened.open(Folder.READ_ONLY);
      return opened.getMessageCount();
    }
  }

  private static Store connect(MailWorld world, EmailAddress address) throws MessagingException {
    var target = world.network.reach(MailWorld.ADDRESS, 993);
    var properties = new Properties();
    properties.put("mail.imaps.ssl.trust", "*"); // strict TLS is the probe's affair
    properties.put("mail.imaps.ssl.checkserveridentity", "false");
    properties.put("mail.imaps.timeout", "10000");
    var store = Session.getInstance(properties).getStore("imaps");
    store.connect(
        target.getAddress().getHostAddress(),
        target.getPort(),
        address.toString(),
        MailWorld.PASSWORD);
    return store;
  }
}
