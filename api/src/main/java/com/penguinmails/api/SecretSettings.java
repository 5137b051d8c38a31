package com.penguinmails.api;

import com.penguinmails.ports.secret.vault.VaultSettings;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where secrets are kept; the same as the worker's.
///
/// @param masterKeyFile of the embedded store, readable by its owner only; the same file as the
///   worker's
/// @param store `embedded`, in PostgreSQL under the master key, or `vault`
/// @param vault read where `store` is `vault`
@ConfigurationProperties(prefix = "penguin.secret", ignoreUnknownFields = false)
public record SecretSettings(
    @DefaultValue("/etc/penguin/master.keys") String masterKeyFile,
    @DefaultValue("embedded") Store store,
    @DefaultValue Vault vault) {
  /// Which one.
  public enum Store {
    EMBEDDED,
    VAULT
  }

  /// @param address `https://host:port`
  /// @param mount of a KV v2 engine of its own
  /// @param roleId of our AppRole
  /// @param secretIdFile file with its secret id, mode 0600
  /// @param trustRoots PEM file with the roots of its certificate; empty: the JDK's
  public record Vault(
      Optional<String> address,
      @DefaultValue("penguin") String mount,
      Optional<String> roleId,
      Optional<String> secretIdFile,
      Optional<String> trustRoots) {}

  VaultSettings vault(boolean isTest) {
    return VaultSettings.of(
        vault.address(),
        vault.mount(),
        vault.roleId(),
        vault.secretIdFile(),
        vault.trustRoots(),
        isTest);
  }
}
