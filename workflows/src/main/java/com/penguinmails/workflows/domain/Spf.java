package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
    if (terms.stream().anyMatch(term -> isAbout(address, term))) {
      return record;
    }
    int at = 0;
    while (at < terms.size() && !isLast(terms.get(at))) {
      at++;
    }
    terms.add(at, ours);
    return String.join(" ", terms);
  }

  /// The term that names our address and does not let it pass: `-ip4:`, `~ip4:` or `?ip4:`. The
  /// first term that matches decides (RFC 7208, 4.6), so ours beside it would not help.
  static Optional<String> denying(String record, IpAddress address) {
    return terms(record).stream()
        .filter(term -> isAbout(address, term))
        .findFirst()
        .filter(term -> "-~?".indexOf(term.charAt(0)) >= 0);
  }

  private static boolean isAbout(IpAddress address, String term) {
    var bare = term.replaceFirst("^[+?~-]", "").replaceFirst(address.isV4() ? "/32$" : "/128$", "");
    return bare.equalsIgnoreCase(mechanism(address));
  }

  /// The record without our address.
  static String without(String record, IpAddress address) {
    var terms = terms(record);
    terms.removeIf(term -> term.equalsIgnoreCase(mechanism(address)));
    return String.join(" ", terms);
  }

  /// Look-ups that judging the record causes, those of included records with it. Counted no further
  /// than past the limit: includes may go round in circles.
  ///
  /// @param included records by name; one that is missing counts as its own look-up only
  static int lookups(String record, Map<RecordName, String> included) {
    int count = 0;
    var open = new ArrayDeque<>(List.of(record));
    while (!open.isEmpty() && count <= MAX_LOOKUPS) {
      var policy = open.remove();
      count += ownLookups(policy);
      SpfIncludes.in(policy).stream()
          .filter(included::containsKey)
          .map(included::get)
          .forEach(open::add);
    }
    return count;
  }

  private static int ownLookups(String record) {
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
