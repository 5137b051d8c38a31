package com.penguinmails.sandbox.mail.simulated;

import com.penguinmails.workflows.model.IpAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Who tried to deliver what, and since when: receivers with a greylist take mail only from those
/// who come again later.
final class Greylist {
  private final Clock clock;
  private final Map<Delivery, Instant> firstTries = new ConcurrentHashMap<>();

  private record Delivery(IpAddress client, String sender, String recipient) {}

  Greylist(Clock clock) {
    this.clock = clock;
  }

  /// Notes the try.
  boolean isTooEarly(MailFault.Greylist rule, IpAddress client, String sender, String recipient) {
    if (rule.client().isPresent() && !rule.client().get().equals(client)) {
      return false;
    }
    var now = Instant.now(clock);
    var first = firstTries.putIfAbsent(new Delivery(client, sender, recipient), now);
    return now.isBefore((first == null ? now : first).plus(rule.delay()));
  }

  void forget() {
    firstTries.clear();
  }
}
