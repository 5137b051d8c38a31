package com.penguinmails.ports.mail.smtp;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import java.time.Duration;
import java.util.List;

/// How the probe presents itself and how patient it is.
///
/// @param helo the name given in EHLO
/// @param tryRelayFrom sender and recipient of the relay test; must be foreign to every server we
///   look at, at a domain that exists, or servers answer "try later" instead of no
/// @param extraTrustRoots PEM certificates trusted besides the JDK's; empty in production
/// @param connectTimeout for each connection
/// @param readTimeout for each answer
public record ProbeSettings(
    DomainName helo,
    EmailAddress tryRelayFrom,
    List<String> extraTrustRoots,
    Duration connectTimeout,
    Duration readTimeout) {
  public ProbeSettings {
    extraTrustRoots = List.copyOf(extraTrustRoots);
    if (!connectTimeout.isPositive() || !readTimeout.isPositive()) {
      throw new IllegalArgumentException("time-outs must be positive");
    }
  }
}
