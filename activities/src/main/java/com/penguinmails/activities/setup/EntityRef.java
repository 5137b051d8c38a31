package com.penguinmails.activities.setup;

import com.penguinmails.store.row.EntityKind;
import java.util.Locale;
import java.util.UUID;

/// A workflow id read back as the row it stands for.
public record EntityRef(EntityKind kind, UUID id) {
  /// Reads `server/<uuid>` and its like.
  ///
  /// @throws IllegalArgumentException not such an id
  public static EntityRef of(String workflowId) {
    int slash = workflowId.indexOf('/');
    return new EntityRef(
        EntityKind.valueOf(workflowId.substring(0, slash).toUpperCase(Locale.ROOT)),
        UUID.fromString(workflowId.substring(slash + 1)));
  }
}
