package com.penguinmails.activities.setup;

import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.model.Answer;
import io.temporal.activity.Activity;
import java.util.Map;
import java.util.UUID;

/// What an activity decides itself, because what it judges is too much for a history or because
/// only the rows have the last word. Written with the run that asked, so that an activity tried
/// again writes it once.
public final class Decided {
  private Decided() {}

  /// Call inside a transaction of the tenant, best the one that acts on it.
  ///
  /// @param inputs by reference; no secret
  public static void record(
      Stores stores,
      EntityKind kind,
      UUID entity,
      String step,
      Map<String, String> inputs,
      Answer.Given given) {
    var run = String.valueOf(Activity.getExecutionContext().getInfo().getWorkflowRunId());
    stores.decisions().record(NewDecision.of(kind, entity, step, inputs, given, run));
  }
}
