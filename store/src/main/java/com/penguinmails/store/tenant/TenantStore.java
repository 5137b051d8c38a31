package com.penguinmails.store.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Tenants and their API keys. Opens its own transactions, because here the tenant is made or
/// found.
public final class TenantStore {
  private static final int KEY_BYTES = 32;
  private static final int PREFIX_LENGTH = 10;

  private final SecureRandom random = new SecureRandom();
  private final Tenancy tenancy;
  private final AuditLog audit;

  public TenantStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
  }

  /// A new tenant with its first workspace. Each call makes another one.
  public NewTenant create(String name) {
    var tenant = new TenantId(UuidCreator.getTimeOrderedEpoch());
    var workspace = new WorkspaceId(UuidCreator.getTimeOrderedEpoch());
    tenancy.run(
        tenant,
        () -> {
          tenancy
              .jdbc()
              .sql("INSERT INTO tenant (id, name) VALUES (:id, :name)")
              .param("id", tenant.value())
              .param("name", name)
              .update();
          tenancy
              .jdbc()
              .sql("INSERT INTO workspace (id, tenant_id, name) VALUES (:id, :tenant, 'Default')")
              .param("id", workspace.value())
              .param("tenant", tenant.value())
              .update();
          audit.record("tenant.created", EntityKind.TENANT, tenant.value(), Map.of());
        });
    return new NewTenant(tenant, workspace);
  }

  /// A new API key. The answer is the only time it is seen: keep it or lose it.
  public NewApiKey createApiKey(TenantId tenant, String name) {
    var bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    var key = "pm_" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    var id = UuidCreator.getTimeOrderedEpoch();
    var prefix = key.substring(0, PREFIX_LENGTH);
    tenancy.run(
        tenant,
        () -> {
          tenancy
              .jdbc()
              .sql(
                  """
                  INSERT INTO api_key (id, tenant_id, name, prefix, hash)
                  VALUES (:id, :tenant, :name, :prefix, :hash)
                  """)
              .param("id", id)
              .param("tenant", tenant.value())
              .param("name", name)
              .param("prefix", prefix)
              .param("hash", sha256(key))
              .update();
          audit.record("api_key.created", EntityKind.API_KEY, id, Map.of("prefix", prefix));
        });
    return new NewApiKey(id, key, prefix);
  }

  /// Takes a key out of use. Safe to repeat.
  public void revokeApiKey(TenantId tenant, UUID apiKey) {
    tenancy.run(
        tenant,
        () -> {
          int changed =
              tenancy
                  .jdbc()
                  .sql(
                      "UPDATE api_key SET revoked_at = now() WHERE id = :id AND revoked_at IS NULL")
                  .param("id", apiKey)
                  .update();
          if (changed == 1) {
            audit.record("api_key.revoked", EntityKind.API_KEY, apiKey, Map.of());
          }
        });
  }

  /// Whose key this is; empty for an unknown or revoked one.
  public Optional<ApiKeyOwner> ownerOf(String key) {
    return tenancy.global(() ->
        tenancy
            .jdbc()
            .sql("SELECT tenant_id, api_key_id, prefix FROM tenant_of_api_key(:hash)")
            .param("hash", sha256(key))
            .query((row, number) ->
                new ApiKeyOwner(
                    new TenantId(row.getObject("tenant_id", UUID.class)),
                    row.getObject("api_key_id", UUID.class),
                    row.getString("prefix")))
            .optional());
  }

  /// The tenant's first workspace.
  public WorkspaceId defaultWorkspace(TenantId tenant) {
    return tenancy.reading(
        tenant,
        () ->
            new WorkspaceId(
                tenancy
                    .jdbc()
                    .sql("SELECT id FROM workspace ORDER BY id LIMIT 1")
                    .query(UUID.class)
                    .single()));
  }

  private static byte[] sha256(String key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A tenant just made.
  public record NewTenant(TenantId id, WorkspaceId workspace) {}

  /// @param key shown once; what is kept is its SHA-256
  public record NewApiKey(UUID id, String key, String prefix) {
    @Override
    public String toString() {
      return "NewApiKey[" + prefix + "…]";
    }
  }

  /// @param prefix names the key in the audit
  public record ApiKeyOwner(TenantId tenant, UUID apiKey, String prefix) {}
}
