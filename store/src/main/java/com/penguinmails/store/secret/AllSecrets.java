package com.penguinmails.store.secret;

import com.penguinmails.workflows.model.TenantId;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Which secrets the embedded store has, of all tenants: for copying them elsewhere. Only
/// `penguin_owner` may look so far, and it sees no content here.
public final class AllSecrets {
  private final JdbcClient jdbc;

  /// @param owner connects as `penguin_owner`
  public AllSecrets(DataSource owner) {
    this.jdbc = JdbcClient.create(owner);
  }

  /// All versions, tenant by tenant, path by path, oldest first.
  public List<Version> list() {
    return jdbc.sql(
            """
            SELECT tenant_id, path, version, destroyed_at IS NOT NULL AS is_destroyed
            FROM secret ORDER BY tenant_id, path, version
            """)
        .query((row, _) ->
            new Version(
                new TenantId(row.getObject("tenant_id", UUID.class)),
                row.getString("path"),
                row.getInt("version"),
                row.getBoolean("is_destroyed")))
        .list();
  }

  /// @param isDestroyed its number is taken, its content gone
  public record Version(TenantId tenant, String path, int version, boolean isDestroyed) {}
}
