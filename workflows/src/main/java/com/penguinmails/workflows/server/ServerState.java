package com.penguinmails.workflows.server;

import com.penguinmails.workflows.temporal.Wanted;
import java.util.List;

/// What a server's workflow carries from run to run.
///
/// @param reached the newest version the host is at
/// @param waiting who asked for a version that is not reached yet
public record ServerState(long reached, List<Wanted> waiting) {
  public ServerState {
    waiting = List.copyOf(waiting);
  }
}
