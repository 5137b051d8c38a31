package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.domain.DomainWorkflow.BeginDomain;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.sweep.DomainSweepActivities.DomainsLooked;
import com.penguinmails.workflows.sweep.DomainSweepActivities.DriftedDomain;
import com.penguinmails.workflows.sweep.DomainSweepActivities.LookAtDomains;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Entities;
import com.penguinmails.workflows.temporal.Entities.About;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/// See [DomainSweepWorkflow].
public final class DomainSweepWorkflowImpl implements DomainSweepWorkflow {
  private static final int AT_ONCE = 25; // a silent name server costs each of them its time-out
  private static final int LOOKS_IN_A_RUN = 100;

  @Override
  public DomainsSwept run(SweepDomains order) {
    var all = order.before();
    var after = order.after();
    for (int looks = 0; looks < LOOKS_IN_A_RUN; looks++) {
      var looked = look(order.pace(), after);
      looked.drifted().forEach(domain -> ask(order.pace(), domain));
      all = all.plus(new DomainsSwept(looked.domains(), looked.unknown(), looked.drifted().size()));
      Workflow.setCurrentDetails(
          "%d domains were looked at; records of %d are gone, of %d no name server answered."
              .formatted(all.domains(), all.drifted(), all.unknown()));
      after = looked.last();
      if (after.isEmpty()) {
        return all;
      }
    }
    return Workflow.newContinueAsNewStub(DomainSweepWorkflow.class)
        .run(new SweepDomains(order.pace(), after, all));
  }

  private static DomainsLooked look(Pace pace, Optional<DomainId> after) {
    return Workflow.newActivityStub(
            DomainSweepActivities.class,
            ActivityProfiles.dnsOfMany("Looking at the records of the next domains", pace))
        .lookAtDomains(new LookAtDomains(after, AT_ONCE));
  }

  private static void ask(Pace pace, DriftedDomain domain) {
    var wanted = new Wanted(domain.version(), WorkflowIds.askedBySweep(), domain.setup());
    Entities.ask(
        "DomainWorkflow",
        WorkflowIds.of(domain.domain()),
        new BeginDomain(
            domain.tenant(), domain.domain(), domain.name(), wanted, pace, Optional.empty()),
        wanted,
        About.domain(domain.tenant(), domain.name(), "existing"),
        true);
  }
}
