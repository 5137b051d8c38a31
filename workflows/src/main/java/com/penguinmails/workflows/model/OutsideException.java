package com.penguinmails.workflows.model;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Someone outside did not do it. Adapters throw nothing else; one class in `activities` turns it
/// into a Temporal failure. Messages say what was tried, on what, what came back and what helps;
/// they never carry a secret, a mail address or a message body.
public abstract sealed class OutsideException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// An enum: survives serialisation, unlike an Optional.
  private final @Nullable Cause own;

  private OutsideException(@Nullable Cause own, String message, @Nullable Throwable thrown) {
    super(message, thrown);
    this.own = own;
  }

  /// What this means wherever it happens; empty: what the activity's area makes of it. For parts
  /// that everybody uses, such as the secret store: a host is not to blame for them.
  public Optional<Cause> ownCause() {
    return Optional.ofNullable(own);
  }

  /// No answer, or none that can be read. The effect may have happened.
  public static final class Unavailable extends OutsideException {
    private static final long serialVersionUID = 1;

    public Unavailable(String message, Throwable cause) {
      super(null, message, cause);
    }

    public Unavailable(String message) {
      super(null, message, null);
    }

    /// @param own what it means wherever it happens
    public Unavailable(Cause own, String message) {
      super(own, message, null);
    }
  }

  /// The other side asked us to wait.
  public static final class RateLimited extends OutsideException {
    private static final long serialVersionUID = 1;
    private final Duration retryAfter;

    public RateLimited(String message, Duration retryAfter) {
      super(null, message, null);
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
      super(null, message, null);
      this.type = type;
    }

    /// @param own what it means wherever it happens
    public Refused(FailureType type, Cause own, String message) {
      super(own, message, null);
      this.type = type;
    }

    /// Which kind of no it was.
    public FailureType type() {
      return type;
    }
  }
}
