package com.penguinmails.sandbox.chaos;

/// What may happen to one attempt of an activity.
public enum Fault {
  /// It fails before it did anything.
  FAILS_BEFORE,
  /// It is done, and then reported as failed: the answer is lost.
  ANSWER_LOST,
  /// It is done, and nobody ever hears of it: the worker died after the effect.
  DIES_AFTER,
  /// It is not done, and nobody ever hears of it: the worker died before the effect.
  DIES_BEFORE,
  /// It is given up as lost, and done all the same while the next attempt is at work.
  DONE_LATE,
  /// It begins late, but in time.
  SLOW,
  /// Whoever it asks (a seller of servers, a DNS server, a certificate authority, a host) gives one
  /// of the wrong answers that are known of them.
  WRONG_ANSWER
}
