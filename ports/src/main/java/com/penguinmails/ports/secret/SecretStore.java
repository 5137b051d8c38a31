package com.penguinmails.ports.secret;

import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.Map;

/// Keeps secrets by path and version, each a few named fields, as Vault's KV v2 does. The tenant is
/// part of every call: one tenant's path is another's nothing. Throws `Unavailable` while sealed or
/// out of reach, and `Refused` of the type `LOGIN_REFUSED` while it does not let us in; both say so
/// by their own cause, because whoever reads a secret works on something else.
public interface SecretStore {
  /// Writes once: when the path holds anything already, nothing is written and the reference of its
  /// newest version is the answer. Makes "create a key" safe to repeat.
  SecretRef putIfAbsent(TenantId tenant, String path, Map<String, String> fields);

  /// Writes a further version. Not idempotent: for rotation, guarded by the caller.
  SecretRef put(TenantId tenant, String path, Map<String, String> fields);

  /// Reads one version.
  ///
  /// @throws com.penguinmails.workflows.model.OutsideException.Refused no such path or version, or
  ///   destroyed
  Map<String, String> get(TenantId tenant, SecretRef reference);

  /// Destroys one version for good. Safe to repeat.
  void destroy(TenantId tenant, SecretRef reference);
}
