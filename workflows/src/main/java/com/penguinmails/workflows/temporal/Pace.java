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
public record Pace(
    Duration askAgain, Duration recheck, Duration poll, Duration patience, int eventsPerRun) {
  /// For machines on the Internet.
  public static Pace production() {
    return new Pace(
        Duration.ofMinutes(10),
        Duration.ofMinutes(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        0);
  }

  /// For tests and the demo, where everything answers within milliseconds.
  public static Pace quick() {
    return new Pace(
        Duration.ofMinutes(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(1),
        Duration.ofMinutes(2),
        0);
  }
}
