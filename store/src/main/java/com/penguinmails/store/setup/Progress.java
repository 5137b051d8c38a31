package com.penguinmails.store.setup;

import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/// How far one step of a set-up is, as a page shows it.
///
/// @param step stable name, `server/090-unbound`; lower case
/// @param title in the tenant's words
/// @param since when this state began
/// @param attempts counts from 1; 0 before the first
/// @param waitingFor code of the cause, `host-disk-full`; empty when it waits for nothing
/// @param percent empty when it cannot be measured
/// @param sequence grows with every change within a set-up: the id of a server-sent event
public record Progress(
    EntityKind kind,
    UUID entity,
    String step,
    String title,
    State state,
    Instant since,
    Optional<Instant> startedAt,
    int attempts,
    Optional<String> waitingFor,
    Optional<Helper> whoCanHelp,
    String evidence,
    OptionalInt percent,
    long sequence) {

  /// How far a step is.
  public enum State {
    WAITING,
    RUNNING,
    DONE,
    FAILED,
    SKIPPED
  }
}
