package com.penguinmails.api.temporal;

import java.time.Instant;

/// A part of our own is away, and set-ups stand still until it is back. Seen at this moment and
/// kept nowhere: no incident, which a part that is away could not write.
///
/// @param since when it was last there, as far as this process knows
public record Absence(Part part, Instant since) {
  /// Which part. The API shows the names: never rename one.
  public enum Part {
    /// Temporal does not answer, or does not know our namespace.
    TEMPORAL_AWAY,
    /// Temporal is there; no worker asks it for decisions to take.
    WORKERS_AWAY
  }
}
