package com.penguinmails.ports.mail;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProofCheck;
import java.util.List;
import java.util.Optional;

/// Looks at a mail server from outside and sends a real message through it. What is wrong with the
/// server is an answer (`FAILED` checks); `Unavailable` and `Refused` are thrown only for `submit`
/// and `fetch`, where there is nothing to judge without them.
public interface MailProbe {
  /// Submits one message from the mailbox through port 587 (STARTTLS, certificate verified, SASL)
  /// to the probe mailbox. The token becomes the Message-ID's left side and the subject; sending
  /// twice with the same token delivers two copies that count as one.
  void submit(Submission submission);

  /// Looks for the token in the probe mailbox by IMAP. Empty: not there yet.
  Optional<Arrival> fetch(ProbeMailbox mailbox, String token);

  /// Judges an arrived message: `dkim`, `spf`, `dmarc`, `unaltered`. SPF from the `Received` line
  /// our own probe host wrote, and from no other.
  List<ProofCheck> judge(Arrival arrival, Expected expected);

  /// Judges the server itself: `tls-25`, `tls-465`, `tls-587`, `tls-993`, `banner`, `ptr`,
  /// `open-relay`, `imap-login`.
  List<ProofCheck> inspect(Server server);

  /// @param server where to submit, with the name its certificate must carry
  record Submission(
      IpAddress server,
      DomainName hostname,
      EmailAddress from,
      String password,
      String to,
      String token) {
    @Override
    public String toString() {
      return "Submission[" + hostname + ", " + token + "]";
    }
  }

  /// The mailbox at our own probe host.
  ///
  /// @param hostname the probe host's name, as it signs its `Received` lines
  record ProbeMailbox(
      IpAddress server, int imapPort, DomainName hostname, String user, String password) {
    @Override
    public String toString() {
      return "ProbeMailbox[" + hostname + "]";
    }
  }

  /// A message as it arrived, headers and body; octets as ISO 8859-1 characters.
  record Arrival(String raw, DomainName probeHostname) {}

  /// @param selector the DKIM selector that must have signed
  record Expected(DomainName domain, String selector, IpAddress sendingAddress) {}

  /// @param from the mailbox whose login is tried by IMAP
  record Server(IpAddress address, DomainName hostname, EmailAddress mailbox, String password) {
    @Override
    public String toString() {
      return "Server[" + hostname + "]";
    }
  }
}
