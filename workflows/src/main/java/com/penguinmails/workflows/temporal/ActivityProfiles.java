package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.FailureType;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import java.time.Duration;
import java.util.Arrays;

/// How activities of each kind are timed and tried again. What can never work by trying again is
/// not tried; everything else is, until `patience` is over and the workflow tells somebody.
public final class ActivityProfiles {
  private static final String[] NEVER_BY_TRYING =
      Arrays.stream(FailureType.values())
          .filter(type -> !type.isWorthRetrying())
          .map(FailureType::name)
          .toArray(String[]::new);

  private static final Duration VPS_CALL = Duration.ofMinutes(2);
  private static final Duration VPS_ACCOUNT = Duration.ofMinutes(45); // thousands, at two a second
  private static final Duration BEAT =
      Duration.ofSeconds(30); // a worker silent for so long is lost

  private ActivityProfiles() {}

  /// Our own database: short, and tried for as long as it takes, because without it nothing is
  /// known.
  public static ActivityOptions store(String summary, Pace pace) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(Rehearsals.queueHere(TaskQueues.STORE))
        .setSummary(summary)
        .setStartToCloseTimeout(pace.hurried(Duration.ofSeconds(20)))
        .setRetryOptions(
            retry(pace.hurried(Duration.ofMillis(500)), 2, pace.hurried(Duration.ofSeconds(20))))
        .build();
  }

  /// Making secrets: short, and tried until patience is over, because a sealed secret store is
  /// told.
  public static ActivityOptions secrets(String summary, Pace pace) {
    return bounded(TaskQueues.STORE, summary, pace, Duration.ofMinutes(1)).build();
  }

  /// A look or act on a host that is one long answer, such as first contact, which may have to
  /// install sudo. It beats while it waits, so that a lost worker is noticed within half a minute.
  public static ActivityOptions ssh(String summary, Pace pace) {
    return bounded(TaskQueues.SSH, summary, pace, Duration.ofMinutes(10))
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .build();
  }

  /// A look at a host that may be silent for a while, for so long.
  public static ActivityOptions sshWithin(String summary, Pace pace, Duration atMost) {
    return bounded(TaskQueues.SSH, summary, pace, Duration.ofMinutes(5))
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .setScheduleToCloseTimeout(atMost)
        .build();
  }

  /// One step on a host: minutes, with heartbeats, so that a lost worker is noticed within half a
  /// minute and the next attempt re-attaches to the unit. What one attempt may take comes on top of
  /// patience: an attempt that is at work when patience ends may come to its end.
  public static ActivityOptions sshStep(String summary, Pace pace) {
    var once = Duration.ofMinutes(20);
    return bounded(TaskQueues.SSH, summary, pace, once)
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .setScheduleToCloseTimeout(pace.patience().plus(pace.hurried(once)))
        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
        .build();
  }

  /// DNS look-ups and single changes.
  public static ActivityOptions dns(String summary, Pace pace) {
    return bounded(TaskQueues.DNS, summary, pace, Duration.ofMinutes(1)).build();
  }

  /// A look at the records of many domains; it beats all the while.
  public static ActivityOptions dnsOfMany(String summary, Pace pace) {
    return bounded(TaskQueues.DNS, summary, pace, Duration.ofMinutes(10))
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .build();
  }

  /// Calls to a certificate authority.
  public static ActivityOptions acme(String summary, Pace pace) {
    return bounded(TaskQueues.ACME, summary, pace, Duration.ofMinutes(1)).build();
  }

  /// Probing a mail server from outside.
  public static ActivityOptions mail(String summary, Pace pace) {
    return bounded(TaskQueues.MAIL, summary, pace, Duration.ofMinutes(2)).build();
  }

  /// Calls to a seller of servers that may be repeated. They beat, as all of its calls do.
  public static ActivityOptions vps(String summary, String provider, Pace pace) {
    return bounded(TaskQueues.vps(provider), summary, pace, VPS_CALL)
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .build();
  }

  /// A look at everything that an account has: one call for each server, at the seller's pace. It
  /// beats all the while.
  public static ActivityOptions vpsAccount(String summary, String provider, Pace pace) {
    return bounded(TaskQueues.vps(provider), summary, pace, VPS_ACCOUNT)
        .setScheduleToCloseTimeout(pace.patience().plus(VPS_ACCOUNT))
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .build();
  }

  /// Looking until something is there, for so long: no failure, but the end of looking.
  public static ActivityOptions vpsWithin(
      String summary, String provider, Pace pace, Duration atMost) {
    return bounded(TaskQueues.vps(provider), summary, pace, VPS_CALL)
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .setScheduleToCloseTimeout(atMost)
        .build();
  }

  /// A call that costs money: one attempt, longer than the client's own time-out. Whoever starts it
  /// counts one that was cut off or whose worker fell silent as unclear. It waits for its turn as
  /// long as it takes: it costs nothing yet.
  public static ActivityOptions vpsOnce(String summary, String provider, Pace pace) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(Rehearsals.queueHere(TaskQueues.vps(provider)))
        .setSummary(summary)
        .setStartToCloseTimeout(pace.hurried(VPS_CALL))
        .setHeartbeatTimeout(pace.hurried(BEAT))
        .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
        .build();
  }

  private static ActivityOptions.Builder bounded(
      String queue, String summary, Pace pace, Duration once) {
    return ActivityOptions.newBuilder()
        .setTaskQueue(Rehearsals.queueHere(queue))
        .setSummary(summary)
        .setStartToCloseTimeout(pace.hurried(once))
        .setScheduleToCloseTimeout(pace.patience())
        .setRetryOptions(retry(pace.hurried(Duration.ofSeconds(1)), 1.7, pace.poll()));
  }

  private static RetryOptions retry(Duration first, double coefficient, Duration longest) {
    return RetryOptions.newBuilder()
        .setInitialInterval(first)
        .setBackoffCoefficient(coefficient)
        .setMaximumInterval(longest.compareTo(first) > 0 ? longest : first)
        .setDoNotRetry(NEVER_BY_TRYING)
        .build();
  }
}
