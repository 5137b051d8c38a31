package com.penguinmails.api.setup;

import com.penguinmails.api.setup.CreateSetup.ApiToken;
import com.penguinmails.api.setup.CreateSetup.ByHand;
import com.penguinmails.api.setup.CreateSetup.UpdateKey;
import com.penguinmails.api.setup.CreateSetup.ZoneAccess;
import java.util.Optional;

/// Reads where a zone is kept and how we may change it: each kind of DNS host has fields of its
/// own.
final class ZoneFields {
  static final String UPDATES = "rfc2136";
  static final String CLOUDFLARE = "cloudflare";
  static final String MANUAL = "manual";
  private static final String KNOWN =
      "known are %s, %s (you enter the records yourself), %s"
          .formatted(CLOUDFLARE, MANUAL, UPDATES);

  private ZoneFields() {}

  /// @param isTest servers at addresses that exist nowhere else are allowed
  static Optional<ZoneAccess> read(Fields dns, boolean isTest) {
    var provider = dns.required("provider", 32, "is missing: " + KNOWN).orElse("");
    return switch (provider) {
      case UPDATES -> updateKey(dns, isTest);
      case CLOUDFLARE -> token(dns, provider);
      case MANUAL -> {
        dns.refuseUnknown();
        yield Optional.of(new ByHand());
      }
      case "" -> Optional.empty();
      default -> {
        dns.fault("provider", "is unknown; " + KNOWN);
        yield Optional.empty();
      }
    };
  }

  private static Optional<ZoneAccess> token(Fields dns, String provider) {
    var token = AccessFields.token(dns);
    dns.refuseUnknown();
    return token.map(text -> new ApiToken(provider, text));
  }

  private static Optional<ZoneAccess> updateKey(Fields dns, boolean isTest) {
    var server = dns.required("server", 253, "is missing: address or name of the primary server");
    if (server.isPresent() && !isServer(server.get())) {
      dns.fault("server", "is neither an IP address nor a host name");
    } else {
      server
          .flatMap(ServerAddress::read)
          .ifPresent(address ->
              AccessFields.isFine(dns, "server", ServerAddress.objection(address, isTest)));
    }
    int port = dns.port("port", 53);
    var keyName =
        AccessFields.keyName(
            dns,
            dns.required(
                "keyName", 253, "is missing: the key's name, as in the server's settings"));
    var algorithm = AccessFields.algorithm(dns).orElse("hmac-sha256");
    var secret = AccessFields.secret(dns);
    dns.refuseUnknown();
    return server.flatMap(host ->
        keyName.flatMap(
            name -> secret.map(text -> new UpdateKey(host.strip(), port, name, algorithm, text))));
  }

  private static boolean isServer(String typed) {
    return ServerAddress.read(typed).isPresent() || DomainChoice.read(typed).isPresent();
  }
}
