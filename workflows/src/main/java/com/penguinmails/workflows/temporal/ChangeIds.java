package com.penguinmails.workflows.temporal;

import io.temporal.worker.WorkflowImplementationOptions;
import io.temporal.workflow.Workflow;
import java.time.LocalDate;

/// Changes of workflow code that runs begun by an earlier release must not meet half-way: each is a
/// `Workflow.getVersion` id. When one is needed, and when its old branch may go:
/// `docs/changing-workflows.md`. Ids are stored in histories: never change or reuse one.
public enum ChangeIds {
  /// An entity closes the incident that its row tells of, though no run of its own opened it.
  /// Before, that part of the row's facts was passed over.
  INCIDENT_OF_A_LOST_RUN("incident-of-a-lost-run", "0.2.0", LocalDate.of(2027, 6, 1)),

  /// A set-up stops before its proof when the row says that it has ended. Before, it went on.
  OVER_BEFORE_THE_PROOF("over-before-the-proof", "0.2.0", LocalDate.of(2027, 6, 1)),

  /// A set-up hears `lookAgain`. Before, nobody did.
  LOOK_AGAIN("look-again", "0.2.0", LocalDate.of(2027, 6, 1));

  private static final int NEW = 1;

  private final String id;
  private final String since;
  private final LocalDate oldBranchUntil;

  ChangeIds(String id, String since, LocalDate oldBranchUntil) {
    this.id = id;
    this.since = since;
    this.oldBranchUntil = oldBranchUntil;
  }

  /// Whether this run goes the new way here. A run that has been here before, by an earlier
  /// release's code, goes the old way for the rest of its life; its successor the new one.
  public boolean isTakenHere() {
    return Workflow.getVersion(id, Workflow.DEFAULT_VERSION, NEW) == NEW;
  }

  /// How workers register workflows: the search attribute `TemporalChangeVersion` has the ids that
  /// a run has taken, such as `look-again-1`.
  public static WorkflowImplementationOptions shown() {
    return WorkflowImplementationOptions.newBuilder()
        .setEnableUpsertVersionSearchAttributes(true)
        .build();
  }

  /// As histories have it.
  public String id() {
    return id;
  }

  /// The release that brought it.
  public String since() {
    return since;
  }

  /// From this day on the old branch is to go, once no run needs it any more.
  public LocalDate oldBranchUntil() {
    return oldBranchUntil;
  }
}
