package com.penguinmails.api.setup;

import com.penguinmails.api.message.MessageCatalogue;
import com.penguinmails.api.temporal.Absence;
import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.store.incident.IncidentStore.Incident;
import com.penguinmails.store.proof.ProofStore.Proof;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.setup.Progress;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A set-up as the API shows it.
///
/// @param server for further set-ups on it
/// @param resumableUntil until when its cancel, or that it is given up, can be taken back; absent
///   unless it is HELD, or DONE and given up
/// @param records what the domain's zone should hold; who enters them by hand copies them from here
/// @param testInstallation true in an installation where nothing is on the public Internet
record SetupAnswer(
    SetupId id,
    Domain domain,
    ServerId server,
    Setup.State state,
    String stage,
    boolean testInstallation,
    Instant createdAt,
    Optional<Instant> startedAt,
    Optional<Instant> cancelRequestedAt,
    Optional<Instant> resumableUntil,
    Optional<Instant> finishedAt,
    List<Step> steps,
    List<Attention> attention,
    List<ZoneRecord> records,
    Optional<ProofAnswer> proof,
    Map<String, String> links) {

  /// Rows write a cause in lower case with hyphens; the API names it as the catalogue does.
  private static String nameOf(String code) {
    return code.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /// Both forms of a domain's name: as DNS knows it, and as people do.
  ///
  /// @param id for its mailboxes
  record Domain(DomainId id, String ascii, String unicode) {
    static Domain of(Setup setup) {
      var name = setup.domainName();
      return new Domain(setup.domain(), name.value(), name.unicode());
    }
  }

  /// One step of the work.
  ///
  /// @param waitingFor stable name of the cause, such as `HOST_PACKAGES_LOCKED`
  /// @param what that cause in the tenant's words
  /// @param nextStep what helps
  record Step(
      String step,
      String title,
      Progress.State state,
      Instant since,
      Optional<Instant> startedAt,
      int attempts,
      Optional<String> waitingFor,
      Optional<String> what,
      Optional<String> nextStep,
      Optional<Helper> whoCanHelp,
      String evidence,
      Optional<Integer> percent,
      long sequence) {
    static Step of(Progress row, MessageCatalogue messages) {
      var cause = row.waitingFor().map(SetupAnswer::nameOf);
      var message = cause.flatMap(messages::ofCause);
      return new Step(
          row.step(),
          row.title(),
          row.state(),
          row.since(),
          row.startedAt(),
          row.attempts(),
          cause,
          message.map(words -> words.cause()),
          message.map(words -> words.nextStep()),
          row.whoCanHelp(),
          row.evidence(),
          row.percent().isPresent() ? Optional.of(row.percent().getAsInt()) : Optional.empty(),
          row.sequence());
    }
  }

  /// Something that needs attention: an incident, or a part of ours that is away.
  ///
  /// @param cause stable name, such as `HOST_LOGIN_REFUSED` or `WORKERS_AWAY`
  /// @param details what was seen
  record Attention(
      String cause,
      String what,
      String nextStep,
      String whoActs,
      Map<String, String> details,
      Instant since) {
    static Attention of(Incident incident, MessageCatalogue messages) {
      var cause = nameOf(incident.cause());
      var message = messages.ofCause(cause);
      return new Attention(
          cause,
          message.map(words -> words.cause()).orElse(""),
          message.map(words -> words.nextStep()).orElse(incident.nextStep()),
          message.map(words -> words.whoActs().name()).orElse(incident.whoMustAct().name()),
          incident.params(),
          incident.openedAt());
    }

    static Attention of(Absence absence, MessageCatalogue messages) {
      var message = messages.of(absence.part());
      return new Attention(
          absence.part().name(),
          message.cause(),
          message.nextStep(),
          message.whoActs().name(),
          Map.of(),
          absence.since());
    }
  }

  /// One record the domain needs, as a person would enter it.
  ///
  /// @param value texts without quotation marks, whole
  /// @param evidence what was seen of it: what is there now and what is missing, or who has it
  record ZoneRecord(
      String name,
      String type,
      String value,
      int ttlSeconds,
      RecordState.State state,
      String evidence,
      Instant since) {
    static ZoneRecord of(RecordState row) {
      return new ZoneRecord(
          row.record().name().value(),
          row.record().type().name(),
          row.record().value(),
          row.record().ttlSeconds(),
          row.state(),
          row.evidence(),
          row.since());
    }
  }

  /// The newest proof, check by check.
  record ProofAnswer(
      Optional<Boolean> passed, Optional<Instant> finishedAt, List<ProofCheck> checks) {
    static ProofAnswer of(Proof proof) {
      return new ProofAnswer(proof.passed(), proof.finishedAt(), proof.checks());
    }
  }
}
