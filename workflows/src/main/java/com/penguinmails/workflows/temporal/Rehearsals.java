package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SetupId;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;

/// A rehearsal is a run of the same workflows on queues and under ids of its own: whoever serves
/// these queues reads and makes nothing. What a rehearsal starts is a rehearsal too, because queues
/// and ids are chosen here by the queue of the run that asks.
public final class Rehearsals {
  private static final String QUEUE = "rehearsal-";
  private static final String ID = "rehearsal/";

  private Rehearsals() {}

  /// The queue of rehearsals beside a real one.
  public static String queue(String real) {
    return QUEUE + real;
  }

  /// Workflow id of the rehearsal that makes a plan.
  public static String idOf(PlanId plan) {
    return ID + WorkflowIds.of(new SetupId(plan.value()));
  }

  /// In a rehearsal, the rehearsal's queue; else the real one.
  static String queueHere(String real) {
    return isHere() ? queue(real) : real;
  }

  /// In a rehearsal, the rehearsal's id; else the real one.
  static String idHere(String real) {
    return isHere() ? ID + real : real;
  }

  /// Whether the caller is a workflow that rehearses. A run's queue never changes, so a replay
  /// answers alike.
  static boolean isHere() {
    return WorkflowUnsafe.isWorkflowThread() && Workflow.getInfo().getTaskQueue().startsWith(QUEUE);
  }
}
