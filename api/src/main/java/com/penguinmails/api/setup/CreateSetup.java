package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a tenant asked for, checked. Holds the secrets they typed only until those are in the
/// secret store; `toString` never shows them.
///
/// @param zone where the domain's records are kept; the domain itself unless said otherwise
record CreateSetup(
    Optional<String> workspace,
    DomainName domain,
    DomainName zone,
    ServerWish server,
    ZoneAccess dns,
    EmailAddress mailbox,
    boolean allowMxReplace) {

  /// Where the server comes from.
  sealed interface ServerWish {
    /// Everything that makes it another wish, secrets too.
    List<String> parts();
  }

  /// One that we buy.
  ///
  /// @param plan as the provider names it
  /// @param place as the provider names it
  /// @param budget what a month may cost
  record ServerOffer(String provider, String plan, String place, Money budget)
      implements ServerWish {
    @Override
    public List<String> parts() {
      return List.of(provider, plan, place, budget.toString());
    }
  }

  /// The tenant's own server.
  ///
  /// @param login field `password` or `key`, as the first contact expects it
  record ServerAccess(IpAddress address, int port, String user, Map<String, String> login)
      implements ServerWish {
    @Override
    public List<String> parts() {
      return List.of(
          address.value(), Integer.toString(port), user, new TreeMap<>(login).toString());
    }

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
