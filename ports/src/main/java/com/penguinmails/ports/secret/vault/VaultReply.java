package com.penguinmails.ports.secret.vault;

import io.github.jopenlibs.vault.response.LogicalResponse;
import java.util.Map;
import java.util.Optional;

/// What Vault answered, when it was neither a refusal of us nor out of reach.
///
/// @param status 200, 204, 400 or 404
/// @param fields of the data, as text; empty when there are none
/// @param isDestroyed whether a version that is asked for was destroyed
/// @param isDeleted whether it was deleted in Vault's own way, which can be taken back there
record VaultReply(
    int status, Optional<Map<String, String>> fields, boolean isDestroyed, boolean isDeleted) {
  private static final int OK = 200;
  private static final int DONE = 204;
  private static final int NOT_FOUND = 404;

  VaultReply {
    fields = fields.map(Map::copyOf);
  }

  static VaultReply of(int status) {
    return new VaultReply(status, Optional.empty(), false, false);
  }

  static VaultReply of(LogicalResponse response) {
    var about = response.getDataMetadata().getMetadataMap();
    return new VaultReply(
        response.getRestResponse().getStatus(),
        Optional.ofNullable(response.getDataObject()).map(_ -> response.getData()),
        "true".equals(about.get("destroyed")),
        !about.getOrDefault("deletion_time", "").isEmpty());
  }

  boolean isDone() {
    return status == OK || status == DONE;
  }

  boolean isNotThere() {
    return status == NOT_FOUND;
  }

  /// Without what was answered: it may be a secret.
  @Override
  public String toString() {
    return "VaultReply[" + status + "]";
  }
}
