package com.penguinmails.store.incident;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.SetupId;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;

/// Incidents: one open row per entity and cause. Call inside [Tenancy#as].
public final class IncidentStore {
  private static final String COLUMNS =
      """
      id, entity_kind, entity_id, setup_id, cause, params, next_step, who_must_act, opened_at,
      closed_at
      """;

  private static final RowMapper<Incident> INCIDENT =
      (row, number) ->
          new Incident(
              new IncidentId(Columns.uuid(row, "id")),
              EntityKind.valueOf(row.getString("entity_kind").toUpperCase(Locale.ROOT)),
              Columns.uuid(row, "entity_id"),
              Columns.optionalUuid(row, "setup_id").map(SetupId::new),
              row.getString("cause"),
              Columns.texts(row, "params"),
              row.getString("next_step"),
              Columns.choice(row, "who_must_act", Helper.class),
              Columns.instant(row, "opened_at"),
              Columns.optionalInstant(row, "closed_at"));

  private static final String[] STANDING =
      Arrays.stream(Cause.values())
          .filter(Cause::isStanding)
          .map(Cause::code)
          .toArray(String[]::new);

  private final Tenancy tenancy;

  public IncidentStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Opens an incident, or brings the open one of this entity and cause up to date. Safe to repeat.
  public IncidentId open(NewIncident incident) {
    return new IncidentId(
        tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO incident (id, tenant_id, entity_kind, entity_id, setup_id, cause, params,
                  next_step, who_must_act)
                VALUES (:id, :tenant, :kind, :entity, :setup, :cause, CAST(:params AS jsonb),
                  :next, :who)
                ON CONFLICT (entity_id, cause) WHERE closed_at IS NULL DO UPDATE SET
                  params = excluded.params, next_step = excluded.next_step,
                  who_must_act = excluded.who_must_act
                RETURNING id
                """)
            .param("id", UuidCreator.getTimeOrderedEpoch())
            .param("tenant", tenancy.tenant().value())
            .param("kind", incident.kind().name().toLowerCase(Locale.ROOT))
            .param("entity", incident.entity())
            .param("setup", incident.setup().map(SetupId::value).orElse(null))
            .param("cause", incident.cause())
            .param("params", Columns.json(incident.params()))
            .param("next", incident.nextStep())
            .param("who", incident.whoMustAct().name())
            .query(UUID.class)
            .single());
  }

  /// It is over. Safe to repeat.
  public void close(IncidentId incident) {
    tenancy
        .jdbc()
        .sql("UPDATE incident SET closed_at = now() WHERE id = :id AND closed_at IS NULL")
        .param("id", incident.value())
        .update();
  }

  /// All open incidents of the entity are over, but those that staff must close. Safe to repeat.
  public void closeAllOf(UUID entity) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE incident SET closed_at = now()
            WHERE entity_id = :id AND closed_at IS NULL AND cause <> ALL (:standing)
            """)
        .param("id", entity)
        .param("standing", STANDING)
        .update();
  }

  /// Whether a run of the entity was stuck and has not said that this is over. Incidents that staff
  /// must close, and those of whoever challenges a domain, are none of the run's.
  public boolean isStuck(UUID entity) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM incident
              WHERE entity_id = :id AND closed_at IS NULL AND setup_id IS NOT NULL
                AND cause <> ALL (:standing))
            """)
        .param("id", entity)
        .param("standing", STANDING)
        .query(Boolean.class)
        .single();
  }

  /// The open incident of the entity with this cause is over, if there is one. Safe to repeat.
  public void close(UUID entity, String cause) {
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE incident SET closed_at = now()
            WHERE entity_id = :id AND cause = :cause AND closed_at IS NULL
            """)
        .param("id", entity)
        .param("cause", cause)
        .update();
  }

  /// Whether the entity has an open incident with this cause.
  public boolean isOpen(UUID entity, Cause cause) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM incident
              WHERE entity_id = :id AND cause = :cause AND closed_at IS NULL)
            """)
        .param("id", entity)
        .param("cause", cause.code())
        .query(Boolean.class)
        .single();
  }

  /// One incident; empty when the tenant has none of this id.
  public Optional<Incident> find(IncidentId incident) {
    return tenancy
        .jdbc()
        .sql("SELECT " + COLUMNS + " FROM incident WHERE id = :id")
        .param("id", incident.value())
        .query(INCIDENT)
        .optional();
  }

  /// Open incidents of a set-up, of its server, domain and certificate too; oldest first.
  public List<Incident> openOf(SetupId setup) {
    return tenancy
        .jdbc()
        .sql(
            "SELECT "
                + COLUMNS
                + """
                 FROM incident WHERE closed_at IS NULL AND (setup_id = :setup OR entity_id IN (
                  SELECT unnest(ARRAY[s.id, s.server_id, s.domain_id, s.certificate_id])
                  FROM setup s WHERE s.id = :setup))
                ORDER BY opened_at, id
                """)
        .param("setup", setup.value())
        .query(INCIDENT)
        .list();
  }

  /// @param cause key of the message catalogue: lower case, digits, dots, hyphens
  /// @param params values for the catalogue's text; no secret
  /// @param nextStep key of the message catalogue: what helps
  public record NewIncident(
      EntityKind kind,
      UUID entity,
      Optional<SetupId> setup,
      String cause,
      Map<String, String> params,
      String nextStep,
      Helper whoMustAct) {
    /// As the catalogue has the cause: what helps, and who must act.
    public static NewIncident of(
        EntityKind kind, UUID entity, SetupId setup, Cause cause, String evidence) {
      return new NewIncident(
          kind,
          entity,
          Optional.of(setup),
          cause.code(),
          Map.of("evidence", evidence),
          cause.code(),
          Helper.valueOf(cause.helper().name()));
    }

    public NewIncident {
      params = Map.copyOf(params);
    }
  }

  /// One incident. Components as in [NewIncident].
  public record Incident(
      IncidentId id,
      EntityKind kind,
      UUID entity,
      Optional<SetupId> setup,
      String cause,
      Map<String, String> params,
      String nextStep,
      Helper whoMustAct,
      Instant openedAt,
      Optional<Instant> closedAt) {
    public Incident {
      params = Map.copyOf(params);
    }
  }
}
