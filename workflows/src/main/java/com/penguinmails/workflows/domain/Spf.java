package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// SPF records as text (RFC 7208). Pure.
final class Spf {
  static final String VERSION = "v=spf1";
  static final int MAX_LOOKUPS = 10; // RFC 7208, 4.6.4

  private Spf() {}

  /// A record that allows one address and softly refuses the rest.
  static String of(IpAddress address) {
    return VERSION + " " + mechanism(address) + " ~all";
  }

  /// `ip4:` and `ip6:` cost no look-up.
  static String mechanism(IpAddress address) {
    return (address.isV4() ? "ip4:" : "ip6:") + address;
  }

  /// The record with our address in it, before `all` and `redirect`, everything else kept. One that
  /// has it already comes back unchanged.
  static String merge(String record, IpAddress address) {
    var terms = terms(record);
    var ours = mechanism(address);
    if (terms.stream().anyMatch(term -> term.equalsIgnoreCase(ours))) {
      return record;
    }
    int at = 0;
    while (at < terms.size() && !isLast(terms.get(at))) {
      at++;
    }
    terms.add(at, ours);
    return String.join(" ", terms);
  }

  /// The record without our address.
  static String without(String record, IpAddress address) {
    var terms = terms(record);
    terms.removeIf(term -> term.equalsIgnoreCase(mechanism(address)));
    return String.join(" ", terms);
  }

  /// Look-ups the record's own terms cause; those of included records come on top.
  static int lookups(String record) {
    return (int)
        terms(record).stream()
            .map(term -> term.toLowerCase(Locale.ROOT).replaceFirst("^[+?~-]", ""))
            .filter(term ->
                term.matches("(a|mx|ptr)([:/].*)?")
                    || term.startsWith("include:")
                    || term.startsWith("exists:")
                    || term.startsWith("redirect="))
            .count();
  }

  private static boolean isLast(String term) {
    var lower = term.toLowerCase(Locale.ROOT);
    return lower.matches("[+?~-]?all") || lower.startsWith("redirect=");
  }

  private static List<String> terms(String record) {
    return new ArrayList<>(List.of(record.strip().split("\\s+")));
  }
}
