package com.penguinmails.store.audit;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/// Writes who changed what. Called by the stores inside the transaction that makes the change, so
/// that neither is there without the other.
public final class AuditLog {
  private final Tenancy tenancy;

  public AuditLog(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// @param action `entity.verb` in the past: `setup.requested`
  /// @param detail references and plain values; never a secret
  public void record(String action, EntityKind kind, UUID entity, Map<String, String> detail) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO audit_event (id, tenant_id, actor, action, entity_kind, entity_id, detail)
            VALUES (:id, :tenant, :actor, :action, :kind, :entity, CAST(:detail AS jsonb))
            """)
        .param("id", UuidCreator.getTimeOrderedEpoch())
        .param("tenant", tenancy.tenant().value())
        .param("actor", tenancy.actor())
        .param("action", action)
        .param("kind", kind.name().toLowerCase(Locale.ROOT))
        .param("entity", entity)
        .param("detail", Columns.json(detail))
        .update();
  }
}
