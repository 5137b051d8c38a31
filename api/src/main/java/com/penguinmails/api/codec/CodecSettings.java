package com.penguinmails.api.codec;

import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The codec endpoint. It opens every payload, so it is off until a staff token is set.
///
/// @param staffToken what staff show, at least 32 characters; empty switches the endpoint off
/// @param temporalUiOrigin the only web origin that may read its answers, such as
///   `http://127.0.0.1:8233`
/// @param keyFile the codec keys of the installation, the same file as the worker's
@ConfigurationProperties(prefix = "penguin.codec", ignoreUnknownFields = false)
public record CodecSettings(
    Optional<String> staffToken,
    Optional<String> temporalUiOrigin,
    @DefaultValue("/etc/penguin/codec.keys") String keyFile) {
  public CodecSettings {
    staffToken = staffToken.filter(token -> !token.isBlank());
    temporalUiOrigin = temporalUiOrigin.filter(origin -> !origin.isBlank());
    if (staffToken.isPresent() && staffToken.get().length() < 32) {
      throw new IllegalArgumentException(
          "penguin.codec.staff-token needs at least 32 characters; `openssl rand -hex 32` makes"
              + " one");
    }
  }

  /// Secrets are not shown.
  @Override
  public String toString() {
    return "CodecSettings[" + (staffToken.isPresent() ? "on" : "off") + "]";
  }
}
