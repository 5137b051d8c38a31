package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One purchase of one server. A UUIDv7, made by whoever inserts the row.
public record OrderId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public OrderId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static OrderId of(String text) {
    return new OrderId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
