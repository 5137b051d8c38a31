package com.penguinmails.api.setup;

import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.workflows.model.SetupId;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads what stands in addresses and headers.
final class SetupIds {
  private SetupIds() {}

  /// @throws ProblemException no set-up has such an id
  static SetupId read(String text) {
    try {
      return SetupId.of(text);
    } catch (IllegalArgumentException e) {
      throw ProblemException.notFound("set-up");
    }
  }

  /// The number of the last event a reader has; empty when it has none, or none of ours.
  static OptionalLong lastEvent(@Nullable String header) {
    try {
      return header == null || header.isBlank()
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseUnsignedLong(header.strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // the stream begins with a snapshot then
    }
  }
}
