package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// What one set-up would do, found by rehearsing it. A UUIDv7, made by whoever inserts the row; in
/// the rehearsal it is the id of the set-up and of everything it would make.
public record PlanId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public PlanId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static PlanId of(String text) {
    return new PlanId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
