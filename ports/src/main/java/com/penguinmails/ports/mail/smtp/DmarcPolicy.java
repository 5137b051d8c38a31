package com.penguinmails.ports.mail.smtp;

import com.google.common.net.InternetDomainName;
import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.dns.ResolverLookup.Known;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A published DMARC policy and its alignment rules (RFC 7489, 3.1 and 6.6.3).
///
/// @param publishedAt the domain whose `_dmarc` record counts
/// @param policy `none`, `quarantine` or `reject`
record DmarcPolicy(DomainName publishedAt, String policy, boolean strictDkim, boolean strictSpf) {

  /// What looking for a policy ended in.
  sealed interface Search {
    record Published(DmarcPolicy policy) implements Search {}

    record None(String why) implements Search {}

    record Unknown(String reason) implements Search {}
  }

  /// Looks at the From domain, then at its organisational domain.
  static Search search(ResolverLookup lookup, DomainName from) {
    var organisation = organisationalDomain(from);
    var places = from.equals(organisation) ? List.of(from) : List.of(from, organisation);
    for (var place : places) {
      switch (lookup.ask(RecordName.of("_dmarc", place), DnsRecord.Type.TXT)) {
        case Known.Unknown unknown -> {
          return new Search.Unknown(unknown.reason());
        }
        case Known.Absent _ -> {}
        case Known.Found found -> {
          var records = found.values().stream().filter(DmarcPolicy::isDmarc).toList();
          if (records.size() > 1) {
            return new Search.None(records.size() + " DMARC records at _dmarc." + place);
          }
          if (records.size() == 1) {
            return read(place, from, records.getFirst())
                .<Search>map(Search.Published::new)
                .orElseGet(
                    () -> new Search.None("the record at _dmarc." + place + " has no valid p="));
          }
        }
      }
    }
    return new Search.None("no DMARC record at _dmarc." + organisation);
  }

  boolean alignsDkim(DomainName from, DomainName signer) {
    return aligned(strictDkim, from, signer);
  }

  boolean alignsSpf(DomainName from, DomainName sender) {
    return aligned(strictSpf, from, sender);
  }

  /// One label below the public suffix; for a suffix the list does not know, its last two labels
  /// (the list's default rule `*`).
  static DomainName organisationalDomain(DomainName domain) {
    var name = InternetDomainName.from(domain.value());
    if (name.isUnderPublicSuffix()) {
      return new DomainName(name.topPrivateDomain().toString());
    }
    if (name.isPublicSuffix()) {
      return domain;
    }
    var labels = name.parts();
    return new DomainName(
        String.join(".", labels.subList(Math.max(0, labels.size() - 2), labels.size())));
  }

  private static boolean aligned(boolean strict, DomainName from, DomainName other) {
    return strict
        ? from.equals(other)
        : organisationalDomain(from).equals(organisationalDomain(other));
  }

  private static boolean isDmarc(String text) {
    return text.split(";", 2)[0].replaceAll("\\s", "").equals("v=DMARC1");
  }

  private static Optional<DmarcPolicy> read(DomainName place, DomainName from, String text) {
    var tags = tags(text);
    var policy =
        place.equals(from) ? tags.get("p") : tags.getOrDefault("sp", tags.getOrDefault("p", ""));
    if (policy == null || !List.of("none", "quarantine", "reject").contains(policy)) {
      return Optional.empty();
    }
    return Optional.of(
        new DmarcPolicy(
            place, policy, "s".equals(tags.get("adkim")), "s".equals(tags.get("aspf"))));
  }

  private static Map<String, String> tags(String text) {
    var tags = new HashMap<String, String>();
    for (var part : text.split(";")) {
      var pair = part.split("=", 2);
      if (pair.length == 2) {
        tags.putIfAbsent(
            pair[0].strip().toLowerCase(Locale.ROOT), pair[1].strip().toLowerCase(Locale.ROOT));
      }
    }
    return tags;
  }
}
