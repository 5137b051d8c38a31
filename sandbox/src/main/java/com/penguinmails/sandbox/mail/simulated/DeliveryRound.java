package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Delivered;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.PutOff;
import com.penguinmails.sandbox.mail.simulated.DeliveryOutcome.Returned;
import com.penguinmails.sandbox.mail.simulated.MailConfiguration.Service;
import java.time.Clock;
import java.time.Instant;

/// Delivers by the configuration of one moment: into a mailbox of ours, or on to another server.
record DeliveryRound(
    MailConfiguration configuration, Mailboxes mailboxes, OutgoingSmtp outgoing, Clock clock)
    implements MailDelivery.Attempt {

  @Override
  public DeliveryOutcome deliver(QueuedMail mail, RawMessage message, String recipient) {
    var addresses = configuration.addresses();
    if (!addresses.domains().contains(recipient.substring(recipient.lastIndexOf('@') + 1))) {
      return outgoing.deliver(message, mail.sender(), recipient);
    }
    var mailbox = addresses.mailboxOf(recipient);
    if (mailbox.isEmpty()) {
      return new Returned("unknown user: \"" + recipient + "\"");
    }
    if (!configuration.services().contains(Service.IMAPS)) {
      return new PutOff("connect to private/dovecot-lmtp: No such file or directory");
    }
    mailboxes.deliver(mailbox.get(), traced(mail, message, recipient, mailbox.get()));
    return new Delivered();
  }

  private RawMessage traced(QueuedMail mail, RawMessage message, String recipient, String mailbox) {
    var returnPath = "Return-Path: <" + mail.sender() + ">";
    return configuration.habits().deliversByLmtp()
        ? message.onTop(
            returnPath,
            "Delivered-To: " + mailbox,
            TraceLines.receivedByLmtp(
                configuration, mail.id(), mail.sender(), mailbox, Instant.now(clock)))
        : message.onTop(returnPath, "X-Original-To: " + recipient, "Delivered-To: " + mailbox);
  }
}
