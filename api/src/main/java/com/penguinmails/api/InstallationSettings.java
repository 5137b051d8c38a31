package com.penguinmails.api;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What kind of installation this is.
///
/// @param kind `live`, or `test`: the demo and tests, where addresses and names that exist nowhere
///   else are allowed
@ConfigurationProperties(prefix = "penguin.installation", ignoreUnknownFields = false)
public record InstallationSettings(@DefaultValue("live") Kind kind) {
  /// Live and test installations never share keys.
  public enum Kind {
    LIVE("pm_live_"),
    TEST("pm_test_");

    private final String keyPrefix;

    Kind(String keyPrefix) {
      this.keyPrefix = keyPrefix;
    }

    /// What its API keys begin with.
    public String keyPrefix() {
      return keyPrefix;
    }
  }

  public boolean isTest() {
    return kind == Kind.TEST;
  }
}
