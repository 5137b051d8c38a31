package com.penguinmails.api;

import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What kind of installation this is.
///
/// @param kind `live`, or `test`: the demo and tests, where addresses and names that exist nowhere
///   else are allowed
/// @param id six lower-case letters and digits, made once and never changed: part of the name of
///   every server that is bought. Needed only where servers are bought
@ConfigurationProperties(prefix = "penguin.installation", ignoreUnknownFields = false)
public record InstallationSettings(@DefaultValue("live") Kind kind, Optional<String> id) {
  /// What addresses and names are taken.
  public enum Kind {
    LIVE,
    TEST
  }

  public boolean isTest() {
    return kind == Kind.TEST;
  }
}
