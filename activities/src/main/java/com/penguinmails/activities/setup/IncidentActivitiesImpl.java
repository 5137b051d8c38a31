package com.penguinmails.activities.setup;

import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;

/// See [IncidentActivities].
public final class IncidentActivitiesImpl implements IncidentActivities {
  private final Stores stores;

  public IncidentActivitiesImpl(Stores stores) {
    this.stores = stores;
  }

  @Override
  public void open(OpenIncident order) {
    var entity = EntityRef.of(order.entity());
    var cause = order.cause();
    if (cause == Cause.SETUP_HELD) {
      return; // the tenant's wish, which the set-up's own line tells
    }
    stores
        .tenancy()
        .as(
            order.tenant(),
            () ->
                stores
                    .incidents()
                    .open(
                        NewIncident.of(
                            entity.kind(),
                            entity.id(),
                            order.setup(),
                            cause,
                            String.join("; ", order.evidence()))));
  }

  @Override
  public void close(CloseIncidents order) {
    stores
        .tenancy()
        .run(
            order.tenant(), () -> stores.incidents().closeAllOf(EntityRef.of(order.entity()).id()));
  }

  @Override
  public void decide(RecordDecision order) {
    var entity = EntityRef.of(order.entity());
    stores
        .tenancy()
        .run(
            order.tenant(),
            () ->
                stores
                    .decisions()
                    .record(
                        new NewDecision(
                            entity.kind(),
                            entity.id(),
                            order.step(),
                            order.inputs(),
                            order.rule(),
                            order.answer(),
                            order.runId())));
  }
}
