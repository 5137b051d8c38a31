package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Judges what a tenant wants to stand before the @ of a mailbox.
public final class LocalPart {
  /// Made on every server anyway (RFC 2142), or a danger when a person holds them.
  private static final Set<String> ROLES =
      Set.of("abuse", "hostmaster", "mailer-daemon", "postmaster", "root", "webmaster");

  private LocalPart() {}

  /// In lower case; empty when something is wrong with it, which the fields then say.
  public static Optional<String> read(Fields mailbox, String field) {
    var localPart =
        mailbox
            .required(field, 64, "is missing: what stands before the @, such as anna")
            .map(text -> text.strip().toLowerCase(Locale.ROOT));
    var objection = localPart.flatMap(LocalPart::objection);
    objection.ifPresent(detail -> mailbox.fault(field, detail));
    return objection.isPresent() ? Optional.empty() : localPart;
  }

  private static Optional<String> objection(String localPart) {
    if (ROLES.contains(localPart)) {
      return Optional.of("is an address every server has by itself; choose another, such as anna");
    }
    try {
      var _ = new EmailAddress(localPart, new DomainName("example.com"));
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(
          localPart.contains("@")
              ? "is a whole address; give only what stands before the @"
              : "may have letters a to z, digits, and . _ + - between them");
    }
  }
}
