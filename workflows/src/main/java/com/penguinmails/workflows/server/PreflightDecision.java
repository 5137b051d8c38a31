package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.server.ServerActivities.HostInspected;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.Optional;

/// Whether a host the tenant already has can become a mail server, from what was seen on it. Pure.
public final class PreflightDecision {
  private static final long MIN_MEMORY_MIB =
      900; // sold as 1 GB; Postfix, Dovecot, unbound and nginx
  private static final long MIN_DISK_FREE_MIB = 2_048; // packages take some 600 MiB, mail the rest
  private static final long MAX_CLOCK_OFFSET_SECONDS = 30; // certificates and DKIM's t= and x=

  private PreflightDecision() {}

  /// Empty when the host is fit; else the first thing that stands against it.
  public static Optional<Trouble> of(HostInspected seen) {
    if (!seen.os().equals("debian") || !seen.version().equals("12")) {
      return no(Cause.HOST_NOT_DEBIAN_12, "The server runs " + seen.os() + " " + seen.version());
    }
    if (!seen.foreignMail().isEmpty()) {
      return no(
          Cause.HOST_FOREIGN_MAIL_SERVICE,
          "A mail service that is not ours: " + String.join(", ", seen.foreignMail()));
    }
    if (seen.memoryMib() < MIN_MEMORY_MIB) {
      return no(
          Cause.HOST_TOO_SMALL,
          "%d MiB of memory; at least %d are needed".formatted(seen.memoryMib(), MIN_MEMORY_MIB));
    }
    if (seen.diskFreeMib() < MIN_DISK_FREE_MIB) {
      return no(
          Cause.HOST_DISK_FULL,
          "%d MiB free on disk; at least %d are needed"
              .formatted(seen.diskFreeMib(), MIN_DISK_FREE_MIB));
    }
    if (Math.abs(seen.clockOffsetSeconds()) > MAX_CLOCK_OFFSET_SECONDS) {
      return no(
          Cause.HOST_CLOCK_SKEWED,
          "The server's clock is %d seconds off".formatted(seen.clockOffsetSeconds()));
    }
    return Optional.empty();
  }

  private static Optional<Trouble> no(Cause cause, String evidence) {
    return Optional.of(new Trouble(cause, evidence));
  }
}
