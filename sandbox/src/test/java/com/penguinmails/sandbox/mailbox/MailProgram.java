package com.penguinmails.sandbox.mailbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.ports.network.Network;
import com.penguinmails.workflows.model.IpAddress;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Folder;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Store;
import jakarta.mail.internet.MimeMessage;
import java.util.Properties;

/// A person's mail program, told what the API says of a mailbox.
final class MailProgram {
  private final Network network;
  private final IpAddress server;

  MailProgram(Network network, IpAddress server) {
    this.network = network;
    this.server = server;
  }

  boolean logsIn(JsonNode settings, String password) throws MessagingException {
    try (var store = connect(settings, password)) {
      return store.isConnected();
    } catch (AuthenticationFailedException refused) {
      return false;
    }
  }

  /// Keeps a message in the inbox.
  void keep(JsonNode settings, String password) throws MessagingException {
    try (var store = connect(settings, password);
        var inbox = store.getFolder("INBOX")) {
      inbox.open(Folder.READ_WRITE);
      var message = new MimeMessage(Session.getInstance(new Properties()));
      message.setSubject("kept");
      message.setText("kept");
      inbox.appendMessages(new Message[] {message});
    }
  }

  int count(JsonNode settings, String password) throws MessagingException {
    try (var store = connect(settings, password);
        var inbox = store.getFolder("INBOX")) {
      inbox.open(Folder.READ_ONLY);
      return inbox.getMessageCount();
    }
  }

  private Store connect(JsonNode settings, String password) throws MessagingException {
    var target = network.reach(server, settings.path("incoming").path("port").asInt());
    var properties = new Properties();
    properties.put("mail.imaps.ssl.trust", "*"); // strict TLS is the probe's affair
    properties.put("mail.imaps.ssl.checkserveridentity", "false");
    properties.put("mail.imaps.timeout", "10000");
    var store = Session.getInstance(properties).getStore("imaps");
    store.connect(
        target.getAddress().getHostAddress(),
        target.getPort(),
        settings.path("userName").asText(),
        password);
    return store;
  }
}
