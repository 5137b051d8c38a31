package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.sweep.SweepActivities.Mend;
import com.penguinmails.workflows.sweep.SweepActivities.Mended;
import com.penguinmails.workflows.sweep.SweepActivities.RecordRepair;
import com.penguinmails.workflows.sweep.SweepActivities.RenameServer;
import com.penguinmails.workflows.sweep.SweepActivities.SetReverseName;
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

  /// Not done: nothing was changed, and the incident stays open.
  Mended mend(Mend mend) {
    var done =
        switch (mend.repair()) {
          case START_RUN -> new Mended(true, start(mend));
          case RENAME -> rename(mend);
          case SET_REVERSE_NAME -> setReverseName(mend);
        };
    if (done.isDone()) {
      record(mend, done.evidence());
    }
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
        ? "Its run was started."
        : "It had a run by then: something else had started it.";
  }

  private Mended rename(Mend mend) {
    return atTheSeller("Giving the server of %s its name back", mend)
        .rename(new RenameServer(mend.tenant(), mend.order(), mend.server(), person));
  }

  private Mended setReverseName(Mend mend) {
    return atTheSeller("Having the address of %s point back to it", mend)
        .setReverseName(new SetReverseName(mend.tenant(), mend.order(), mend.server()));
  }

  private SweepActivities atTheSeller(String summary, Mend mend) {
    return activities(
        ActivityProfiles.vps(summary.formatted(mend.hostname()), mend.provider(), pace));
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
