package com.penguinmails.activities.domain;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.DnsProvider.Change;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.ZoneLeaseStore;
import com.penguinmails.workflows.domain.RecordPlan.RecordSetChange;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.RecordQuestion;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Writes to zones, one writer per zone at a time: whoever holds the zone's lease row. Changes are
/// computed from what the zone holds now, so that repeating one is harmless and foreign values
/// stay.
public final class ZoneWriter {
  private static final Duration LEASE = Duration.ofSeconds(60);
  private static final Duration NEXT_TRY = Duration.ofSeconds(2);

  private final Map<String, DnsProvider.Factory> factories;
  private final SecretStore secrets;
  private final ZoneLeaseStore leases;

  /// @param factories by kind
  public ZoneWriter(
      Map<String, DnsProvider.Factory> factories, SecretStore secrets, ZoneLeaseStore leases) {
    this.factories = Map.copyOf(factories);
    this.secrets = secrets;
    this.leases = leases;
  }

  /// Opens the domain's zone for reading; changes belong into [#writing].
  public DnsProvider open(TenantId tenant, Domain domain) {
    return open(
        tenant, domain.zone(), domain.zoneProvider(), domain.zoneSettings(), domain.zoneSecret());
  }

  /// As [#open(TenantId, Domain)], of a zone without a row.
  DnsProvider open(
      TenantId tenant,
      DomainName zone,
      String provider,
      Map<String, String> settings,
      Optional<SecretRef> access) {
    var factory = factories.get(provider);
    if (factory == null) {
      throw new IllegalArgumentException(
          "no DNS provider \"" + provider + "\"; known: " + factories.keySet());
    }
    var secret = access.map(reference -> secrets.get(tenant, reference)).orElse(Map.of());
    return factory.open(zone, settings, secret);
  }

  /// Runs the work while holding the zone's lease.
  ///
  /// @param holder who writes: the same for every attempt of one activity
  public <T> T writing(
      TenantId tenant, Domain domain, String holder, Function<LeasedZone, T> work) {
    var lease =
        leases
            .acquire(domain.zone(), holder, LEASE)
            .orElseThrow(() ->
                Failures.notYet(
                    Cause.DNS_ZONE_BUSY,
                    "Somebody else is writing to the zone " + domain.zone() + " just now.",
                    NEXT_TRY));
    try {
      var zone = new LeasedZone(open(tenant, domain), leases, lease);
      return work.apply(zone);
    } finally {
      leases.release(lease);
    }
  }

  /// A zone whose lease is held.
  public static final class LeasedZone {
    private final DnsProvider provider;
    private final ZoneLeaseStore leases;
    private ZoneLeaseStore.ZoneLease lease;

    private LeasedZone(
        DnsProvider provider, ZoneLeaseStore leases, ZoneLeaseStore.ZoneLease lease) {
      this.provider = provider;
      this.leases = leases;
      this.lease = lease;
    }

    /// RRsets as the primary holds them, all in one list.
    public List<DnsRecord> read(Collection<RecordQuestion> questions) {
      return provider.read(questions);
    }

    /// Adds single records to one RRset and takes others out. What is so already stays untouched.
    ///
    /// @return whether anything was sent
    public boolean change(
        RecordName name, DnsRecord.Type type, List<DnsRecord> add, List<DnsRecord> remove) {
      return change(List.of(new RecordSetChange(name, type, add, remove))) > 0;
    }

    /// Adds single records to RRsets and takes others out, all of it or nothing. What is so already
    /// stays untouched.
    ///
    /// @param wanted several for one RRset are one change
    /// @return how many RRsets were changed
    public int change(List<RecordSetChange> wanted) {
      if (wanted.isEmpty()) {
        return 0;
      }
      var bySet =
          wanted.stream()
              .collect(
                  groupingBy(
                      one -> new RecordQuestion(one.name(), one.type()),
                      LinkedHashMap::new,
                      toList()));
      var there =
          provider.read(bySet.keySet()).stream()
              .collect(groupingBy(record -> new RecordQuestion(record.name(), record.type())));
      var due =
          bySet.entrySet().stream()
              .map(one ->
                  changed(
                      one.getKey(), one.getValue(), there.getOrDefault(one.getKey(), List.of())))
              .filter(change -> !change.isEmpty())
              .toList();
      if (due.isEmpty()) {
        return 0;
      }
      lease =
          leases
              .renew(lease, LEASE)
              .orElseThrow(() ->
                  Failures.notYet(
                      Cause.DNS_ZONE_BUSY,
                      "The lease of the zone " + lease.zone() + " ran out.",
                      NEXT_TRY));
      provider.change(due);
      return due.size();
    }

    private static Change changed(
        RecordQuestion set, List<RecordSetChange> wanted, List<DnsRecord> before) {
      var after = new ArrayList<DnsRecord>();
      before.stream()
          .filter(one ->
              wanted.stream().flatMap(change -> change.remove().stream()).noneMatch(one::isSameAs))
          .forEach(after::add);
      wanted.stream()
          .flatMap(change -> change.add().stream())
          .filter(one -> after.stream().noneMatch(one::isSameAs))
          .forEach(after::add);
      return new Change(set, before, after);
    }
  }
}
