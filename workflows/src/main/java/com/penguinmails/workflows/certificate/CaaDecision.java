package com.penguinmails.workflows.certificate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether CAA records (RFC 8659) let our CA issue for a name. Asked before ordering, so that the
/// tenant hears in their own words what stands in the way, and not as a failed order.
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = CaaDecision.Allowed.class, name = "allowed"),
  @JsonSubTypes.Type(value = CaaDecision.Forbidden.class, name = "forbidden"),
  @JsonSubTypes.Type(value = CaaDecision.Unknown.class, name = "unknown")
})
public sealed interface CaaDecision {
  /// @param evidence which records, or that there are none
  record Allowed(DomainName name, String evidence) implements CaaDecision {}

  /// @param at where the records stand that forbid it
  /// @param cause for the tenant
  /// @param nextStep for the tenant
  record Forbidden(DomainName name, RecordName at, String cause, String nextStep)
      implements CaaDecision {}

  /// The records could not be read. The CA would refuse as well (RFC 8659, 6: it must not take a
  /// failed look-up for permission).
  record Unknown(DomainName name, RecordName at, String cause, String nextStep)
      implements CaaDecision {}

  /// What DNS said about CAA at one name, aliases followed.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Answer.Found.class, name = "found"),
    @JsonSubTypes.Type(value = Answer.Absent.class, name = "absent"),
    @JsonSubTypes.Type(value = Answer.Failed.class, name = "failed")
  })
  sealed interface Answer {
    /// Where it was asked.
    RecordName name();

    /// @param records presentation form, such as `0 issue "letsencrypt.org"`
    record Found(RecordName name, List<String> records) implements Answer {
      public Found {
        records = List.copyOf(records);
      }
    }

    /// No such name, or no CAA at it.
    record Absent(RecordName name) implements Answer {}

    /// SERVFAIL, time-out and the like.
    record Failed(RecordName name, String reason) implements Answer {}
  }

  /// Who wants to issue, and how.
  ///
  /// @param caaIdentity the CA's name in CAA records
  /// @param account the ACME account, for `accounturi` (RFC 8657, 3)
  /// @param isWildcard whether the certificate is for the names below, `*.name`
  record Issuance(String caaIdentity, Optional<URI> account, boolean isWildcard) {}

  /// The names to ask for CAA, in this order, up to and including the top-level domain. Asking may
  /// stop at the first that has records (RFC 8659, 3).
  static List<RecordName> climb(DomainName name) {
    var labels = name.value().split("\\.");
    var names = new ArrayList<RecordName>();
    for (int i = 0; i < labels.length; i++) {
      names.add(new RecordName(String.join(".", Arrays.asList(labels).subList(i, labels.length))));
    }
    return List.copyOf(names);
  }

  /// Decides from the answers.
  ///
  /// @param answers for the names of `climb`, in any order; those above the first found may be
  ///   missing
  /// @throws IllegalArgumentException an answer the decision needs is missing
  static CaaDecision on(DomainName name, List<Answer> answers, Issuance issuance) {
    for (var at : climb(name)) {
      var answer =
          answers.stream()
              .filter(given -> given.name().equals(at))
              .findFirst()
              .orElseThrow(
                  () -> new IllegalArgumentException("no CAA answer for " + at + " given"));
      switch (answer) {
        case Answer.Absent _ -> {}
        case Answer.Found(var _, var records) when records.isEmpty() -> {}
        case Answer.Found(var _, var records) -> {
          return judge(name, at, records, issuance);
        }
        case Answer.Failed(var _, var reason) -> {
          return new Unknown(
              name,
              at,
              "The name servers of %s do not say who may issue certificates (CAA): %s."
                  .formatted(at, reason),
              "Nothing to do if this passes within the hour. Otherwise ask whoever runs the name servers of %s to make them answer questions for CAA."
                  .formatted(at));
        }
      }
    }
    return new Allowed(name, "no CAA records from " + name + " upwards");
  }

  private static CaaDecision judge(
      DomainName name, RecordName at, List<String> records, Issuance issuance) {
    var properties = new ArrayList<CaaProperty>();
    for (var record : records) {
      var property = CaaProperty.parse(record);
      if (property.isEmpty() || isForeign(property.get())) {
        return new Forbidden(
            name,
            at,
            "The CAA record \"%s\" at %s demands something certificate authorities do not know, so none may issue for %s."
                .formatted(record, at, name),
            "Remove or correct this CAA record at %s.".formatted(at));
      }
      properties.add(property.get());
    }
    var rules = rules(properties, issuance.isWildcard());
    if (rules.isEmpty()) {
      return new Allowed(name, "CAA at " + at + " restricts nobody");
    }
    var ours =
        rules.stream()
            .map(CaaProperty::issuer)
            .filter(issuer -> issuer.name().equalsIgnoreCase(issuance.caaIdentity()))
            .toList();
    if (ours.stream().anyMatch(issuer -> fits(issuer, issuance))) {
      return new Allowed(name, "CAA at " + at + " allows " + issuance.caaIdentity());
    }
    var wanted = "%s CAA 0 %s \"%s\"".formatted(at, rules.getFirst().tag(), issuance.caaIdentity());
    if (!ours.isEmpty()) {
      return new Forbidden(
          name,
          at,
          "The CAA record at %s allows %s, but only for another account or another way of validation than ours."
              .formatted(at, issuance.caaIdentity()),
          "Add this record and keep the others: %s. It may name our account: accounturi=%s."
              .formatted(wanted, issuance.account().map(URI::toString).orElse("(not yet known)")));
    }
    return new Forbidden(
        name,
        at,
        "The CAA records at %s let %s issue certificates for %s; ours come from %s."
            .formatted(at, allowed(rules), name, issuance.caaIdentity()),
        "Add this record and keep the others: %s.".formatted(wanted));
  }

  // RFC 8659, 4.3: for a wildcard, issuewild if there is any, otherwise issue.
  private static List<CaaProperty> rules(List<CaaProperty> properties, boolean isWildcard) {
    var wild = properties.stream().filter(property -> property.tag().equals("issuewild")).toList();
    return isWildcard && !wild.isEmpty()
        ? wild
        : properties.stream().filter(property -> property.tag().equals("issue")).toList();
  }

  private static boolean isForeign(CaaProperty property) {
    return property.isCritical()
        && !Set.of("issue", "issuewild", "iodef", "issuemail").contains(property.tag());
  }

  private static boolean fits(CaaProperty.Issuer issuer, Issuance issuance) {
    var accounts = issuer.all("accounturi");
    var methods = issuer.all("validationmethods"); // RFC 8657, 4
    return accounts.size() <= 1
        && methods.size() <= 1
        && accounts.stream()
            .allMatch(account -> issuance.account().map(URI::toString).equals(Optional.of(account)))
        && methods.stream().allMatch(list -> List.of(list.split("\\s*,\\s*")).contains("dns-01"));
  }

  private static String allowed(List<CaaProperty> rules) {
    var names =
        rules.stream()
            .map(rule -> rule.issuer().name())
            .filter(name -> !name.isEmpty())
            .distinct()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "nobody" : "only " + names;
  }
}
