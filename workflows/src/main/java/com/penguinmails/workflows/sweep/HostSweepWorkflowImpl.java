package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.sweep.HostSweepActivities.BehindServer;
import com.penguinmails.workflows.sweep.HostSweepActivities.HostsLooked;
import com.penguinmails.workflows.sweep.HostSweepActivities.LookAtHosts;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Entities;
import com.penguinmails.workflows.temporal.Entities.About;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/// See [HostSweepWorkflow].
public final class HostSweepWorkflowImpl implements HostSweepWorkflow {
  private static final int AT_ONCE = 25; // one session each, side by side
  private static final int LOOKS_IN_A_RUN = 100;

  @Override
  public HostsSwept run(SweepHosts order) {
    var all = order.before();
    var after = order.after();
    for (int looks = 0; looks < LOOKS_IN_A_RUN; looks++) {
      var looked = look(order.pace(), after);
      looked.behind().forEach(server -> ask(order.pace(), server));
      all = all.plus(new HostsSwept(looked.hosts(), looked.unknown(), looked.drifted()));
      Workflow.setCurrentDetails(
          "%d hosts were looked at; %d are not as they were left, %d did not answer or were busy."
              .formatted(all.hosts(), all.drifted(), all.unknown()));
      after = looked.last();
      if (after.isEmpty()) {
        return all;
      }
    }
    return Workflow.newContinueAsNewStub(HostSweepWorkflow.class)
        .run(new SweepHosts(order.pace(), after, all));
  }

  private static HostsLooked look(Pace pace, Optional<ServerId> after) {
    return Workflow.newActivityStub(
            HostSweepActivities.class,
            ActivityProfiles.ssh("Looking at the next hosts, step by step", pace))
        .lookAtHosts(new LookAtHosts(after, AT_ONCE));
  }

  private static void ask(Pace pace, BehindServer server) {
    var wanted = new Wanted(server.version(), WorkflowIds.askedBySweep(), server.setup());
    Entities.ask(
        "ServerWorkflow",
        WorkflowIds.of(server.server()),
        new BeginServer(server.tenant(), server.server(), wanted, pace, Optional.empty()),
        wanted,
        About.server(server.tenant(), server.hostname(), server.provider()),
        true);
  }
}
