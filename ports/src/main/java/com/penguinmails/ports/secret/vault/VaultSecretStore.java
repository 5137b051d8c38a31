package com.penguinmails.ports.secret.vault;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import io.github.jopenlibs.vault.api.WriteOptions;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The secret store in HashiCorp Vault: a KV v2 engine, one entry per path of a tenant, at
/// `<mount>/data/tenant/<tenant>/<path>`; a reference's version is KV's own. Every write names the
/// version it comes after (check-and-set), so none is written twice or over another.
///
/// KV keeps ten versions of an entry unless told otherwise: the engine needs `max_versions` above
/// what is ever kept under one path, and no `delete_version_after`.
public final class VaultSecretStore implements SecretStore {
  private static final int CONTENDERS = 100; // who loses so often meets a fault, not others

  private final VaultSession session;
  private final String mount;

  /// @throws IllegalStateException a file of the settings is missing or open to others
  public VaultSecretStore(VaultSettings settings, Clock clock) {
    this.session = new VaultSession(settings, clock);
    this.mount = settings.mount();
  }

  @Override
  public SecretRef putIfAbsent(TenantId tenant, String path, Map<String, String> fields) {
    var first = new SecretRef(path, 1);
    if (writes(tenant, first, fields)) {
      return first;
    }
    return new SecretRef(path, newestVersion(tenant, path));
  }

  @Override
  public SecretRef put(TenantId tenant, String path, Map<String, String> fields) {
    for (int i = 0; i < CONTENDERS; i++) {
      var next = new SecretRef(path, newestVersion(tenant, path) + 1);
      if (writes(tenant, next, fields)) {
        return next;
      }
    }
    throw new Unavailable("others write secret %s all the time".formatted(path));
  }

  @Override
  public Map<String, String> get(TenantId tenant, SecretRef reference) {
    return switch (look(tenant, reference)) {
      case Kept.Present present -> present.fields();
      case Kept.Destroyed _ -> throw new Refused("secret %s was destroyed".formatted(reference));
      case Kept.Deleted _ ->
          throw new Refused(
              "secret %s was deleted in Vault, by nobody of ours; vault kv undelete brings it back"
                  .formatted(reference));
      case Kept.Nothing _ ->
          throw new Refused("secret %s does not exist for this tenant".formatted(reference));
    };
  }

  @Override
  public void destroy(TenantId tenant, SecretRef reference) {
    var reply =
        session.ask(
            "destroying " + reference,
            vault ->
                vault
                    .logical()
                    .destroy(place(tenant, reference.path()), new int[] {reference.version()}));
    if (!reply.isDone() && !reply.isNotThere()) {
      throw new Refused(
          "Vault refused to destroy secret %s (HTTP status %d)"
              .formatted(reference, reply.status()));
    }
  }

  /// What Vault has of one version.
  Kept look(TenantId tenant, SecretRef reference) {
    var reply =
        session.ask(
            "reading " + reference,
            vault ->
                vault.logical().read(place(tenant, reference.path()), true, reference.version()));
    if (reply.isDone()) {
      return new Kept.Present(reply.fields().orElse(Map.of()));
    }
    if (!reply.isNotThere()) {
      throw new Refused(
          "Vault refused to read secret %s (HTTP status %d)".formatted(reference, reply.status()));
    }
    return reply.isDestroyed()
        ? new Kept.Destroyed()
        : reply.isDeleted() ? new Kept.Deleted() : new Kept.Nothing();
  }

  /// The newest version's number, of whatever state; 0 when the path holds nothing.
  int newestVersion(TenantId tenant, String path) {
    var reply =
        session.askPlainly(
            "asking for versions of " + path,
            vault -> vault.logical().read(mount + "/metadata/" + below(tenant, path)));
    if (reply.isNotThere()) {
      return 0;
    }
    return reply
        .fields()
        .flatMap(about -> Optional.ofNullable(about.get("current_version")))
        .map(Integer::parseInt)
        .orElseThrow(() ->
            new Unavailable(
                "Vault does not say which version of secret %s is the newest".formatted(path)));
  }

  /// Writes a version when the one before it is the newest.
  ///
  /// @return false when it is not; nothing was written
  boolean writes(TenantId tenant, SecretRef next, Map<String, String> fields) {
    var reply =
        session.ask(
            "writing " + next,
            vault ->
                vault
                    .logical()
                    .write(
                        place(tenant, next.path()),
                        new TreeMap<>(fields),
                        null,
                        new WriteOptions().checkAndSet(next.version() - 1L).build()));
    if (reply.isDone()) {
      return true;
    }
    if (newestVersion(tenant, next.path()) == next.version() - 1) {
      throw new Refused(
          "Vault refused to write secret %s (HTTP status %d); \"%s\" must be a KV engine of version 2"
              .formatted(next, reply.status(), mount));
    }
    return false;
  }

  private String place(TenantId tenant, String path) {
    return mount + "/" + below(tenant, path);
  }

  private static String below(TenantId tenant, String path) {
    return "tenant/" + tenant + "/" + path;
  }

  /// What Vault has under a reference.
  sealed interface Kept {
    /// @param fields the secret
    record Present(Map<String, String> fields) implements Kept {
      public Present {
        fields = Map.copyOf(fields);
      }

      @Override
      public String toString() {
        return "Present";
      }
    }

    /// Gone for good.
    record Destroyed() implements Kept {}

    /// Hidden; it can be brought back in Vault.
    record Deleted() implements Kept {}

    /// Never written.
    record Nothing() implements Kept {}
  }
}
