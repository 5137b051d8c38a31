package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One VPS. A UUIDv7, made by whoever inserts the row.
public record ServerId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ServerId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static ServerId of(String text) {
    return new ServerId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
