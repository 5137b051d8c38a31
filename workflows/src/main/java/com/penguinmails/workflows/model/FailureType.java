package com.penguinmails.workflows.model;

/// Why an activity failed, as the workflow sees it. The name is stored in histories: never rename
/// one. The tenant's words for each are in the message catalogue of the API.
public enum FailureType {
  /// No answer, or none that can be read; the effect may have happened. Tried again.
  UNAVAILABLE(true),
  /// The other side asked us to slow down and said until when. Tried again then.
  RATE_LIMITED(true),
  /// Not there yet: a record, a message, a unit still at work. Asked again; benign.
  NOT_YET(true),
  /// The other side said no in readable form; trying again cannot help until somebody acts.
  REFUSED(false),
  /// The login at the host, the DNS server or the CA is wrong.
  LOGIN_REFUSED(false),
  /// The host showed another key than the one pinned. A hard stop.
  HOST_KEY_CHANGED(false),
  /// A step ran on the host and reported a failure.
  STEP_FAILED(true),
  /// A newer desired version is already on the host.
  SUPERSEDED(false),
  /// What arrived is not valid; a developer or the caller must act.
  INVALID(false);

  private final boolean worthRetrying;

  FailureType(boolean worthRetrying) {
    this.worthRetrying = worthRetrying;
  }

  /// Whether the retry policy may try again by itself.
  public boolean isWorthRetrying() {
    return worthRetrying;
  }
}
