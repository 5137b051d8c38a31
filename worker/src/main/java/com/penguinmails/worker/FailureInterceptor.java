package com.penguinmails.worker;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import io.temporal.failure.CanceledFailure;

/// Around every activity of a rehearsal: what goes wrong becomes a failure with a type and a cause,
/// as in [ProgressInterceptor], and no row.
final class FailureInterceptor extends WorkerInterceptorBase {
  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new Around(next);
  }

  private static final class Around extends ActivityInboundCallsInterceptorBase {
    private String activityType = "";

    private Around(ActivityInboundCallsInterceptor next) {
      super(next);
    }

    @Override
    public void init(ActivityExecutionContext context) {
      activityType = context.getInfo().getActivityType();
      super.init(context);
    }

    @Override
    public ActivityOutput execute(ActivityInput input) {
      try {
        return super.execute(input);
      } catch (ActivityCompletionException | CanceledFailure leaving) {
        throw leaving;
      } catch (RuntimeException thrown) {
        throw Failures.of(thrown, Area.of(activityType));
      }
    }
  }
}
