package com.penguinmails.activities.setup;

import com.penguinmails.store.setup.Plan;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;

/// Incidents of a rehearsal. What stands against a set-up is noted where it is read, and gone past;
/// so an incident means that the rehearsal itself cannot go on, and ends the plan.
public final class IncidentRehearsal implements IncidentActivities {
  private final RehearsalBook book;

  public IncidentRehearsal(RehearsalBook book) {
    this.book = book;
  }

  @Override
  public void open(OpenIncident order) {
    var id = order.setup().value();
    book.obstacle(order.tenant(), id, order.cause(), String.join("; ", order.evidence()));
    book.finish(order.tenant(), id, Plan.State.STOPPED);
  }

  @Override
  public void close(CloseIncidents order) {
    // none stays open
  }

  @Override
  public void decide(RecordDecision order) {
    // nothing is decided by a rehearsal
  }
}
