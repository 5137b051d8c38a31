package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import java.util.Map;
import java.util.TreeMap;

/// What a set-up carries from run to run.
///
/// @param replies the newest version each entity said it reached, by workflow id
/// @param proofAttempts how many proof messages were sent
public record SetupState(
    Stage stage, Map<String, Long> replies, int proofAttempts, boolean isCancelWanted) {
  public SetupState {
    replies = new TreeMap<>(replies);
  }
}
