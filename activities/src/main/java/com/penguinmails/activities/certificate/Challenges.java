package com.penguinmails.activities.certificate;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import com.penguinmails.activities.domain.ManualRecords;
import com.penguinmails.activities.domain.ZoneWriter;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.store.certificate.ChallengeStore.Left;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.workflows.certificate.CertificateActivities.ShowChallenges;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Challenge records in the zones of the tenant, or entered by hand. A certificate carries names of
/// all domains on its server: each record goes into the zone of the domain it is of.
final class Challenges {
  private final Stores stores;
  private final ZoneWriter zones;
  private final Resolver resolver;
  private final ManualRecords manual;

  Challenges(Stores stores, ZoneWriter zones, Resolver resolver) {
    this.stores = stores;
    this.zones = zones;
    this.resolver = resolver;
    this.manual = new ManualRecords(stores, resolver);
  }

  /// Puts them beside whatever else stands under their names, and looks whether all see them.
  void show(ShowChallenges order) {
    byDomain(order.tenant(), order.certificate(), order.setup(), order.challenges())
        .forEach((domain, records) -> show(order, domain, records));
  }

  private void show(ShowChallenges order, Domain domain, List<DnsRecord> records) {
    if (!zones.open(order.tenant(), domain).isWritable()) {
      requireAllowed(order, records);
      manual.awaitChallenges(
          order.tenant(), domain.id(), delegationOf(domain, order.poll()), records, order.poll());
      return;
    }
    zones.writing(
        order.tenant(),
        domain,
        "challenge/" + order.certificate(),
        zone -> {
          requireAllowed(order, records);
          records.forEach(
              record -> zone.change(record.name(), record.type(), List.of(record), List.of()));
          return records.size();
        });
    requireSeenEverywhere(domain, records, order.poll());
  }

  /// Nobody would take away what an attempt shows that was believed dead when they were hidden.
  private void requireAllowed(ShowChallenges order, List<DnsRecord> records) {
    boolean isEnded =
        stores
            .tenancy()
            .reading(
                order.tenant(), () -> stores.challenges().isAnyEnded(order.certificate(), records));
    if (isEnded) {
      throw Failures.refused(
          Cause.CA_AUTHORISATION_FAILED,
          "The challenges were taken away before they could be shown; they are shown again at the next try.");
    }
  }

  private void requireSeenEverywhere(Domain domain, List<DnsRecord> records, Duration poll) {
    var delegation = delegationOf(domain, poll);
    for (var record : records) {
      for (var answer : resolver.askAuthoritative(delegation, record.name(), record.type())) {
        boolean isSeen =
            answer.answer() instanceof Resolver.Answer.Found found
                && found.records().stream().anyMatch(record::isSameAs);
        if (!isSeen) {
          throw Failures.notYet(
              Cause.DNS_NOT_VISIBLE,
              answer.server() + " does not show the challenge at " + record.name() + " yet.",
              poll);
        }
      }
    }
  }

  private Resolver.Delegation delegationOf(Domain domain, Duration poll) {
    return resolver
        .delegation(RecordName.of(domain.zone()))
        .orElseThrow(() ->
            Failures.notYet(
                Cause.DNS_NOT_DELEGATED,
                "Nobody is asked for " + domain.zone() + ": the zone is not delegated.",
                poll));
  }

  /// Takes them away, and lets none of them be shown any more. Safe to repeat.
  void hide(TenantId tenant, CertificateId certificate, SetupId setup, List<DnsRecord> challenges) {
    stores.tenancy().run(tenant, () -> stores.challenges().end(certificate, challenges));
    byDomain(tenant, certificate, setup, challenges)
        .forEach((domain, records) -> {
          hide(tenant, certificate, domain, records);
          stores.tenancy().run(tenant, () -> stores.challenges().hidden(certificate, records));
        });
  }

  private void hide(
      TenantId tenant, CertificateId certificate, Domain domain, List<DnsRecord> records) {
    if (!zones.open(tenant, domain).isWritable()) {
      manual.forgetChallenges(tenant, domain.id(), records);
      return;
    }
    zones.writing(
        tenant,
        domain,
        "hide-challenge/" + certificate, // waits for who shows just now
        zone -> {
          records.forEach(
              record -> zone.change(record.name(), record.type(), List.of(), List.of(record)));
          return records.size();
        });
  }

  /// Takes away what an earlier turn of the run showed and could not take away. Safe to repeat.
  ///
  /// @param but these, which are to be shown
  void hideLeft(TenantId tenant, CertificateId certificate, List<DnsRecord> but) {
    stores.tenancy().reading(tenant, () -> stores.challenges().left(certificate)).stream()
        .filter(left -> but.stream().noneMatch(left.record()::isSameAs))
        .collect(groupingBy(Left::setup, LinkedHashMap::new, mapping(Left::record, toList())))
        .forEach((setup, records) -> hide(tenant, certificate, setup, records));
  }

  private Map<Domain, List<DnsRecord>> byDomain(
      TenantId tenant, CertificateId certificate, SetupId setup, List<DnsRecord> records) {
    var domains =
        stores
            .tenancy()
            .reading(
                tenant,
                () -> stores.domains().ofServer(stores.certificates().get(certificate).server()));
    var found = new LinkedHashMap<Domain, List<DnsRecord>>();
    for (var record : records) {
      var domain = ownerOf(record, domains).orElseGet(() -> domainOf(tenant, setup));
      found.computeIfAbsent(domain, _ -> new ArrayList<>()).add(record);
    }
    return found;
  }

  /// The domain itself, or the one nearest above; a withdrawn one only where there is no other:
  /// challenges are hidden after it as well.
  private static Optional<Domain> ownerOf(DnsRecord record, List<Domain> domains) {
    return domains.stream()
        .filter(domain -> record.name().value().endsWith("." + domain.name()))
        .max(
            Comparator.comparingInt((Domain domain) -> domain.name().value().length())
                .thenComparing(domain -> domain.state() != Domain.State.WITHDRAWN));
  }

  private Domain domainOf(TenantId tenant, SetupId setup) {
    return stores
        .tenancy()
        .reading(tenant, () -> stores.domains().get(stores.setups().get(setup).domain()));
  }
}
