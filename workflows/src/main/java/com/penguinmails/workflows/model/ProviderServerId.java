package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What a provider calls a server it sold us. Means something to that provider only.
public record ProviderServerId(@JsonValue String value) {
  private static final int MAX_LENGTH = 100;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ProviderServerId {
    if (value.isBlank() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("not a provider's server id: \"" + value + "\"");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
