package com.penguinmails.workflows.temporal;

import java.time.Duration;

/// How long things are waited for. Comes in with the order, because workflows read no
/// configuration; tests bring a quicker one.
///
/// @param askAgain after how long without a reply another entity is asked again
/// @param recheck after how long something stuck is tried again by itself
/// @param poll how often something slow outside (DNS, mail, a CA) is looked at
/// @param patience how long an activity is tried before the tenant is told that it is stuck
/// @param eventsPerRun history events after which a run continues as new; 0 leaves it to the server
/// @param hurry what the limits of a single attempt, and the first wait after one, are divided by:
///   at least 1, which it is everywhere but in chaos, where a worker that fell silent must not cost
///   real minutes. Orders from before it existed have none, which is 1.
public record Pace(
    Duration askAgain,
    Duration recheck,
    Duration poll,
    Duration patience,
    int eventsPerRun,
    int hurry) {
  private static final int HURRIED = 10;

  /// A run of a set-up has some hundred events and more: each continues as new once or twice.
  private static final int EVENTS_WHEN_HURRIED = 100;

  public Pace {
    hurry = Math.max(1, hurry);
  }

  /// With the limits that a single attempt has on the Internet.
  public Pace(
      Duration askAgain, Duration recheck, Duration poll, Duration patience, int eventsPerRun) {
    this(askAgain, recheck, poll, patience, eventsPerRun, 1);
  }

  /// As an installation names it.
  public enum Kind {
    /// For machines on the Internet.
    PRODUCTION,
    /// For tests and the demo, where everything answers within milliseconds.
    QUICK,
    /// For chaos, where everything answers within milliseconds or is broken on purpose.
    HURRIED;

    public Pace pace() {
      return switch (this) {
        case PRODUCTION -> production();
        case QUICK -> quick();
        case HURRIED -> hurried();
      };
    }
  }

  /// See [Kind#PRODUCTION].
  public static Pace production() {
    return new Pace(
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        0);
  }

  /// See [Kind#QUICK].
  public static Pace quick() {
    return new Pace(
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofMinutes(2),
        0);
  }

  /// See [Kind#HURRIED].
  public static Pace hurried() {
    return new Pace(
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        Duration.ofMillis(200),
        Duration.ofSeconds(20),
        EVENTS_WHEN_HURRIED,
        HURRIED);
  }

  /// What is left of a limit of one attempt.
  Duration hurried(Duration limit) {
    return limit.dividedBy(hurry);
  }
}
