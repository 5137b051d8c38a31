package com.penguinmails.workflows.server;

import com.penguinmails.workflows.temporal.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a server's workflow carries from run to run.
///
/// @param reached the newest version the host is at
/// @param waiting who asked for a version that is not reached yet
/// @param nextRemoval when the next time of grace of a mailbox ends
public record ServerState(long reached, List<Wanted> waiting, Optional<Instant> nextRemoval) {
  public ServerState {
    waiting = List.copyOf(waiting);
  }
}
