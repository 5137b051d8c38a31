package com.penguinmails.ports.stack;

import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DesiredHost;
import com.penguinmails.workflows.model.DesiredHost.DesiredCertificate;
import com.penguinmails.workflows.model.DesiredHost.DesiredDomain;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox;
import com.penguinmails.workflows.model.DesiredHost.DesiredMailbox.Life;
import com.penguinmails.workflows.model.DesiredHost.DkimKey;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Desired states for tests of drivers: one domain, `acme.example`.
public final class Hosts {
  public static final DomainName DOMAIN = new DomainName("acme.example");
  public static final HostSettings PRODUCTION =
      new HostSettings(List.of(), List.of(), List.of("192.0.2.1/32"), List.of());

  private Hosts() {}

  public static DesiredHost complete() {
    return withMailboxes("jane");
  }

  public static DesiredHost withMailboxes(String... localParts) {
    return host(PRODUCTION, keys("pm202611", "pm202612"), mailboxes(localParts), certificate(1));
  }

  /// Jane is open, Sue suspended, Gus gone.
  public static DesiredHost withMailboxesOfEveryLife() {
    var all = new ArrayList<>(mailboxes("jane"));
    all.add(mailbox("sue", Life.SUSPENDED));
    all.add(mailbox("gus", Life.GONE));
    return host(PRODUCTION, keys("pm202611"), all, certificate(1));
  }

  private static DesiredMailbox mailbox(String part, Life life) {
    return new DesiredMailbox(
        new EmailAddress(part, DOMAIN), new SecretRef("mailbox/" + part, 1), life);
  }

  public static DesiredHost withoutCertificate() {
    return host(PRODUCTION, keys("pm202611", "pm202612"), mailboxes("jane"), Optional.empty());
  }

  public static DesiredHost withCertificateVersion(int version) {
    return host(PRODUCTION, keys("pm202611", "pm202612"), mailboxes("jane"), certificate(version));
  }

  public static DesiredHost withKeys(String... selectors) {
    return host(PRODUCTION, keys(selectors), mailboxes("jane"), certificate(1));
  }

  public static DesiredHost withSettings(HostSettings settings) {
    return host(settings, keys("pm202611"), mailboxes("jane"), certificate(1));
  }

  private static DesiredHost host(
      HostSettings settings,
      List<DkimKey> keys,
      List<DesiredMailbox> mailboxes,
      Optional<DesiredCertificate> certificate) {
    return new DesiredHost(
        ServerId.of("01930000-0000-7000-8000-000000000001"),
        1,
        Stack.DEBIAN,
        DOMAIN.child("mail"),
        new IpAddress("192.0.2.10"),
        settings,
        List.of(new DesiredDomain(DOMAIN, keys, "testing")),
        mailboxes,
        certificate);
  }

  private static List<DkimKey> keys(String... selectors) {
    return Stream.of(selectors)
        .map(selector -> new DkimKey(selector, new SecretRef("dkim/acme/" + selector, 1)))
        .toList();
  }

  private static List<DesiredMailbox> mailboxes(String... localParts) {
    return Stream.of(localParts)
        .map(part ->
            new DesiredMailbox(new EmailAddress(part, DOMAIN), new SecretRef("mailbox/" + part, 1)))
        .toList();
  }

  private static Optional<DesiredCertificate> certificate(int version) {
    return Optional.of(
        new DesiredCertificate(
            CertificateId.of("01930000-0000-7000-8000-000000000002"),
            List.of(DOMAIN.child("mail")),
            new SecretRef("certificate/acme", version)));
  }
}
