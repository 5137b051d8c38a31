package com.penguinmails.store.tenant;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.UUID;

/// Workspaces. Call inside [Tenancy#as].
public final class WorkspaceStore {
  private final Tenancy tenancy;

  public WorkspaceStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// The tenant's workspace of that name, made when there is none.
  public WorkspaceId insertOrFind(String name) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO workspace (id, tenant_id, name) VALUES (:id, :tenant, :name)
            ON CONFLICT (tenant_id, name) DO NOTHING
            """)
        .param("id", UuidCreator.getTimeOrderedEpoch())
        .param("tenant", tenancy.tenant().value())
        .param("name", name)
        .update();
    return new WorkspaceId(
        tenancy
            .jdbc()
            .sql("SELECT id FROM workspace WHERE name = :name")
            .param("name", name)
            .query(UUID.class)
            .single());
  }
}
