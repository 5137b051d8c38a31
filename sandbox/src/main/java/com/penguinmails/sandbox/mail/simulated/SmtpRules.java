package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import com.penguinmails.workflows.model.DomainName;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// Whom mail is taken from and for, and the words Postfix refuses the others with.
final class SmtpRules {
  private final SmtpBackend backend;
  private final MailConfiguration configuration;
  private final Service service;
  private final Incoming.Client client;

  SmtpRules(
      SmtpBackend backend,
      MailConfiguration configuration,
      Service service,
      Incoming.Client client) {
    this.backend = backend;
    this.configuration = configuration;
    this.service = service;
    this.client = client;
  }

  /// The address in MAIL and RCPT, in lower case and without a source route, which nobody has had
  /// to follow since RFC 1123.
  ///
  /// @return empty when there is none; the null sender is an empty text
  static Optional<String> address(String argument) {
    int from = argument.indexOf('<');
    int to = argument.lastIndexOf('>');
    if (from < 0 || to < from) { // forgiven, as strict_rfc821_envelopes = no does
      return Arrays.stream(argument.substring(argument.indexOf(':') + 1).strip().split("\\s", 2))
          .filter(bare -> !bare.isEmpty())
          .map(bare -> bare.toLowerCase(Locale.ROOT))
          .findFirst();
    }
    var path = argument.substring(from + 1, to).strip();
    if (path.startsWith("@") && path.indexOf(':') > 0) {
      path = path.substring(path.indexOf(':') + 1);
    }
    return Optional.of(path.toLowerCase(Locale.ROOT));
  }

  /// Sender and recipient are judged together, at RCPT (`smtpd_delay_reject`).
  ///
  /// @return the refusal; empty when all is well
  Optional<String> refusal(Optional<String> login, String sender, String recipient) {
    var domain = recipient.substring(recipient.lastIndexOf('@') + 1);
    if (service.isSubmission()) {
      var ofSender = senderRefusal(login, sender);
      if (ofSender.isPresent()) {
        return ofSender;
      }
    } else if (recipient.contains("@") && mustNotRelayTo(domain)) {
      return said("554 5.7.1 <%s>: Relay access denied", recipient);
    }
    if (!isDomainName(domain) || !recipient.contains("@")) {
      return said(
          "504 5.5.2 <%s>: Recipient address rejected: need fully-qualified address", recipient);
    }
    if (configuration.addresses().domains().contains(domain)) {
      if (configuration.addresses().mailboxOf(recipient).isEmpty()) {
        return said(
            "550 5.1.1 <%s>: Recipient address rejected: User unknown in virtual mailbox table",
            recipient);
      }
    } else if (!service.isSubmission() && !backend.isDomain(domain)) {
      return said("450 4.1.2 <%s>: Recipient address rejected: Domain not found", recipient);
    }
    return faultRefusal(sender, recipient);
  }

  /// `reject_sender_login_mismatch`, then `permit_sasl_authenticated, reject`.
  private Optional<String> senderRefusal(Optional<String> login, String sender) {
    if (login.isEmpty()) {
      return said(
          configuration.addresses().senders().containsKey(sender)
              ? "553 5.7.1 <%s>: Sender address rejected: not logged in"
              : "554 5.7.1 <%s>: Sender address rejected: Access denied",
          sender);
    }
    if (sender.isEmpty() || configuration.addresses().maySend(login.get(), sender)) {
      return Optional.empty();
    }
    return said(
        "553 5.7.1 <%s>: Sender address rejected: not owned by user " + login.get(), sender);
  }

  private boolean mustNotRelayTo(String domain) {
    return !configuration.addresses().domains().contains(domain)
        && !configuration.trusts(client.address())
        && !(backend.fault() instanceof MailFault.RelayOpened);
  }

  private Optional<String> faultRefusal(String sender, String recipient) {
    if (service != Service.SMTP) {
      return Optional.empty();
    }
    if (backend.fault() instanceof MailFault.Refuse) {
      return said("550 5.7.1 <%s>: Recipient address rejected: Refused by the sandbox", recipient);
    }
    return backend.isTooEarly(client, sender, recipient)
        ? said("451 4.7.1 <%s>: Recipient address rejected: Greylisted", recipient)
        : Optional.empty();
  }

  private static boolean isDomainName(String text) {
    try {
      return new DomainName(text).value().equals(text);
    } catch (IllegalArgumentException notAName) {
      return false;
    }
  }

  private static Optional<String> said(String reply, String address) {
    return Optional.of(reply.replace("%s", address));
  }
}
