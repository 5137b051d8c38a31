package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One certificate, over all its renewals. A UUIDv7, made by whoever inserts the row.
public record CertificateId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public CertificateId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static CertificateId of(String text) {
    return new CertificateId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
