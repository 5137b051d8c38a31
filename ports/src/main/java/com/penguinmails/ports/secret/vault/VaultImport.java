package com.penguinmails.ports.secret.vault;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.vault.VaultSecretStore.Kept;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Copies versions of secrets from another store into Vault under the same references, and reads
/// each back. Safe to repeat: what is there is compared, never written over; what was destroyed
/// there meanwhile stays destroyed. Takes nothing away from where it reads.
public final class VaultImport {
  private final SecretStore from;
  private final VaultSecretStore to;

  public VaultImport(SecretStore from, VaultSecretStore to) {
    this.from = from;
    this.to = to;
  }

  /// One version of a secret. Versions of a path are given in their order.
  ///
  /// @param isDestroyed it keeps its number and has no content any more
  public record Version(TenantId tenant, SecretRef reference, boolean isDestroyed) {}

  /// What became of them.
  ///
  /// @param copied written now, and read back
  /// @param found there before, and the same
  /// @param destroyed without content here or in Vault; their numbers are taken
  /// @param conflicts in Vault with other content, or not readable: what to do, by reference
  public record Outcome(int copied, int found, int destroyed, List<String> conflicts) {
    public Outcome {
      conflicts = List.copyOf(conflicts);
    }
  }

  /// Copies all of them; a conflict does not keep the others from being copied.
  ///
  /// @throws com.penguinmails.workflows.model.OutsideException.Unavailable either store is sealed
  ///   or out of reach: begin again later
  public Outcome copy(Iterable<Version> versions) {
    var count = new Count();
    for (var version : versions) {
      try {
        copy(version, count);
      } catch (Refused refused) {
        if (refused.ownCause().isPresent()) {
          throw refused; // Vault lets us at nothing
        }
        count.conflicts.add(
            "tenant %s: %s".formatted(version.tenant(), String.valueOf(refused.getMessage())));
      }
    }
    return new Outcome(count.copied, count.found, count.destroyed, count.conflicts);
  }

  private void copy(Version version, Count count) {
    var tenant = version.tenant();
    var reference = version.reference();
    if (version.isDestroyed()) {
      var _ = to.writes(tenant, reference, Map.of("destroyed", "before it came here"));
      to.destroy(tenant, reference);
      requireDestroyed(tenant, reference);
      count.destroyed++;
      return;
    }
    var fields = from.get(tenant, reference);
    boolean isNew = to.writes(tenant, reference, fields);
    switch (to.look(tenant, reference)) {
      case Kept.Present kept when kept.fields().equals(fields) -> {
        if (isNew) {
          count.copied++;
        } else {
          count.found++;
        }
      }
      case Kept.Destroyed _ -> count.destroyed++;
      case Kept.Present _ ->
          throw new Refused(
              "secret %s is in Vault with other content, and was left as it is"
                  .formatted(reference));
      case Kept.Deleted _ ->
          throw new Refused(
              "secret %s was deleted in Vault; vault kv undelete brings it back"
                  .formatted(reference));
      case Kept.Nothing _ ->
          throw new Refused(
              "secret %s is not in Vault, though the path has other versions there; the engine's max_versions is too small, or an earlier version could not be copied"
                  .formatted(reference));
    }
  }

  private void requireDestroyed(TenantId tenant, SecretRef reference) {
    if (!(to.look(tenant, reference) instanceof Kept.Destroyed)) {
      throw new Refused("secret %s could not be destroyed in Vault".formatted(reference));
    }
  }

  private static final class Count {
    private final List<String> conflicts = new ArrayList<>();
    private int copied;
    private int found;
    private int destroyed;
  }
}
