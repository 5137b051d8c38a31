package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// Groups domains and campaigns of one tenant. A UUIDv7, made by whoever inserts the row.
public record WorkspaceId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WorkspaceId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static WorkspaceId of(String text) {
    return new WorkspaceId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
