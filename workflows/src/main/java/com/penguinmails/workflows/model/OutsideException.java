package com.penguinmails.workflows.model;

import java.time.Duration;

/// Someone outside did not do it. Adapters throw nothing else; one class in `activities` turns it
/// into a Temporal failure. Messages say what was tried, on what, what came back and what helps;
/// they never carry a secret, a mail address or a message body.
public abstract sealed class OutsideException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private OutsideException(String message, Throwable cause) {
    super(message, cause);
  }

  private OutsideException(String message) {
    super(message);
  }

  /// No answer, or none that can be read. The effect may have happened.
  public static final class Unavailable extends OutsideException {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }

    public Unavailable(String message) {
      super(message);
    }
  }

  /// The other side asked us to wait.
  public static final class RateLimited extends OutsideException {
    private static final long serialVersionUID = 1;
    private final Duration retryAfter;

    public RateLimited(String message, Duration retryAfter) {
      super(message);
      this.retryAfter = retryAfter;
    }

    /// How long to wait before asking again.
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /// The other side said no, in readable form. It will say no again until something changes.
  public static final class Refused extends OutsideException {
    private static final long serialVersionUID = 1;
    private final FailureType type;

    public Refused(String message) {
      this(FailureType.REFUSED, message);
    }

    /// @param type `REFUSED`, `LOGIN_REFUSED`, `HOST_KEY_CHANGED`, `STEP_FAILED` or `SUPERSEDED`
    public Refused(FailureType type, String message) {
      super(message);
      this.type = type;
    }

    /// Which kind of no it was.
    public FailureType type() {
      return type;
    }
  }
}
