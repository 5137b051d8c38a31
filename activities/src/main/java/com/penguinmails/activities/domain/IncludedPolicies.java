package com.penguinmails.activities.domain;

import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.workflows.domain.SpfIncludes;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks up the SPF records that others include, and what those include in turn.
final class IncludedPolicies {
  // A receiver stops at 10 look-ups (RFC 7208, 4.6.4): twice as many names settle every question.
  private static final int MOST_ASKED = 20;

  private final Resolver resolver;

  IncludedPolicies(Resolver resolver) {
    this.resolver = resolver;
  }

  /// The included records by name. One that could not be learned is missing.
  Map<RecordName, String> of(List<DnsRecord> records) {
    var policies = new HashMap<RecordName, String>();
    var open = new ArrayDeque<RecordName>();
    records.stream()
        .filter(record -> record.type() == DnsRecord.Type.TXT)
        .forEach(record -> open.addAll(SpfIncludes.in(record.value())));
    for (int asked = 0; asked < MOST_ASKED && !open.isEmpty(); asked++) {
      var name = open.remove();
      if (!policies.containsKey(name)) {
        policyAt(name)
            .ifPresent(policy -> {
              policies.put(name, policy);
              open.addAll(SpfIncludes.in(policy));
            });
      }
    }
    return policies;
  }

  private Optional<String> policyAt(RecordName name) {
    return resolver.askRecursive(name, DnsRecord.Type.TXT).stream()
        .map(Resolver.ServerAnswer::answer)
        .filter(Resolver.Answer.Found.class::isInstance)
        .flatMap(answer -> ((Resolver.Answer.Found) answer).records().stream())
        .map(DnsRecord::value)
        .filter(SpfIncludes::isPolicy)
        .findFirst();
  }
}
