package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One tenant's run through the wizard. A UUIDv7, made by whoever inserts the row.
public record SetupId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SetupId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static SetupId of(String text) {
    return new SetupId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
