package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import com.penguinmails.workflows.model.DnsRecord;
import java.util.List;

/// Whether a record that every server had once is there still. Pure.
///
/// @param evidence who lacks it, or why nobody knows; empty when it is there
public record RecordDrift(State state, String evidence) {
  /// How a record is now.
  public enum State {
    /// Every name server that answered has it.
    THERE,
    /// A name server answered without it, or with something that undoes it.
    GONE,
    /// No name server answered: neither there nor gone.
    UNKNOWN
  }

  /// Judges one record as its proof does ([RecordVerification]), but for silence, which proves
  /// nothing here.
  ///
  /// @param answers of the zone's own name servers: what resolvers remember is older
  public static RecordDrift of(DnsRecord record, List<SeenAt> answers) {
    var said = answers.stream().filter(answer -> !answer.isSilent()).toList();
    if (said.isEmpty()) {
      return new RecordDrift(State.UNKNOWN, "No name server of the zone answered.");
    }
    var lacking =
        said.stream().filter(answer -> !RecordVerification.isSeen(record, answer)).toList();
    if (!lacking.isEmpty()) {
      boolean isAnother = lacking.stream().anyMatch(answer -> !answer.values().isEmpty());
      return new RecordDrift(
          State.GONE,
          "%s %s is %s at %d of %d name servers"
              .formatted(
                  record.name(),
                  record.type(),
                  isAnother ? "another one" : "not there",
                  lacking.size(),
                  said.size()));
    }
    var judged = RecordVerification.of(record, said);
    return judged.isVerified()
        ? new RecordDrift(State.THERE, "")
        : new RecordDrift(State.GONE, judged.evidence());
  }
}
