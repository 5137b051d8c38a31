package com.penguinmails.sandbox.mail.simulated;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One mail being handed in: MAIL, RCPT, and what DATA needs. Each command answers its reply.
final class SmtpTransaction {
  private static final int MAX_RECIPIENTS = 1_000; // smtpd_recipient_limit
  private static final Pattern SIZE = Pattern.compile("(?i)\\bSIZE=(\\d{1,12})\\b");
  static final String NOT_NOW = "451 4.7.1 Service unavailable - try again later";

  private final SmtpBackend backend;
  private final MailConfiguration configuration;
  private final SmtpRules rules;
  private final List<String> recipients = new ArrayList<>();
  private Optional<String> sender = Optional.empty();

  SmtpTransaction(SmtpBackend backend, MailConfiguration configuration, SmtpRules rules) {
    this.backend = backend;
    this.configuration = configuration;
    this.rules = rules;
  }

  String mail(String argument) {
    var size = SIZE.matcher(argument);
    var address = SmtpRules.address(argument);
    if (sender.isPresent()) {
      return "503 5.5.1 Error: nested MAIL command";
    }
    if (!argument.toUpperCase(Locale.ROOT).startsWith("FROM:") || address.isEmpty()) {
      return "501 5.5.4 Syntax: MAIL FROM:<address>";
    }
    if (size.find() && Long.parseLong(size.group(1)) > configuration.habits().maxMessageOctets()) {
      return "552 5.3.4 Message size exceeds fixed limit";
    }
    if (configuration.signing().state() == MailConfiguration.Signing.State.DOWN) {
      return NOT_NOW;
    }
    sender = address;
    return "250 2.1.0 Ok";
  }

  String recipient(String argument, Optional<String> login) throws IOException {
    var address = SmtpRules.address(argument);
    if (sender.isEmpty()) {
      return "503 5.5.1 Error: need MAIL command";
    }
    if (!argument.toUpperCase(Locale.ROOT).startsWith("TO:") || address.isEmpty()) {
      return "501 5.5.4 Syntax: RCPT TO:<address>";
    }
    if (recipients.size() >= MAX_RECIPIENTS) {
      return "452 4.5.3 Error: too many recipients";
    }
    if (backend.fault() instanceof MailFault.Slow(Duration delay)) {
      pause(delay);
    }
    var whom =
        address.get().equals("postmaster") // RFC 5321, 4.5.1
            ? "postmaster@" + configuration.hostname()
            : address.get();
    var refusal = rules.refusal(login, sender.get(), whom);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    recipients.add(whom);
    return "250 2.1.5 Ok";
  }

  /// Why there can be no text yet.
  Optional<String> refusalOfData() {
    if (sender.isEmpty()) {
      return Optional.of("503 5.5.1 Error: need MAIL command");
    }
    return recipients.isEmpty()
        ? Optional.of("554 5.5.1 Error: no valid recipients")
        : Optional.empty();
  }

  String sender() {
    return sender.orElse("");
  }

  List<String> recipients() {
    return List.copyOf(recipients);
  }

  void forget() {
    sender = Optional.empty();
    recipients.clear();
  }

  private static void pause(Duration delay) throws IOException {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
