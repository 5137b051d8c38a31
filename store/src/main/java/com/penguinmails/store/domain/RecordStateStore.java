package com.penguinmails.store.domain;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.RecordName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// How far each wanted record of a domain is, and whether we added it. Call inside [Tenancy#as].
public final class RecordStateStore {
  private final Tenancy tenancy;

  public RecordStateStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Notes records as wanted. Those that are known keep their state; a withdrawn one is wanted
  /// again.
  public void want(DomainId domain, List<DnsRecord> records) {
    for (var record : records) {
      about(
              domain,
              record,
              """
              INSERT INTO record_state (tenant_id, domain_id, name, type, value, ttl_seconds)
              VALUES (:tenant, :domain, :name, :type, :value, :ttl)
              ON CONFLICT (domain_id, name, type, value) DO UPDATE
              SET state = 'WANTED', ours = false, evidence = '', since = now()
              WHERE record_state.state = 'WITHDRAWN'
              """)
          .param("tenant", tenancy.tenant().value())
          .param("ttl", record.ttlSeconds())
          .update();
    }
  }

  /// We are about to add this record and it was not there: from now on it is ours, whether or not
  /// the answer comes back. Write before the change, in its own commit.
  public void markOurs(DomainId domain, DnsRecord record) {
    about(
            domain,
            record,
            """
            UPDATE record_state SET ours = true
            WHERE domain_id = :domain AND name = :name AND type = :type AND value = :value AND NOT ours
            """)
        .update();
  }

  /// We are about to take these away, because one of ours takes their place. Write before the
  /// change, in its own commit. What was ours itself is not noted.
  public void noteReplaced(DomainId domain, List<DnsRecord> records) {
    for (var record : records) {
      about(
              domain,
              record,
              """
              INSERT INTO record_replaced (tenant_id, domain_id, name, type, value, ttl_seconds)
              SELECT :tenant, :domain, :name, :type, :value, :ttl
              WHERE NOT EXISTS (
                SELECT FROM record_state
                WHERE domain_id = :domain AND name = :name AND type = :type AND value = :value AND ours)
              ON CONFLICT DO NOTHING
              """)
          .param("tenant", tenancy.tenant().value())
          .param("ttl", record.ttlSeconds())
          .update();
    }
  }

  /// The tenant's own records that ours took the place of, oldest first.
  public List<DnsRecord> replaced(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT name, type, value, ttl_seconds FROM record_replaced
            WHERE domain_id = :domain ORDER BY replaced_at, name, type, value
            """)
        .param("domain", domain.value())
        .query((row, number) -> record(row))
        .list();
  }

  private static DnsRecord record(ResultSet row) throws SQLException {
    return new DnsRecord(
        new RecordName(row.getString("name")),
        DnsRecord.Type.valueOf(row.getString("type")),
        row.getString("value"),
        row.getInt("ttl_seconds"));
  }

  /// Notes what was seen of a record; `since` moves only with the state.
  public void report(DomainId domain, DnsRecord record, RecordState.State state, String evidence) {
    about(
            domain,
            record,
            """
            UPDATE record_state SET
              since = CASE WHEN state = :state THEN since ELSE now() END,
              state = :state, evidence = :evidence
            WHERE domain_id = :domain AND name = :name AND type = :type AND value = :value
            """)
        .param("state", state.name())
        .param("evidence", evidence)
        .update();
  }

  /// All records of the domain, by name and type.
  public List<RecordState> ofDomain(DomainId domain) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT name, type, value, ttl_seconds, state, ours, evidence, since
            FROM record_state WHERE domain_id = :domain ORDER BY name, type, value
            """)
        .param("domain", domain.value())
        .query((row, number) ->
            new RecordState(
                record(row),
                Columns.choice(row, "state", RecordState.State.class),
                row.getBoolean("ours"),
                row.getString("evidence"),
                Columns.instant(row, "since")))
        .list();
  }

  /// Exactly the records a cancelled set-up must take back: added by us, not withdrawn yet.
  public List<DnsRecord> oursToWithdraw(DomainId domain) {
    return ofDomain(domain).stream()
        .filter(RecordState::isOurs)
        .filter(record -> record.state() != RecordState.State.WITHDRAWN)
        .map(RecordState::record)
        .toList();
  }

  /// A statement with the parameters that name a record.
  private StatementSpec about(DomainId domain, DnsRecord record, String sql) {
    return tenancy
        .jdbc()
        .sql(sql)
        .param("domain", domain.value())
        .param("name", record.name().value())
        .param("type", record.type().name())
        .param("value", record.value());
  }

  /// One record and how far it is.
  ///
  /// @param isOurs we added it; false: it was there before us
  public record RecordState(
      DnsRecord record, State state, boolean isOurs, String evidence, Instant since) {
    /// How far a record is.
    public enum State {
      WANTED,
      PUBLISHED,
      VERIFIED,
      /// Another value stands in the way and may not be replaced.
      CONFLICT,
      WITHDRAWN
    }
  }
}
