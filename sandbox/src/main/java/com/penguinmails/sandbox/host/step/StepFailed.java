package com.penguinmails.sandbox.host.step;

/// A step came to its end without success. The message is what its script says last, `code: text`
/// where it gave up in order.
public final class StepFailed extends RuntimeException {
  private static final long serialVersionUID = 1;

  StepFailed(String message) {
    super(message);
  }

  /// As `give_up` in `facts.sh`.
  static StepFailed withCode(String code, String text) {
    return new StepFailed(code + ": " + text.replace("\n", "; "));
  }

  String said() {
    return String.valueOf(getMessage());
  }
}
