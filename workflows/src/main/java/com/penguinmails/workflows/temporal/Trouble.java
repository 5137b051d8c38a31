package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.Cause;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;

/// What an activity's failure means to the workflow: a cause, and what was seen. Pure.
///
/// @param evidence the failure's message; adapters keep secrets and mail addresses out of it
public record Trouble(Cause cause, String evidence) {
  /// Reads the cause that the activity side put into the failure's details; after a time-out, that
  /// of the last attempt. A failure without one is ours.
  public static Trouble of(ActivityFailure failure) {
    Throwable at = failure;
    while (at != null) {
      if (at instanceof ApplicationFailure application) {
        return new Trouble(causeIn(application), application.getOriginalMessage());
      }
      at = at.getCause();
    }
    var last = failure.getCause();
    var message =
        last instanceof TemporalFailure temporal ? temporal.getOriginalMessage() : "no answer";
    return new Trouble(
        Cause.OURS, failure.getActivityType() + ": " + (message == null ? "timed out" : message));
  }

  /// As staff read it in Temporal's UI: in the tenant's words, what was seen, and who can help.
  public String forStaff() {
    return "%s\n\n%s\n\nWhat helps: %s\n\nSeen: %s\n\nWho can help: %s."
        .formatted(cause, cause.what(), cause.nextStep(), evidence, cause.helper());
  }

  private static Cause causeIn(ApplicationFailure failure) {
    if (failure.getDetails().getSize() == 0) {
      return Cause.OURS;
    }
    return Cause.valueOf(failure.getDetails().get(0, String.class));
  }
}
