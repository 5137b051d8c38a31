package com.penguinmails.store.server;

import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import java.time.Instant;
import java.util.Optional;

/// One server as its row says.
///
/// @param provider `existing` for a tenant's own
/// @param knownAddress empty while it is being bought
/// @param firstLogin the tenant's one-time password or key; empty once destroyed
/// @param seenFingerprint host key pinned at the first contact (`SHA256:…`)
/// @param hostKey the host key we made
/// @param hostKeyFingerprint what the host must show since ours is installed
/// @param login our own SSH login
/// @param loginProvedAt since when our login is known to work
public record Server(
    ServerId id,
    String provider,
    Stack stack,
    Optional<IpAddress> knownAddress,
    int sshPort,
    DomainName hostname,
    String firstUser,
    Optional<SecretRef> firstLogin,
    Optional<String> seenFingerprint,
    Optional<SecretRef> hostKey,
    Optional<String> hostKeyFingerprint,
    Optional<SecretRef> login,
    Optional<Instant> loginProvedAt,
    Optional<Instant> passwordsOffAt,
    long desiredVersion,
    long appliedVersion,
    State state) {

  /// The provider of a tenant's own server.
  public static final String OWN = "existing";

  /// How far a server is; only ever moves on.
  public enum State {
    NEW,
    /// First contact is over: our host key, our login.
    BOOTSTRAPPED,
    /// Converged at least once.
    READY,
    /// What we put there is gone, all but our login, which has been told to go.
    LEAVING,
    RETIRED
  }

  /// The address of a server that has one.
  ///
  /// @throws IllegalStateException it is still being bought
  public IpAddress address() {
    return knownAddress.orElseThrow(
        () -> new IllegalStateException("server " + id + " has no address yet"));
  }

  /// The only fingerprint to accept now; empty before the first contact.
  public Optional<String> pinnedFingerprint() {
    return hostKeyFingerprint.or(() -> seenFingerprint);
  }

  /// Whether the host is as it should be.
  public boolean isConverged() {
    return appliedVersion == desiredVersion;
  }
}
