package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.IncidentActivities.CloseIncidents;
import com.penguinmails.workflows.setup.SetupActivities.OpenIncident;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The life of every entity: when a version is wanted, make it so and tell who asked; when it
/// cannot be made, open an incident, tell who asked, and try again when asked or after a while.
public final class EntityLoop {
  private final TenantId tenant;
  private final String self;
  private final Requests requests;
  private final Pace pace;
  private final List<CancellationScope> interruptible = new ArrayList<>();
  private boolean isIncidentOpen;
  private boolean isAskedAhead; // of what the database wants
  private long making; // the version under way; 0 between turns
  private long outdatedBy; // newer than what this turn read, and asked for since it began; else 0
  private Optional<Trouble> stuckAt = Optional.empty();
  private String doing = "";

  /// @param isContinued whether a run before this one may have left an incident open
  public EntityLoop(
      TenantId tenant, String self, Requests requests, Pace pace, boolean isContinued) {
    this.tenant = tenant;
    this.self = self;
    this.requests = requests;
    this.pace = pace;
    this.isIncidentOpen = isContinued;
  }

  /// For the signal handler: takes the request up and interrupts waiting that is now out of date.
  /// What is only said again interrupts nothing.
  public void wanted(Wanted wanted) {
    boolean isNews = wanted.version() > making && !requests.open().contains(wanted);
    requests.add(wanted);
    if (isNews) {
      outdatedBy = Math.max(outdatedBy, wanted.version());
      interrupt();
    }
  }

  /// For the work of a turn: what it makes. Whoever asks for no more than this is served by it, and
  /// interrupts nothing.
  public void makes(long version) {
    making = version;
    outdatedBy = outdatedBy > version ? outdatedBy : 0;
  }

  /// For the work of a turn, when the rows tell of an incident: a run that was lost, or an older
  /// copy of this one, was stuck. It is over when this turn has done its work.
  public void hasOpenIncident(boolean isOpen) {
    if (isOpen && !isIncidentOpen) {
      isIncidentOpen = ChangeIds.INCIDENT_OF_A_LOST_RUN.isTakenHere();
    }
  }

  /// For handlers that changed what the work is made from: waiting that is now out of date is given
  /// up, and what is stuck tries again.
  public void ring() {
    requests.ring();
    interrupt();
  }

  private void interrupt() {
    List.copyOf(interruptible).forEach(CancellationScope::cancel);
  }

  /// Runs work that may be given up when something else is wanted: polls, never changes. It does
  /// not begin when that was said since the turn read what is wanted.
  public <T> T interruptible(Supplier<T> work) {
    if (outdatedBy > 0 && making > 0) {
      throw new CanceledFailure("version " + outdatedBy + " is wanted");
    }
    var answer = new ArrayList<T>();
    var scope = Workflow.newCancellationScope(() -> answer.add(work.get()));
    interruptible.add(scope);
    try {
      scope.run();
    } finally {
      interruptible.remove(scope);
    }
    return answer.getFirst();
  }

  /// One turn: waits for a request or for `due`, then works.
  ///
  /// @param work makes the thing as the database wants it; answers the version reached
  /// @param due when there is work without a request: a renewal
  public void turn(Supplier<Long> work, Optional<Due> due) {
    awaitAskedVersion();
    if (due.isEmpty()) {
      Workflow.await(() -> requests.isAnyWaiting() || isRunLong());
    } else {
      Waiting.until(
          due.get().in(), due.get().summary(), () -> requests.isAnyWaiting() || isRunLong());
    }
    if (isRunLong()) {
      return;
    }
    requests.hear();
    outdatedBy = 0;
    try {
      long version = work.get();
      settle();
      requests.reached(version);
      isAskedAhead = requests.isAnyWaiting();
    } catch (Stopped stopped) {
      stuck(stopped.trouble());
    } catch (CanceledFailure outdated) {
      Workflow.getLogger(EntityLoop.class).info("Interrupted: something else is wanted now");
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        Workflow.getLogger(EntityLoop.class).info("Interrupted: something else is wanted now");
      } else {
        stuck(Trouble.of(failure));
      }
    } finally {
      making = 0;
    }
  }

  /// What staff read on top of the run: what is being done, and what it is stuck at until that is
  /// over.
  public void says(String now) {
    doing = now;
    Workflow.setCurrentDetails(
        stuckAt.map(trouble -> (doing + "\n\n" + told(trouble)).strip()).orElse(doing));
  }

  private String told(Trouble trouble) {
    return "**Stuck:** %s\n\nTried again at the next request, and every %s."
        .formatted(trouble.forStaff(), pace.recheck());
  }

  /// Whether this run's history is long enough to continue as new.
  public boolean isRunLong() {
    var info = Workflow.getInfo();
    return info.isContinueAsNewSuggested()
        || (pace.eventsPerRun() > 0 && info.getHistoryLength() > pace.eventsPerRun());
  }

  private void stuck(Trouble trouble) {
    isIncidentOpen = true;
    stuckAt = Optional.of(trouble);
    says("");
    incidents("Telling who can help: " + trouble.cause())
        .open(
            new OpenIncident(
                tenant, requests.setup(), self, trouble.cause(), List.of(trouble.evidence())));
    requests.stuck(trouble);
    Waiting.until(
        pace.recheck(),
        "Until it is tried again by itself: " + trouble.cause(),
        () -> requests.isRung() || isRunLong());
  }

  /// Whoever asks for a version has written it before. One that the database does not have comes no
  /// sooner by working on.
  private void awaitAskedVersion() {
    if (isAskedAhead && !requests.isRung()) {
      Workflow.getLogger(EntityLoop.class)
          .warn("Version {} is asked for, {} reached", requests.newest(), requests.reached());
      Waiting.until(
          pace.recheck(),
          "Until version %d is wanted; %d is reached"
              .formatted(requests.newest(), requests.reached()),
          () -> requests.isRung() || isRunLong());
    }
    isAskedAhead = false;
  }

  private void settle() {
    if (isIncidentOpen) {
      incidents("Closing what was open").close(new CloseIncidents(tenant, self));
      isIncidentOpen = false;
      stuckAt = Optional.empty();
      says(doing);
    }
  }

  private IncidentActivities incidents(String summary) {
    return Workflow.newActivityStub(
        IncidentActivities.class, ActivityProfiles.store(summary, pace));
  }

  /// Work that falls due without a request.
  public record Due(Duration in, String summary) {}
}
