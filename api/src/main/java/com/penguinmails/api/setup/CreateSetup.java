package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.util.Map;
import java.util.Optional;

/// What a tenant asked for, checked. Holds the secrets they typed only until those are in the
/// secret store; `toString` never shows them.
///
/// @param zone where the domain's records are kept; the domain itself unless said otherwise
record CreateSetup(
    Optional<String> workspace,
    DomainName domain,
    DomainName zone,
    ServerAccess server,
    ZoneAccess dns,
    EmailAddress mailbox,
    boolean allowMxReplace) {

  /// The tenant's own server.
  ///
  /// @param login field `password` or `key`, as the first contact expects it
  record ServerAccess(IpAddress address, int port, String user, Map<String, String> login) {
    @Override
    public String toString() {
      return "ServerAccess[" + address + ":" + port + ", " + user + ", …]";
    }
  }

  /// Access to the zone by RFC 2136 updates signed with a TSIG key (RFC 8945).
  ///
  /// @param server an address or a host name
  /// @param secret base64
  record ZoneAccess(String server, int port, RecordName keyName, String algorithm, String secret) {
    @Override
    public String toString() {
      return "ZoneAccess[" + server + ":" + port + ", " + keyName + ", …]";
    }
  }
}
