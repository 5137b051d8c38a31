package com.penguinmails.store.domain;

import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One sending domain as its row says.
///
/// @param zoneSettings not secret; understood by the DNS provider `zoneProvider`
/// @param zoneSecret access to the zone; empty where none is needed, and once destroyed
/// @param isMxReplaceAllowed the tenant's yes to replacing a foreign MX
/// @param ownershipToken what the TXT proof of ownership must say
/// @param desiredVersion counts its moves and the wish that it goes
public record Domain(
    DomainId id,
    WorkspaceId workspace,
    ServerId server,
    DomainName name,
    DomainName zone,
    String zoneProvider,
    Map<String, String> zoneSettings,
    Optional<SecretRef> zoneSecret,
    boolean isMxReplaceAllowed,
    String mtaStsMode,
    String ownershipToken,
    Optional<Instant> ownedAt,
    Optional<Instant> publishedAt,
    Optional<Instant> verifiedAt,
    State state,
    long desiredVersion) {

  public Domain {
    zoneSettings = Map.copyOf(zoneSettings);
  }

  /// How far a domain is.
  public enum State {
    CLAIMED,
    OWNED,
    PUBLISHED,
    VERIFIED,
    /// Given up: our records are withdrawn.
    WITHDRAWN
  }
}
