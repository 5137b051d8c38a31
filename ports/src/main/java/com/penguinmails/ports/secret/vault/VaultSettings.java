package com.penguinmails.ports.secret.vault;

import com.penguinmails.ports.secret.OwnerOnly;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where Vault is and who we are there.
///
/// @param address of its API, without a path
/// @param mount name of a KV v2 engine that only we write to
/// @param roleId of our AppRole; no secret
/// @param secretIdFile what proves the role, mode 0600; read again at each login, so that another
///   one counts at once
/// @param trustRoots PEM file with the roots its certificate chains to; empty: the JDK's
/// @param isTest whether this installation is of the kind `test`: only there may the address be
///   plain HTTP
public record VaultSettings(
    URI address,
    String mount,
    String roleId,
    Path secretIdFile,
    Optional<Path> trustRoots,
    boolean isTest) {
  private static final Pattern MOUNT = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final int LONGEST_SECRET_ID = 4096;

  /// @throws IllegalStateException something that only whoever installs can mend
  public VaultSettings {
    var scheme = String.valueOf(address.getScheme());
    if (address.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalStateException(
          "Vault's address \"%s\" is not https://host:port".formatted(address));
    }
    if (scheme.equals("http") && !isTest) {
      throw new IllegalStateException(
          "Vault's address %s is plain HTTP: secrets travel by TLS only, unless the installation is of the kind test"
              .formatted(address));
    }
    if (!MOUNT.matcher(mount).matches()) {
      throw new IllegalStateException(
          "Vault's mount \"%s\" is not a name of lower-case letters, digits and hyphens"
              .formatted(mount));
    }
    if (roleId.isBlank()) {
      throw new IllegalStateException("the role id for Vault is missing");
    }
  }

  /// From settings as they are written; blank is missing.
  ///
  /// @throws IllegalStateException what is missing, by its name, or not usable
  public static VaultSettings of(
      Optional<String> address,
      String mount,
      Optional<String> roleId,
      Optional<String> secretIdFile,
      Optional<String> trustRoots,
      boolean isTest) {
    return new VaultSettings(
        uri(needed("address", address)),
        mount,
        needed("role-id", roleId),
        Path.of(needed("secret-id-file", secretIdFile)),
        trustRoots.filter(file -> !file.isBlank()).map(Path::of),
        isTest);
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("Vault's address \"" + text + "\" cannot be read", e);
    }
  }

  private static String needed(String name, Optional<String> value) {
    return value
        .filter(text -> !text.isBlank())
        .orElseThrow(() ->
            new IllegalStateException(
                "penguin.secret.vault.%s is needed where secrets are kept in Vault"
                    .formatted(name)));
  }

  /// @throws IllegalStateException missing, readable by others, or empty
  String secretId() {
    try {
      var looser = OwnerOnly.looser(Files.getPosixFilePermissions(secretIdFile));
      if (looser.isPresent()) {
        throw new IllegalStateException(
            "the secret id of Vault in %s has mode %s and may be read by others; run: chmod 600 %s, and make another one"
                .formatted(secretIdFile, looser.get(), secretIdFile));
      }
      var text = Files.readString(secretIdFile).strip();
      if (text.isEmpty() || text.length() > LONGEST_SECRET_ID) {
        throw new IllegalStateException(
            "the file %s holds no secret id of Vault".formatted(secretIdFile));
      }
      return text;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the secret id of Vault cannot be read from %s (%s)"
              .formatted(secretIdFile, e.getClass().getSimpleName()),
          e);
    }
  }
}
