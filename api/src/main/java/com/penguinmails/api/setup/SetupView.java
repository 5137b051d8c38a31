package com.penguinmails.api.setup;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.message.MessageCatalogue;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.temporal.Absence;
import com.penguinmails.api.temporal.WorkWatch;
import com.penguinmails.store.domain.RecordStateStore;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.proof.ProofStore;
import com.penguinmails.store.setup.Progress;
import com.penguinmails.store.setup.ProgressStore;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/// Reads set-ups for answers and pages, each in one read-only transaction of its tenant. Who of
/// ours is away is no row: the watch says it.
@Service
class SetupView {
  private final Tenancy tenancy;
  private final SetupStore setups;
  private final ProgressStore progress;
  private final IncidentStore incidents;
  private final ProofStore proofs;
  private final RecordStateStore records;
  private final WorkWatch watch;
  private final MessageCatalogue messages;
  private final InstallationSettings installation;
  private final ApiSettings settings;

  SetupView(
      Tenancy tenancy,
      WorkWatch watch,
      MessageCatalogue messages,
      InstallationSettings installation,
      ApiSettings settings) {
    this.tenancy = tenancy;
    this.setups = new SetupStore(tenancy);
    this.progress = new ProgressStore(tenancy);
    this.incidents = new IncidentStore(tenancy);
    this.proofs = new ProofStore(tenancy);
    this.records = new RecordStateStore(tenancy);
    this.watch = watch;
    this.messages = messages;
    this.installation = installation;
    this.settings = settings;
  }

  /// @throws ProblemException the tenant has no such set-up
  SetupAnswer get(TenantId tenant, SetupId id) {
    return look(tenant, id, Long.MAX_VALUE).whole();
  }

  List<SetupAnswer> newest(TenantId tenant, Optional<SetupId> before, int limit) {
    return tenancy.reading(
        tenant,
        () ->
            setups.newest(before, limit).stream()
                .map(setup -> answer(setup, List.of(), List.of(), List.of(), Optional.empty()))
                .toList());
  }

  /// Everything about the set-up, and which steps changed after the sequence number.
  ///
  /// @throws ProblemException the tenant has no such set-up
  Look look(TenantId tenant, SetupId id, long after) {
    var absence = watch.absence(); // it may take a moment, and would hold a connection meanwhile
    return tenancy.reading(
        tenant,
        () -> {
          var setup = setups.find(id).orElseThrow(() -> ProblemException.notFound("set-up"));
          var steps = progress.of(id);
          var whole =
              answer(
                  setup,
                  steps.stream().map(step -> SetupAnswer.Step.of(step, messages)).toList(),
                  attention(setup, absence),
                  records.ofDomain(setup.domain()).stream()
                      .filter(row -> row.state() != RecordState.State.WITHDRAWN)
                      .map(SetupAnswer.ZoneRecord::of)
                      .toList(),
                  proofs.newestOf(id).map(SetupAnswer.ProofAnswer::of));
          var changed =
              steps.stream()
                  .filter(step -> step.sequence() > after)
                  .sorted(Comparator.comparingLong(Progress::sequence))
                  .map(step -> SetupAnswer.Step.of(step, messages))
                  .toList();
          return new Look(whole, changed, setup.progressSequence());
        });
  }

  /// What stands against the set-up; first who of ours is away, as nothing else moves until then.
  private List<SetupAnswer.Attention> attention(Setup setup, Optional<Absence> absence) {
    return Stream.concat(
            absence.filter(_ -> !isOver(setup.state(), setup.resumableUntil())).stream()
                .map(away -> SetupAnswer.Attention.of(away, messages)),
            incidents.openOf(setup.id()).stream()
                .map(incident -> SetupAnswer.Attention.of(incident, messages)))
        .toList();
  }

  /// Nothing comes after: it has ended, and is not given up.
  static boolean isOver(Setup.State state, Optional<Instant> resumableUntil) {
    return state.isFinal() && resumableUntil.isEmpty();
  }

  private SetupAnswer answer(
      Setup setup,
      List<SetupAnswer.Step> steps,
      List<SetupAnswer.Attention> attention,
      List<SetupAnswer.ZoneRecord> zoneRecords,
      Optional<SetupAnswer.ProofAnswer> proof) {
    var self = settings.publicUrl() + "/api/v1/setups/" + setup.id();
    return new SetupAnswer(
        setup.id(),
        SetupAnswer.Domain.of(setup),
        setup.server(),
        setup.state(),
        setup.stage(),
        installation.isTest(),
        setup.createdAt(),
        setup.startedAt(),
        setup.cancelRequestedAt(),
        setup.resumableUntil(),
        setup.finishedAt(),
        steps,
        attention,
        zoneRecords,
        proof,
        Map.of("self", self, "events", self + "/events"));
  }

  /// @param sequence number of the last change
  record Look(SetupAnswer whole, List<SetupAnswer.Step> changed, long sequence) {}
}
