package com.penguinmails.api.setup;

import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.RecordName;
import java.util.Map;
import java.util.Optional;

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

  /// @param keyName as before when absent
  /// @param algorithm as before when absent
  /// @param secret base64
  record ZoneKey(Optional<RecordName> keyName, Optional<String> algorithm, String secret) {
    @Override
    public String toString() {
      return "ZoneKey[" + keyName + ", …]";
    }
  }
}
