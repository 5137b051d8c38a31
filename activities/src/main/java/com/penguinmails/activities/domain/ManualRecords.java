package com.penguinmails.activities.domain;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.Resolver.Delegation;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.templates.DnsHost;
import com.penguinmails.workflows.domain.ManualEntry;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Records that the tenant enters by hand: asked for in rows, which the API shows, and looked at
/// until they are right. Nothing is written to a zone.
public final class ManualRecords {
  /// Not of the record plan, and asked for by others.
  private static final List<String> PROOFS =
      List.of("_acme-challenge.", OwnershipDecision.LABEL + ".");

  private static final int MAX_SHOWN = 600;

  private final Stores stores;
  private final Witnesses witnesses;

  public ManualRecords(Stores stores, Resolver resolver) {
    this.stores = stores;
    this.witnesses = new Witnesses(resolver);
  }

  /// Asks for exactly these records of the plan; what was asked for before and no longer is, such
  /// as an SPF record that has to be merged with another one now, is taken off the list.
  void askFor(TenantId tenant, DomainId domain, List<DnsRecord> records) {
    stores
        .tenancy()
        .run(
            tenant,
            () -> {
              stores.records().ofDomain(domain).stream()
                  .filter(row -> row.state() != RecordState.State.WITHDRAWN)
                  .map(RecordState::record)
                  .filter(row -> PROOFS.stream().noneMatch(row.name().value()::startsWith))
                  .filter(row -> records.stream().noneMatch(row::isSameAs))
                  .forEach(row -> takeOff(domain, row));
              stores.records().want(domain, records);
            });
  }

  private void takeOff(DomainId domain, DnsRecord record) {
    stores
        .records()
        .report(domain, record, RecordState.State.WITHDRAWN, "No longer needed: delete it.");
  }

  /// Looks at every record at every name server and resolver, and notes what is there.
  ///
  /// @return how many servers were asked
  /// @throws io.temporal.failure.ApplicationFailure `NOT_YET`: the tenant must enter something, or
  ///   time must pass
  int check(
      TenantId tenant,
      DomainId domain,
      Delegation delegation,
      List<ManualEntry> entries,
      Duration poll) {
    return judge(tenant, domain, delegation, entries, List.of(SeenAt.Kind.values()), poll);
  }

  /// Shows proofs (challenges of a certificate authority, the one of ownership) as records to be
  /// entered, and waits for them. Only the zone's own name servers are asked, because nobody else
  /// counts.
  public void awaitChallenges(
      TenantId tenant,
      DomainId domain,
      Delegation delegation,
      List<DnsRecord> challenges,
      Duration poll) {
    stores.tenancy().run(tenant, () -> stores.records().want(domain, challenges));
    var entries =
        challenges.stream().map(record -> new ManualEntry(record, Optional.empty())).toList();
    var _ = judge(tenant, domain, delegation, entries, List.of(SeenAt.Kind.AUTHORITATIVE), poll);
  }

  /// The certificate authority has looked: the challenges are no longer asked for.
  public void forgetChallenges(TenantId tenant, DomainId domain, List<DnsRecord> challenges) {
    stores.tenancy().run(tenant, () -> challenges.forEach(record -> takeOff(domain, record)));
  }

  private int judge(
      TenantId tenant,
      DomainId domain,
      Delegation delegation,
      List<ManualEntry> entries,
      List<SeenAt.Kind> asked,
      Duration poll) {
    var answers = witnesses.ask(delegation, entries.stream().map(ManualEntry::record).toList());
    var wrong = new ArrayList<String>();
    var late = new ArrayList<String>();
    int servers = 0;
    for (var entry : entries) {
      var seen =
          answers.getOrDefault(entry.record(), List.of()).stream()
              .filter(answer -> asked.contains(answer.kind()))
              .toList();
      servers = Math.max(servers, seen.size());
      var verdict = ManualVerdict.on(entry, seen);
      stores
          .tenancy()
          .run(
              tenant,
              () ->
                  stores
                      .records()
                      .report(domain, entry.record(), verdict.state(), verdict.evidence()));
      switch (verdict.state()) {
        case VERIFIED, WITHDRAWN -> {}
        case PUBLISHED -> late.add(verdict.evidence());
        case WANTED, CONFLICT -> wrong.add(entry.record().name() + ": " + verdict.evidence());
      }
    }
    if (!wrong.isEmpty()) {
      throw Failures.notYet(
          Cause.DNS_RECORDS_AWAITED,
          "%d of %d records are not right yet. %s%s"
              .formatted(
                  wrong.size(), entries.size(), shortened(wrong.getFirst()), hint(delegation)),
          poll);
    }
    if (!late.isEmpty()) {
      throw Failures.notYet(
          Cause.DNS_NOT_VISIBLE,
          "%d of %d records are right, but not seen everywhere yet: %s"
              .formatted(late.size(), entries.size(), late.getFirst()),
          poll);
    }
    return servers;
  }

  private static String shortened(String evidence) {
    return evidence.length() > MAX_SHOWN ? evidence.substring(0, MAX_SHOWN) + "…" : evidence;
  }

  private static String hint(Delegation delegation) {
    var servers =
        delegation.servers().stream()
            .map(server -> server.name().toLowerCase(Locale.ROOT).replaceFirst("\\.$", ""))
            .toList();
    return DnsHost.of(servers)
        .map(host -> " At %s: %s".formatted(host.name(), host.hint()))
        .orElse("");
  }
}
