package com.penguinmails.workflows.temporal;

import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;

/// Waiting in workflow code, with a timer whose summary says for what.
public final class Waiting {
  private Waiting() {}

  /// Waits until the condition holds, at most for the limit; the timer goes when it is not needed.
  ///
  /// @return whether the condition holds
  public static boolean until(Duration limit, String summary, Supplier<Boolean> condition) {
    if (condition.get()) {
      return true;
    }
    var timers = new ArrayList<Promise<Void>>();
    CancellationScope scope =
        Workflow.newCancellationScope(() ->
            timers.add(
                Workflow.newTimer(limit, TimerOptions.newBuilder().setSummary(summary).build())));
    scope.run();
    var timer = timers.getFirst();
    Workflow.await(() -> timer.isCompleted() || condition.get());
    if (!timer.isCompleted()) {
      scope.cancel();
    }
    return condition.get();
  }
}
