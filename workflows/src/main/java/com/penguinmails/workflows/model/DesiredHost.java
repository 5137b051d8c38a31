package com.penguinmails.workflows.model;

import java.util.List;
import java.util.Optional;

/// What a server should be, as one value computed from the database. Converging compares it with
/// the host; adding a mailbox, rotating a key, repairing drift and rebuilding a lost server are all
/// "converge to the next version".
///
/// @param version counts up with every change; an older one never applies over a newer one
/// @param hostname the server's own name: HELO, banner, PTR, MX target and certificate name
/// @param certificate empty until the first one is issued: steps that need it are then left out
public record DesiredHost(
    ServerId server,
    long version,
    Stack stack,
    DomainName hostname,
    IpAddress address,
    HostSettings settings,
    List<DesiredDomain> domains,
    List<DesiredMailbox> mailboxes,
    Optional<DesiredCertificate> certificate) {

  public DesiredHost {
    domains = List.copyOf(domains);
    mailboxes = List.copyOf(mailboxes);
  }

  /// The mail software on a server.
  public enum Stack {
    /// Postfix, Dovecot and OpenDKIM from Debian's packages.
    DEBIAN
  }

  /// One sending domain on the host. The last DKIM key signs; the others stay loaded during the
  /// overlap of a rotation.
  ///
  /// @param mtaStsMode `testing` or `enforce` (RFC 8461, 3.2)
  public record DesiredDomain(DomainName name, List<DkimKey> dkimKeys, String mtaStsMode) {
    public DesiredDomain {
      dkimKeys = List.copyOf(dkimKeys);
    }
  }

  /// @param privateKey field `pem`: PKCS#8, RSA 2048
  public record DkimKey(String selector, SecretRef privateKey) {}

  /// @param login fields `password` and `hash` (Dovecot scheme included); only the hash goes to the
  ///   host
  public record DesiredMailbox(EmailAddress address, SecretRef login, Life life) {
    /// One that is open.
    public DesiredMailbox(EmailAddress address, SecretRef login) {
      this(address, login, Life.OPEN);
    }

    /// What a mailbox is on the host.
    public enum Life {
      /// It takes mail, and its login works.
      OPEN,
      /// It takes mail, and nobody can log in: it is being removed and may be taken back.
      SUSPENDED,
      /// Not there, and neither is its mail.
      GONE
    }
  }

  /// @param secret fields `chain` (PEM, leaf first) and `key` (PKCS#8 PEM)
  public record DesiredCertificate(CertificateId id, List<DomainName> names, SecretRef secret) {
    public DesiredCertificate {
      names = List.copyOf(names);
    }
  }

  /// What differs between a machine on the Internet and a test host.
  ///
  /// @param forwardTo recursive resolvers unbound forwards to; empty in production: it asks the
  ///   root
  /// @param insecureZones zones unbound does not expect DNSSEC for, such as `test`; empty in
  ///   production
  /// @param trustedNetworks CIDRs that fail2ban never bans: the orchestrator's and the senders'
  /// @param caRoots extra CA certificates (PEM) the host trusts; empty in production
  public record HostSettings(
      List<IpAddress> forwardTo,
      List<RecordName> insecureZones,
      List<String> trustedNetworks,
      List<String> caRoots) {
    public HostSettings {
      forwardTo = List.copyOf(forwardTo);
      insecureZones = List.copyOf(insecureZones);
      trustedNetworks = List.copyOf(trustedNetworks);
      caRoots = List.copyOf(caRoots);
    }
  }
}
