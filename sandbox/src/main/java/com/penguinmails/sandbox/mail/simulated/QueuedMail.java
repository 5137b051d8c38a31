package com.penguinmails.sandbox.mail.simulated;

import java.time.Instant;
import java.util.List;

/// A message this server answers for until it is delivered or returned.
///
/// @param sender empty: a bounce, which is never answered by another
/// @param recipients those it has not reached yet
/// @param due when it is tried next
record QueuedMail(String id, String sender, List<String> recipients, Instant arrived, Instant due) {
  QueuedMail {
    recipients = List.copyOf(recipients);
  }

  QueuedMail waiting(List<String> left, Instant until) {
    return new QueuedMail(id, sender, left, arrived, until);
  }
}
