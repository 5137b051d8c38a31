package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Something that needs attention. A UUIDv7, made by whoever inserts the row.
public record IncidentId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public IncidentId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static IncidentId of(String text) {
    return new IncidentId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
