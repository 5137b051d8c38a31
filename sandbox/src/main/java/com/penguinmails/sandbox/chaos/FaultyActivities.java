package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.chaos.Aims.Moment;
import com.penguinmails.workflows.model.FailureType;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.ActivityInfo;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Around every activity of a worker: lets its attempt meet the fault that the seed of its run has
/// chosen.
final class FaultyActivities extends WorkerInterceptorBase {
  private static final Logger LOG = LoggerFactory.getLogger(FaultyActivities.class);
  private static final Duration SLOW = Duration.ofMillis(500);

  private final ChaosRuns runs;
  private final WrongAnswers wrongAnswers;
  private final Consumer<String> atStep;

  /// @param atStep told before and after the work of each activity; see [Aims#step]
  FaultyActivities(ChaosRuns runs, WrongAnswers wrongAnswers, Consumer<String> atStep) {
    this.runs = runs;
    this.wrongAnswers = wrongAnswers;
    this.atStep = atStep;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Around(next);
  }

  private final class Around extends ActivityInboundCallsInterceptorBase {
    private @Nullable ActivityInfo info;
    private String workflow = "";

    private Around(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      var about = context.getInfo();
      info = about;
      workflow = Objects.requireNonNullElse(about.getWorkflowId(), "");
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      var about = info;
      var run = about == null ? Optional.<FaultsOfRun>empty() : runs.of(workflow);
      if (about == null || run.isEmpty()) {
        return super.execute(input);
      }
      var entity = workflow.substring(0, workflow.indexOf('/'));
      var execution = about.getWorkflowRunId() + "." + about.getActivityId();
      var met =
          run.get()
              .next(
                  new FaultsOfRun.Asked(
                      entity, about.getActivityType(), execution, about.getAttempt()),
                  WrongAnswers.isAskedBy(about.getActivityTaskQueue()));
      return met.isEmpty()
          ? work(input, about)
          : execute(input, met.get(), about, run.get().choice().seed());
    }

    private ActivityOutput execute(
        ActivityInput input, FaultPlan.Met met, ActivityInfo about, long seed) {
      for (var fault : met.faults()) {
        switch (fault) {
          case SLOW -> pause(Duration.ofMillis(met.dice().nextLong(SLOW.toMillis())));
          case WRONG_ANSWER ->
              wrongAnswers.plan(
                  about.getActivityTaskQueue(), about.getActivityType(), met.dice(), seed);
          default -> {
            return lose(input, fault, about);
          }
        }
      }
      return work(input, about);
    }

    private ActivityOutput lose(ActivityInput input, Fault fault, ActivityInfo about) {
      return switch (fault) {
        case FAILS_BEFORE -> throw lost("Failed on purpose, before anything was done");
        case ANSWER_LOST -> {
          var _ = work(input, about);
          throw lost("The answer was lost on purpose");
        }
        case DIES_AFTER -> {
          Activity.getExecutionContext().doNotCompleteOnReturn();
          yield workUnheard(input, about);
        }
        case DIES_BEFORE -> {
          Activity.getExecutionContext().doNotCompleteOnReturn();
          yield new ActivityOutput(null);
        }
        case DONE_LATE -> {
          pause(limit(about).plus(SLOW));
          yield work(input, about); // nobody takes the answer any more
        }
        case SLOW, WRONG_ANSWER -> throw new IllegalStateException(fault + " loses nothing");
      };
    }

    /// Who is dead does not tell that it failed either.
    private ActivityOutput workUnheard(ActivityInput input, ActivityInfo about) {
      try {
        return work(input, about);
      } catch (RuntimeException unheard) {
        LOG.atDebug().setCause(unheard).log("It failed, and nobody hears of it");
        return new ActivityOutput(null);
      }
    }

    /// Somebody may die before it, or after.
    private ActivityOutput work(ActivityInput input, ActivityInfo about) {
      atStep.accept(Aims.step(about.getActivityType(), Moment.BEFORE));
      var done = super.execute(input);
      atStep.accept(Aims.step(about.getActivityType(), Moment.AFTER));
      return done;
    }

    /// After how long the server counts a silent attempt as lost.
    private Duration limit(ActivityInfo about) {
      var beat = about.getHeartbeatTimeout();
      return beat.isZero() ? about.getStartToCloseTimeout() : beat;
    }

    private ApplicationFailure lost(String message) {
      return ApplicationFailure.newFailure(message, FailureType.UNAVAILABLE.name());
    }

    private void pause(Duration time) {
      try {
        Thread.sleep(time);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
