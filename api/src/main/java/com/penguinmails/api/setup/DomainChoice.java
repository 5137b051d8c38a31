package com.penguinmails.api.setup;

import com.google.common.net.InternetDomainName;
import com.penguinmails.workflows.model.DomainName;
import java.util.Optional;
import java.util.regex.Pattern;

/// Judges the domain a tenant wants to send from, by the public suffix list.
final class DomainChoice {
  private static final Pattern LIKE_ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private DomainChoice() {}

  /// The domain; empty when the text is none.
  static Optional<DomainName> read(String typed) {
    try {
      return Optional.of(DomainName.parse(typed));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the caller says what a domain looks like
    }
  }

  /// Why a text that is no domain is none, in the tenant's words.
  static String explain(String typed) {
    var text = typed.strip();
    if (text.contains("@")) {
      return "looks like a mail address; give only what stands behind the @";
    }
    if (text.contains("/")) {
      return "looks like a web address; give only the domain, such as acme-outreach.com";
    }
    if (DomainName.isAmbiguous(text)) {
      return "has a letter that two standards spell differently; give the domain as your registrar"
          + " lists it, in its form with xn--";
    }
    if (!text.contains(".") && !text.contains("\u3002")) {
      return "is a single word; give the whole domain, such as acme-outreach.com";
    }
    return "is not a domain name; give one such as acme-outreach.com, with parts of at most 63"
        + " letters, digits and hyphens";
  }

  /// Why nobody can send from it; empty when one can.
  static Optional<String> objection(DomainName domain, boolean isTest) {
    if (LIKE_ADDRESS.matcher(domain.value()).matches()) {
      return Optional.of("is an IP address; give a domain, such as acme-outreach.com");
    }
    InternetDomainName name;
    try {
      name = InternetDomainName.from(domain.value());
    } catch (IllegalArgumentException e) {
      return Optional.of(
          "is not a domain name the Internet knows: its last part cannot begin with a digit");
    }
    if (name.isPublicSuffix()) {
      return Optional.of(
          "is an ending under which everybody registers names, not a domain of yours; give one"
              + " below it, such as acme-outreach."
              + domain.unicode());
    }
    if (!name.hasPublicSuffix() && !isTest) {
      return Optional.of(
          "ends in ." + name.parts().getLast() + ", which does not exist on the Internet");
    }
    return Optional.empty();
  }
}
