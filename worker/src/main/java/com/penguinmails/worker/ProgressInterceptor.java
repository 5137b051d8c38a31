package com.penguinmails.worker;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.activities.setup.EntityRef;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.setup.Progress;
import com.penguinmails.store.setup.ProgressReport;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.temporal.Evident;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Around every activity: what goes wrong becomes a failure with a type and a cause, and orders the
/// tenant follows become progress rows: running, done with the evidence, waiting, or failed.
final class ProgressInterceptor extends WorkerInterceptorBase {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressInterceptor.class);
  private final Stores stores;

  ProgressInterceptor(Stores stores) {
    this.stores = stores;
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Around(next);
  }

  private final class Around extends ActivityInboundCallsInterceptorBase {
    private String activityType = "";
    private String workflowId = "";

    private Around(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      activityType = context.getInfo().getActivityType();
      workflowId = String.valueOf(context.getInfo().getWorkflowId());
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      try {
        return input.getArguments().length == 1 && input.getArguments()[0] instanceof Tracked order
            ? tracked(order, input)
            : super.execute(input);
      } catch (ActivityCompletionException | CanceledFailure leaving) {
        throw leaving;
      } catch (RuntimeException thrown) {
        throw logged(thrown);
      }
    }

    private ActivityOutput tracked(Tracked order, ActivityInput input) {
      var begun = stores.tenancy().as(order.tenant(), () -> begin(order));
      if (begun.held().isPresent()) {
        throw begun.held().get();
      }
      try {
        var output = super.execute(input);
        report(
            order,
            begun.attempt(),
            Progress.State.DONE,
            output.getResult() instanceof Evident fact ? fact.evidence() : "");
        return output;
      } catch (ActivityCompletionException | CanceledFailure leaving) {
        throw leaving;
      } catch (RuntimeException thrown) {
        var failure = Failures.of(thrown, Area.of(activityType));
        report(order, waiting(order, begun.attempt(), failure));
        throw thrown;
      }
    }

    /// Attempts count on through new executions of the same step, so that rows only move forward.
    private Begun begin(Tracked order) {
      var before =
          stores.progress().of(order.setup()).stream()
              .filter(row -> row.step().equals(order.step()))
              .findFirst();
      int attempt = before.map(row -> row.attempts() + 1).orElse(1);
      var held = held(order);
      var line =
          held.map(failure -> waiting(order, attempt, failure))
              .orElseGet(() -> begun(order, attempt, before));
      stores.progress().report(order.setup(), line);
      return new Begun(attempt, held);
    }

    /// What is begun comes to its end; nothing further begins for a set-up that its tenant
    /// cancelled and may take back. Whoever asked is stuck then, and asked again when it goes on.
    private Optional<ApplicationFailure> held(Tracked order) {
      return stores.holds().isHeld(order.setup(), EntityRef.of(workflowId).kind())
          ? Optional.of(
              Failures.tell( // no line in any error log: it is what the tenant wants
                  Failures.notYet(
                      Cause.SETUP_HELD, "Not begun: the set-up was cancelled.", Duration.ZERO)))
          : Optional.empty();
    }

    /// What waits goes on waiting while it is tried again: for what, and who can help, stays to be
    /// read between attempts and during them.
    private ProgressReport begun(Tracked order, int attempt, Optional<Progress> before) {
      return before
          .filter(row -> row.state() == Progress.State.WAITING && row.whoCanHelp().isPresent())
          .map(row ->
              line(order, attempt, Progress.State.WAITING, row.evidence())
                  .waitingFor(row.waitingFor().orElse(""), row.whoCanHelp().get()))
          .orElseGet(() -> line(order, attempt, Progress.State.RUNNING, ""));
    }

    private void report(Tracked order, int attempt, Progress.State state, String evidence) {
      report(order, line(order, attempt, state, evidence));
    }

    private void report(Tracked order, ProgressReport report) {
      stores.tenancy().run(order.tenant(), () -> stores.progress().report(order.setup(), report));
    }

    /// Where the tenant or time must help, the step waits, even if this attempt was the last before
    /// somebody is told; failed is what our staff must look at.
    private ProgressReport waiting(Tracked order, int attempt, ApplicationFailure failure) {
      var cause = Failures.causeIn(failure);
      var isFault = failure.isNonRetryable() && cause.helper() == Cause.Helper.STAFF;
      var state = isFault ? Progress.State.FAILED : Progress.State.WAITING;
      return line(order, attempt, state, failure.getOriginalMessage())
          .waitingFor(cause.code(), Helper.valueOf(cause.helper().name()));
    }

    private ProgressReport line(Tracked order, int attempt, Progress.State state, String evidence) {
      var entity = EntityRef.of(workflowId);
      return ProgressReport.of(
          entity.kind(), entity.id(), order.step(), order.title(), state, attempt, evidence);
    }

    private ApplicationFailure logged(RuntimeException thrown) {
      var failure = Failures.of(thrown, Area.of(activityType));
      var isOurs =
          !(thrown instanceof ApplicationFailure) && Failures.causeIn(failure) == Cause.OURS;
      if (isOurs) {
        LOG.atWarn()
            .addKeyValue("activity", activityType)
            .addKeyValue("workflow", workflowId)
            .setCause(thrown)
            .log("An activity failed in a way nobody foresaw");
      }
      return failure;
    }
  }

  /// @param held why it must not begin
  private record Begun(int attempt, Optional<ApplicationFailure> held) {}
}
