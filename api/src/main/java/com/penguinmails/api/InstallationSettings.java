package com.penguinmails.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What kind of installation this is.
///
/// @param kind `live`, or `test`: the demo and tests, where addresses and names that exist nowhere
///   else are allowed
@ConfigurationProperties(prefix = "penguin.installation", ignoreUnknownFields = false)
public record InstallationSettings(@DefaultValue("live") Kind kind) {
  /// What addresses and names are taken.
  public enum Kind {
    LIVE,
    TEST
  }

  public boolean isTest() {
    return kind == Kind.TEST;
  }
}
