package com.penguinmails.api.temporal;

import java.time.Duration;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where Temporal is.
///
/// @param address host and port of the frontend; from TEMPORAL_ADDRESS
/// @param namespace our namespace; from TEMPORAL_NAMESPACE
/// @param apiKey for Temporal Cloud; from TEMPORAL_API_KEY
/// @param tls whether the connection is encrypted; always when there is an API key
/// @param patience how long a call is tried while Temporal does not answer
@ConfigurationProperties(prefix = "penguin.temporal", ignoreUnknownFields = false)
public record TemporalSettings(
    @DefaultValue("127.0.0.1:7233") String address,
    @DefaultValue("penguin") String namespace,
    Optional<String> apiKey,
    @DefaultValue("false") boolean tls,
    @DefaultValue("10s") Duration patience) {
  public TemporalSettings {
    apiKey = apiKey.filter(key -> !key.isBlank());
  }

  /// Secrets are not shown.
  @Override
  public String toString() {
    return "TemporalSettings[" + address + ", " + namespace + "]";
  }
}
