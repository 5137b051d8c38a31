package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Owns everything. A UUIDv7, made by whoever inserts the row.
public record TenantId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public TenantId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static TenantId of(String text) {
    return new TenantId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
