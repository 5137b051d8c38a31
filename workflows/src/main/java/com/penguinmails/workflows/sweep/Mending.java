package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.sweep.SweepActivities.Mend;
import com.penguinmails.workflows.sweep.SweepActivities.RecordRepair;
import com.penguinmails.workflows.sweep.SweepActivities.RenameServer;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.Entities;
import com.penguinmails.workflows.temporal.Entities.About;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/// Carries repairs out, and writes why.
final class Mending {
  private final Pace pace;
  private final Optional<String> person;

  /// @param person who wants it; empty: done by itself
  Mending(Pace pace, Optional<String> person) {
    this.pace = pace;
    this.person = person;
  }

  /// @return what was done; empty: nothing, and the incident stays open
  Optional<String> mend(Mend mend) {
    var done =
        switch (mend.repair()) {
          case START_RUN -> Optional.of(start(mend));
          case RENAME -> rename(mend);
        };
    done.ifPresent(evidence -> record(mend, evidence));
    return done;
  }

  private String start(Mend mend) {
    var wanted = new Wanted(mend.version(), WorkflowIds.askedByApi(mend.server()), mend.setup());
    boolean isStarted =
        Entities.startUnlessRunning(
            "ServerWorkflow",
            WorkflowIds.of(mend.server()),
            new BeginServer(mend.tenant(), mend.server(), wanted, pace, Optional.empty()),
            About.server(mend.tenant(), mend.hostname(), mend.provider()));
    return isStarted
        ? "Its run was started by the sweep."
        : "It had a run by then: something else had started it.";
  }

  private Optional<String> rename(Mend mend) {
    var renamed =
        activities(
                ActivityProfiles.vps(
                    "Giving the server of %s its name back".formatted(mend.hostname()),
                    mend.provider(),
                    pace))
            .rename(new RenameServer(mend.tenant(), mend.order(), mend.server(), person));
    return Optional.of(renamed.evidence()).filter(_ -> renamed.isDone());
  }

  private void record(Mend mend, String evidence) {
    activities(ActivityProfiles.store("Writing what was repaired, and why", pace))
        .repaired(
            new RecordRepair(
                mend.tenant(),
                mend.order(),
                mend.server(),
                mend.incident(),
                mend.repair(),
                evidence,
                person,
                Workflow.getInfo().getRunId()));
  }

  private static SweepActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(SweepActivities.class, options);
  }
}
