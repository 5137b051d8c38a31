package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a tenant corrects when they ask to try again. Holds the secrets they typed only until those
/// are in the secret store; `toString` never shows them.
///
/// @param login another first login
/// @param zoneKey another key for the zone
/// @param budget what the server may cost a month
/// @param allowMxReplace the yes to replacing MX records that are not ours
record Correction(
    Optional<Login> login,
    Optional<ZoneKey> zoneKey,
    Optional<Money> budget,
    boolean allowMxReplace) {
  static Correction none() {
    return new Correction(Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /// @param user as before when absent
  /// @param fields `password` or `key`
  record Login(Optional<String> user, Map<String, String> fields) {
    @Override
    public String toString() {
      return "Login[" + user + ", …]";
    }
  }

  /// What opens the zone.
  sealed interface ZoneKey {
    /// Whether a zone at this DNS provider is opened by such a key.
    boolean opens(String provider);

    /// What is not secret, in the place of what there was.
    Map<String, String> settings();

    /// What is, as the provider reads it.
    Map<String, String> secrets();

    /// The field it came in.
    String field();
  }

  /// @param keyName as before when absent
  /// @param algorithm as before when absent
  /// @param secret base64
  record UpdateKey(Optional<RecordName> keyName, Optional<String> algorithm, String secret)
      implements ZoneKey {
    @Override
    public boolean opens(String provider) {
      return provider.equals(ZoneFields.UPDATES);
    }

    @Override
    public Map<String, String> settings() {
      var settings = new TreeMap<String, String>();
      keyName.ifPresent(name -> settings.put("keyName", name.value()));
      algorithm.ifPresent(name -> settings.put("algorithm", name));
      return settings;
    }

    @Override
    public Map<String, String> secrets() {
      return Map.of("secret", secret);
    }

    @Override
    public String field() {
      return "dns.secret";
    }

    @Override
    public String toString() {
      return "UpdateKey[" + keyName + ", …]";
    }
  }

  /// A token of a DNS host's API.
  record ApiToken(String token) implements ZoneKey {
    @Override
    public boolean opens(String provider) {
      return provider.equals(ZoneFields.CLOUDFLARE);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public Map<String, String> secrets() {
      return Map.of("token", token);
    }

    @Override
    public String field() {
      return "dns.token";
    }

    @Override
    public String toString() {
      return "ApiToken[…]";
    }
  }
}
