package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.EmailAddress;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.ServerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

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

  /// The same with another server.
  CreateSetup with(ServerWish other) {
    return new CreateSetup(workspace, domain, zone, other, dns, mailbox, allowMxReplace);
  }

  /// Where the server comes from.
  sealed interface ServerWish {
    /// Everything that makes it another wish, secrets too.
    List<String> parts();
  }

  /// One that an earlier set-up made: the domain comes to those on it.
  record KnownServer(ServerId id) implements ServerWish {
    @Override
    public List<String> parts() {
      return List.of("known", id.toString());
    }
  }

  /// One that we buy.
  ///
  /// @param plan as the provider names it
  /// @param place as the provider names it
  /// @param budget what a month may cost
  /// @param agreedPrice what the plan said that is gone ahead from: the purchase may cost no more
  record ServerOffer(
      String provider, String plan, String place, Money budget, Optional<Money> agreedPrice)
      implements ServerWish {
    /// The same at this price and no more; the budget stays.
    ServerOffer at(Money price) {
      return new ServerOffer(provider, plan, place, budget, Optional.of(price));
    }

    @Override
    public List<String> parts() {
      return Stream.concat(
              Stream.of(provider, plan, place, budget.toString()),
              agreedPrice.map(Money::toString).stream())
          .toList();
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

  /// Where the zone is kept, and how we may change it.
  sealed interface ZoneAccess {
    /// The DNS provider's kind: `rfc2136`, `cloudflare`, `manual`.
    String provider();

    /// What is not secret, as the provider reads it.
    Map<String, String> settings();

    /// What is, as the provider reads it; goes into the secret store. Empty: it needs none.
    Map<String, String> secrets();

    /// Everything that makes it another access, secrets too.
    List<String> parts();
  }

  /// By RFC 2136 updates signed with a TSIG key (RFC 8945).
  ///
  /// @param server an address or a host name
  /// @param secret base64
  record UpdateKey(String server, int port, RecordName keyName, String algorithm, String secret)
      implements ZoneAccess {
    @Override
    public String provider() {
      return ZoneFields.UPDATES;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          "server",
          server,
          "port",
          Integer.toString(port),
          "keyName",
          keyName.value(),
          "algorithm",
          algorithm);
    }

    @Override
    public Map<String, String> secrets() {
      return Map.of("secret", secret);
    }

    @Override
    public List<String> parts() {
      return List.of(server, Integer.toString(port), keyName.value(), algorithm, secret);
    }

    @Override
    public String toString() {
      return "UpdateKey[" + server + ":" + port + ", " + keyName + ", …]";
    }
  }

  /// None: the tenant enters the records themselves.
  record ByHand() implements ZoneAccess {
    @Override
    public String provider() {
      return ZoneFields.MANUAL;
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public Map<String, String> secrets() {
      return Map.of();
    }

    @Override
    public List<String> parts() {
      return List.of(provider());
    }
  }

  /// By the API of a DNS host that gives out tokens.
  record ApiToken(String provider, String token) implements ZoneAccess {
    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public Map<String, String> secrets() {
      return Map.of("token", token);
    }

    @Override
    public List<String> parts() {
      return List.of(provider, token);
    }

    @Override
    public String toString() {
      return "ApiToken[" + provider + ", …]";
    }
  }
}
