package com.penguinmails.sandbox.mail.simulated;

/// What trying to deliver to one recipient ended in.
sealed interface DeliveryOutcome {
  record Delivered() implements DeliveryOutcome {}

  /// Not now: to be tried again.
  record PutOff(String why) implements DeliveryOutcome {}

  /// Never.
  record Returned(String why) implements DeliveryOutcome {}
}
