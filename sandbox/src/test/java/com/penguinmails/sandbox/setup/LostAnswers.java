package com.penguinmails.sandbox.setup;

import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.ApplicationFailure;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// A worker that dies after the effect and before its report, at every activity once: the first
/// answer of each is lost, so everything is done twice.
public final class LostAnswers extends WorkerInterceptorBase {
  private final Set<String> executions = ConcurrentHashMap.newKeySet();
  private final Set<String> types = new ConcurrentSkipListSet<>();

  /// Types of the activities that were done twice: `Server.Apply`.
  public Set<String> types() {
    return new TreeSet<>(types);
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private String type = "";
      private String execution = "";

      @Override
      public void init(ActivityExecutionContext context) {
        var info = context.getInfo();
        type = info.getActivityType();
        execution = info.getWorkflowRunId() + "." + info.getActivityId();
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        var answer = super.execute(input);
        if (executions.add(execution)) {
          types.add(type);
          throw ApplicationFailure.newFailure("The answer was lost on purpose", "UNAVAILABLE");
        }
        return answer;
      }
    };
  }
}
