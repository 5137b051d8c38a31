package com.penguinmails.ports.vps;

import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProviderServerId;
import java.time.Instant;
import java.util.Optional;

/// A server as its provider shows it; never its password.
///
/// @param label the name it carries at the provider, ours or not
/// @param place [VpsProvider.Place#id]
/// @param address main address; empty while the provider has not given it one
/// @param createdAt as the provider says; its time zone may be unknown, so up to 14 hours off
public record Vps(
    ProviderServerId id,
    String label,
    State state,
    VpsPlan.Size size,
    String place,
    Optional<IpAddress> address,
    Instant createdAt) {
  /// How it is.
  public enum State {
    /// Being made, restarted or changed: look again.
    PENDING,
    ACTIVE,
    STOPPED,
    /// By the provider: unpaid, or abuse.
    SUSPENDED,
    /// A size was changed and is to be confirmed.
    RESIZED,
    /// Given up, and being taken away: it does not come back, whatever else it shows.
    LEAVING,
    FAILED
  }
}
