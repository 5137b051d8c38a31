package com.penguinmails.sandbox.dns;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/// A tenant's access to their zone, as their DNS host would hand it out.
///
/// @param server address that takes updates
/// @param secret base64
public record ZoneKey(IpAddress server, String keyName, String algorithm, String secret) {
  /// The key of a zone: named after it, and the same at each start of a world.
  ///
  /// @param worldKey what distinguishes one world from another
  public static ZoneKey of(DomainName zone, IpAddress server, String worldKey) {
    return new ZoneKey(server, zone.value(), "hmac-sha256", derived(worldKey + " " + zone));
  }

  /// Keys follow from what they are for, so that a second start has the same; a sandbox has nothing
  /// to protect.
  public static String derived(String from) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(from.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ZoneKey[" + keyName + "]";
  }
}
