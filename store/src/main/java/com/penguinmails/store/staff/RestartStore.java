package com.penguinmails.store.staff;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What should have a run according to the rows, of all tenants. Built on a connection as
/// `penguin_staff`, who reads it through a function of the database.
public final class RestartStore {
  private final JdbcClient jdbc;

  /// @param staff connects as `penguin_staff`
  public RestartStore(DataSource staff) {
    jdbc = JdbcClient.create(staff);
  }

  /// Set-ups that are not finished; servers, domains and certificates that are made and not gone.
  /// What an unfinished set-up has not made yet is not listed: it begins that itself, in its order.
  ///
  /// @param kind set-up, server, domain or certificate
  /// @param after page by key: only ids above this one; empty for the first page
  /// @param most how many, up to 1000; fewer are the last page
  public List<ToRestart> living(EntityKind kind, Optional<UUID> after, int most) {
    return jdbc.sql("SELECT * FROM entities_to_restart(:kind, :after, :most)")
        .param("kind", kind.name().toLowerCase(Locale.ROOT))
        .param("after", after.orElse(null), Types.OTHER)
        .param("most", most)
        .query((row, number) ->
            new ToRestart(
                kind,
                new TenantId(Columns.uuid(row, "tenant_id")),
                Columns.uuid(row, "id"),
                new SetupId(Columns.uuid(row, "setup_id")),
                row.getString("setup_state"),
                new DomainName(row.getString("domain_name")),
                row.getLong("version"),
                row.getString("provider"),
                new ServerId(Columns.uuid(row, "server_id"))))
        .list();
  }

  /// One entity that should have a run.
  ///
  /// @param setup on whose page its work appears: for a set-up itself
  /// @param setupState of that set-up: `RUNNING`
  /// @param domain for summaries
  /// @param version of what is wanted; 0 for a set-up
  /// @param provider who sells the server
  /// @param server its server: for a server itself
  public record ToRestart(
      EntityKind kind,
      TenantId tenant,
      UUID id,
      SetupId setup,
      String setupState,
      DomainName domain,
      long version,
      String provider,
      ServerId server) {}
}
