package com.penguinmails.activities.domain;

import com.penguinmails.store.domain.RecordStateStore.RecordState;
import com.penguinmails.workflows.domain.ManualEntry;
import com.penguinmails.workflows.domain.RecordVerification;
import com.penguinmails.workflows.domain.RecordVerification.SeenAt;
import java.util.List;

/// What name servers' answers mean for one record that a person enters. Only what one of the zone's
/// own servers says can be wrong; who says nothing has not said that it is missing.
///
/// @param evidence what is there now and what is missing, or who has it
record ManualVerdict(RecordState.State state, String evidence) {
  static ManualVerdict on(ManualEntry entry, List<SeenAt> seen) {
    var verification = RecordVerification.of(entry.record(), seen);
    return seen.stream()
        .filter(answer -> answer.kind() == SeenAt.Kind.AUTHORITATIVE && !answer.isSilent())
        .filter(answer -> entry.isWrong(answer.values()))
        .findFirst()
        .map(answer -> wrong(entry, answer))
        .orElseGet(() ->
            new ManualVerdict(
                verification.isVerified()
                    ? RecordState.State.VERIFIED
                    : RecordState.State.PUBLISHED,
                verification.evidence()));
  }

  private static ManualVerdict wrong(ManualEntry entry, SeenAt answer) {
    boolean isConflict = !answer.values().isEmpty() || entry.obstacle().isPresent();
    var detail = answer.detail().isEmpty() ? "" : " (" + answer.detail() + ")";
    return new ManualVerdict(
        isConflict ? RecordState.State.CONFLICT : RecordState.State.WANTED,
        entry.evidence(answer.values()) + detail);
  }
}
