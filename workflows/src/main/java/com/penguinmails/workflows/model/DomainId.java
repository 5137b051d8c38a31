package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One sending domain. A UUIDv7, made by whoever inserts the row.
public record DomainId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public DomainId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static DomainId of(String text) {
    return new DomainId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
