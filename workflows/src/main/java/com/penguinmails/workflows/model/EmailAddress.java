package com.penguinmails.workflows.model;

import java.util.regex.Pattern;

/// A mailbox address we create: a plain dot-atom local part (RFC 5322, 3.2.3; at most 64 octets,
/// RFC 5321, 4.5.3.1.1) at one of our domains, lower case.
public record EmailAddress(String localPart, DomainName domain) {
  private static final Pattern LOCAL_PART =
      Pattern.compile("[a-z0-9][a-z0-9_+-]{0,62}(\\.[a-z0-9_+-]{1,62}){0,8}");

  public EmailAddress {
    if (localPart.length() > 64 || !LOCAL_PART.matcher(localPart).matches()) {
      throw new IllegalArgumentException("not a local part we create: \"" + localPart + "\"");
    }
  }

  @Override
  public String toString() {
    return localPart + "@" + domain;
  }
}
