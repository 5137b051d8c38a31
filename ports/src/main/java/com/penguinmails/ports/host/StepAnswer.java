package com.penguinmails.ports.host;

/// What a probe found.
///
/// @param step name, such as `080-resolver`
/// @param evidence for people; no secret
public record StepAnswer(String step, State state, String evidence) {
  /// How far a step is on the host.
  public enum State {
    /// Nothing of it is there.
    ABSENT,
    /// Begun, not finished.
    PARTIAL,
    /// It was there and somebody changed it, or it should be another by now.
    DRIFT,
    /// As wanted.
    OK,
    /// Cannot be on this host, with the reason as evidence.
    NOT_APPLICABLE
  }

  /// True when nothing is to be done.
  public boolean isSettled() {
    return state == State.OK || state == State.NOT_APPLICABLE;
  }
}
