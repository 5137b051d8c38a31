package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.UUID;

/// One address with SMTP and IMAP login. A UUIDv7, made by whoever inserts the row.
public record MailboxId(@JsonValue UUID value) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public MailboxId {}

  /// Reads the textual form.
  ///
  /// @throws IllegalArgumentException not a UUID
  public static MailboxId of(String text) {
    return new MailboxId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
