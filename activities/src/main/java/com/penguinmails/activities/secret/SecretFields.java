package com.penguinmails.activities.secret;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;

/// Single fields of secrets.
public final class SecretFields {
  private SecretFields() {}

  /// One field that must be there.
  ///
  /// @throws IllegalStateException the secret has no such field
  public static String read(
      SecretStore secrets, TenantId tenant, SecretRef reference, String field) {
    var value = secrets.get(tenant, reference).get(field);
    if (value == null) {
      throw new IllegalStateException("secret " + reference + " has no field \"" + field + "\"");
    }
    return value;
  }
}
