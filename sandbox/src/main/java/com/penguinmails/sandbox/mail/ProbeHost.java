package com.penguinmails.sandbox.mail;

import com.penguinmails.ports.mail.MailProbe.ProbeMailbox;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.time.Duration;

/// Our own probe host in the sandbox, called `mx.probe.test`. It takes mail for `proof@probe.test`,
/// writes the trace lines SPF is judged by, and shows the mailbox by IMAP over TLS. Its DNS records
/// are the sandbox' affair.
public interface ProbeHost extends AutoCloseable {
  /// The name in its banner, certificate and trace lines.
  DomainName HOSTNAME = new DomainName("mx.probe.test");

  /// Where the proof's messages are sent to.
  String RECIPIENT = "proof@probe.test";

  /// How the SMTP side misbehaves until told otherwise.
  sealed interface Fault {
    /// 451 for the first deliveries of each sender, by a real greylisting service.
    record Greylist(Duration delay) implements Fault {}

    /// The same for what comes from one address; everybody else is served as ever.
    record GreylistOne(IpAddress client, Duration delay) implements Fault {}

    /// 550 for every recipient.
    record Refuse() implements Fault {}

    /// What arrives is kept with another text than it was sent with.
    record Alter() implements Fault {}

    /// Nobody listens on port 25; IMAP still answers.
    record Down() implements Fault {}

    /// Each recipient takes this long.
    record Slow(Duration delay) implements Fault {}
  }

  /// Sets a fault, replacing an earlier one.
  void fault(Fault fault);

  /// Behaves again.
  void heal();

  /// The mailbox as the probe reads it.
  ProbeMailbox mailbox();

  /// The fixed address.
  IpAddress address();

  /// Its self-signed certificate, to be trusted by the probe.
  String certificatePem();

  /// Stops the host; its mailbox stays and a later start finds it again.
  @Override
  void close();
}
