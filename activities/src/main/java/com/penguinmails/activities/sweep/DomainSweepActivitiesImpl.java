package com.penguinmails.activities.sweep;

import com.penguinmails.activities.domain.Witnesses;
import com.penguinmails.activities.server.Heartbeats;
import com.penguinmails.activities.setup.Decided;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.store.domain.Domain;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundDomain;
import com.penguinmails.workflows.domain.RecordDrift;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.sweep.DomainSweepActivities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// See [DomainSweepActivities]. What is found across tenants are pairs of tenant and domain; each
/// tenant's rows are read and written under that tenant.
public final class DomainSweepActivitiesImpl implements DomainSweepActivities {
  private static final int NAMED = 3; // of the records that are gone, in an incident

  private final Stores stores;
  private final SweepStore found;
  private final Resolver resolver;
  private final Witnesses witnesses;

  public DomainSweepActivitiesImpl(Stores stores, SweepStore found, Resolver resolver) {
    this.stores = stores;
    this.found = found;
    this.resolver = resolver;
    this.witnesses = new Witnesses(resolver);
  }

  @Override
  public DomainsLooked lookAtDomains(LookAtDomains order) {
    return Heartbeats.during(() -> looked(order));
  }

  private DomainsLooked looked(LookAtDomains order) {
    var next = found.domainsToLookAt(order.after(), order.atMost());
    var drifted = new ArrayList<DriftedDomain>();
    int looked = 0;
    int unknown = 0;
    for (var one : next) {
      var proved = stores.tenancy().reading(one.tenant(), () -> proved(one));
      if (proved.isEmpty()) {
        continue;
      }
      looked++;
      var seen = look(proved.get());
      switch (seen.state()) {
        case THERE -> {}
        case UNKNOWN -> unknown++;
        case GONE -> wanted(one, proved.get(), seen.evidence()).ifPresent(drifted::add);
      }
    }
    return new DomainsLooked(
        looked,
        unknown,
        drifted,
        next.size() < order.atMost() ? Optional.empty() : Optional.of(next.getLast().domain()));
  }

  private Optional<Proved> proved(FoundDomain one) {
    return stores
        .setups()
        .newestProved(one.domain())
        .map(setup ->
            new Proved(
                setup,
                stores.domains().get(one.domain()),
                stores.records().ofDomain(one.domain()).stream()
                    .filter(row -> row.state() == RecordState.State.VERIFIED)
                    .map(RecordState::record)
                    .toList()));
  }

  private RecordDrift look(Proved proved) {
    var zone = proved.domain().zone();
    Optional<Resolver.Delegation> delegation;
    try {
      delegation = resolver.delegation(RecordName.of(zone));
    } catch (Unavailable silent) {
      return new RecordDrift(
          RecordDrift.State.UNKNOWN, "Who is asked for " + zone + " is not known just now.");
    }
    if (delegation.isEmpty()) {
      return new RecordDrift(
          RecordDrift.State.GONE,
          "Nobody is asked for %s any more: its registrar does not delegate it".formatted(zone));
    }
    var answers = witnesses.askAuthoritative(delegation.get(), proved.records());
    var all =
        proved.records().stream()
            .map(record -> RecordDrift.of(record, answers.getOrDefault(record, List.of())))
            .toList();
    var gone = all.stream().filter(one -> one.state() == RecordDrift.State.GONE).toList();
    if (!gone.isEmpty()) {
      return new RecordDrift(RecordDrift.State.GONE, told(gone, all.size()));
    }
    return all.stream()
        .filter(one -> one.state() == RecordDrift.State.UNKNOWN)
        .findFirst()
        .orElseGet(() -> new RecordDrift(RecordDrift.State.THERE, ""));
  }

  private static String told(List<RecordDrift> gone, int of) {
    var named = gone.stream().limit(NAMED).map(RecordDrift::evidence).toList();
    return "%d of %d records: %s%s"
        .formatted(
            gone.size(), of, String.join("; ", named), gone.size() > NAMED ? "; and so on" : "");
  }

  /// Wants the domain anew when that was not said before: an open incident says that it was.
  ///
  /// @return empty: it is given up meanwhile
  private Optional<DriftedDomain> wanted(FoundDomain one, Proved proved, String evidence) {
    return stores
        .tenancy()
        .as(
            one.tenant(),
            () -> {
              var id = one.domain();
              if (stores.retirements().isWanted(id)) {
                return Optional.empty();
              }
              boolean isNew = !stores.incidents().isOpen(id.value(), Cause.RECORDS_GONE);
              stores
                  .incidents()
                  .open(
                      NewIncident.of(
                          EntityKind.DOMAIN,
                          id.value(),
                          proved.setup(),
                          Cause.RECORDS_GONE,
                          evidence));
              if (isNew) {
                stores.domains().bumpDesiredVersion(id);
                Decided.record(
                    stores,
                    EntityKind.DOMAIN,
                    id.value(),
                    "sweep/repair",
                    Map.of("setup", proved.setup().toString()),
                    Answer.RECORDS_WANTED_AGAIN.about(
                        evidence
                            + ". Why: nobody need be asked, the domain's run adds what is missing"
                            + " and takes nothing away that is not ours"));
              }
              return Optional.of(
                  new DriftedDomain(
                      one.tenant(),
                      id,
                      proved.domain().name(),
                      proved.setup(),
                      stores.domains().get(id).desiredVersion()));
            });
  }

  /// A domain and what was proved of it.
  private record Proved(SetupId setup, Domain domain, List<DnsRecord> records) {}
}
