package com.penguinmails.ports.vps;

import com.google.common.util.concurrent.RateLimiter;
import com.penguinmails.workflows.model.OutsideException.RateLimited;

/// How fast a seller may be called. Asked before every call.
@FunctionalInterface
public interface CallRate {
  /// Returns when it is the caller's turn.
  ///
  /// @throws RateLimited no turn comes soon; the seller was not called
  void await();

  /// So many calls a second of this process, above 0. What was not used in the last second may be
  /// made up for.
  static CallRate perSecond(double calls) {
    var limiter = RateLimiter.create(calls);
    return limiter::acquire;
  }
}
