package com.penguinmails.activities.failure;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.OutsideException.RateLimited;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// Turns what went wrong into a Temporal failure: type, message, and the cause as its detail. The
/// one place that does.
public final class Failures {
  private Failures() {}

  /// The failure the workflow sees. What is not known to be someone else's is ours, and is tried
  /// again, because a new build may mend it.
  public static ApplicationFailure of(RuntimeException thrown, Area area) {
    return switch (thrown) {
      case ApplicationFailure already -> already;
      case OutsideException outside -> of(outside, area);
      case DataAccessException database -> ours(FailureType.UNAVAILABLE, "database", database);
      case TransactionException database -> ours(FailureType.UNAVAILABLE, "database", database);
      case IllegalArgumentException invalid -> ours(FailureType.INVALID, "invalid", invalid);
      default -> ours(FailureType.UNAVAILABLE, "unexpected", thrown);
    };
  }

  /// Not there yet: looked at again after `next`, without a line in any error log.
  public static ApplicationFailure notYet(Cause cause, String evidence, Duration next) {
    return ApplicationFailure.newBuilder()
        .setMessage(evidence)
        .setType(FailureType.NOT_YET.name())
        .setDetails(cause.name())
        .setNextRetryDelay(next)
        .setCategory(ApplicationErrorCategory.BENIGN)
        .build();
  }

  /// A no that only somebody's act can turn into a yes.
  public static ApplicationFailure refused(Cause cause, String evidence) {
    return ApplicationFailure.newBuilder()
        .setMessage(evidence)
        .setType(FailureType.REFUSED.name())
        .setDetails(cause.name())
        .setNonRetryable(true)
        .build();
  }

  /// A step that failed on a host: tried again unless only the tenant's act can help.
  public static ApplicationFailure stepFailed(Cause cause, String evidence) {
    return cause.helper() == Cause.Helper.TENANT
        ? refused(cause, evidence)
        : ApplicationFailure.newBuilder()
            .setMessage(evidence)
            .setType(FailureType.STEP_FAILED.name())
            .setDetails(cause.name())
            .setCategory(ApplicationErrorCategory.BENIGN)
            .build();
  }

  /// The same, not to be tried again for now: the workflow tells who can help.
  public static ApplicationFailure tell(ApplicationFailure failure) {
    return ApplicationFailure.newBuilder(failure).setNonRetryable(true).build();
  }

  /// The cause a failure carries; one without is ours.
  public static Cause causeIn(ApplicationFailure failure) {
    return failure.getDetails().getSize() == 0
        ? Cause.OURS
        : Cause.valueOf(failure.getDetails().get(0, String.class));
  }

  private static ApplicationFailure of(OutsideException thrown, Area area) {
    var type = typeOf(thrown);
    var message = String.valueOf(thrown.getMessage());
    var failure =
        ApplicationFailure.newBuilder()
            .setMessage(message)
            .setType(type.name())
            .setDetails(thrown.ownCause().orElseGet(() -> area.cause(type)).name())
            .setNonRetryable(!type.isWorthRetrying())
            .setCategory(
                type.isWorthRetrying()
                    ? ApplicationErrorCategory.BENIGN
                    : ApplicationErrorCategory.UNSPECIFIED);
    if (thrown instanceof RateLimited limited) {
      failure.setNextRetryDelay(limited.retryAfter());
    }
    return failure.build();
  }

  private static FailureType typeOf(OutsideException thrown) {
    return switch (thrown) {
      case Unavailable unavailable -> FailureType.UNAVAILABLE;
      case RateLimited limited -> FailureType.RATE_LIMITED;
      case Refused refused -> refused.type();
    };
  }

  /// The message of a library's exception may hold anything: only its class travels.
  private static ApplicationFailure ours(FailureType type, String what, RuntimeException thrown) {
    return ApplicationFailure.newBuilder()
        .setMessage(what + ": " + thrown.getClass().getSimpleName())
        .setType(type.name())
        .setDetails(Cause.OURS.name())
        .setNonRetryable(!type.isWorthRetrying())
        .build();
  }
}
