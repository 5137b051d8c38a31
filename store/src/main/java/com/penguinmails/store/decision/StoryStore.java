package com.penguinmails.store.decision;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// What happened to a thing and why, from rows that nobody deletes: what was decided, what stood in
/// the way and for how long, what people said. Asks Temporal for nothing. Call inside
/// [Tenancy#reading]. Staff's names and reasons stay in the audit.
public final class StoryStore {
  private static final String[] ACTIONS =
      Arrays.stream(Word.values()).map(Word::action).toArray(String[]::new);

  private final Tenancy tenancy;

  public StoryStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Whose rows tell the story of a thing. A set-up's is that of its server, domain, certificate
  /// and mailboxes too. Empty: the tenant has no such thing.
  ///
  /// @throws IllegalArgumentException a kind without a story of its own
  public List<UUID> entities(EntityKind kind, UUID id) {
    return tenancy
        .jdbc()
        .sql(
            switch (kind) {
              case SETUP ->
                  """
                  SELECT unnest(ARRAY[id, server_id, domain_id, certificate_id]) AS id
                  FROM setup WHERE id = :id
                  UNION
                  SELECT m.id FROM mailbox m JOIN setup s ON s.domain_id = m.domain_id
                  WHERE s.id = :id
                  """;
              case SERVER ->
                  """
                  SELECT id FROM server WHERE id = :id
                  UNION SELECT id FROM certificate WHERE server_id = :id
                  """;
              case DOMAIN ->
                  """
                  SELECT id FROM domain WHERE id = :id
                  UNION SELECT id FROM mailbox WHERE domain_id = :id
                  """;
              case TENANT, API_KEY, CERTIFICATE, MAILBOX, ORDER ->
                  throw new IllegalArgumentException(kind + " has no story of its own");
            })
        .param("id", id)
        .query((row, number) -> Columns.uuid(row, "id"))
        .list();
  }

  /// Whether an entry of these rows has that id.
  public boolean has(List<UUID> entities, UUID entry) {
    return !read(entities, "WHERE id = :entry", Map.of("entry", entry), 1).isEmpty();
  }

  /// Entries, oldest first; of one moment, what was decided comes before what was done about it.
  ///
  /// @param after the last one that was read; empty: from the beginning
  public List<Entry> entries(List<UUID> entities, Optional<UUID> after, int limit) {
    return after
        .map(entry ->
            read(
                entities,
                "WHERE (at, source, id) > (SELECT t.at, t.source, t.id FROM told t WHERE t.id = :entry)",
                Map.of("entry", entry),
                limit))
        .orElseGet(() -> read(entities, "", Map.of(), limit));
  }

  private List<Entry> read(
      List<UUID> entities, String which, Map<String, ?> parameters, int limit) {
    return tenancy
        .jdbc()
        .sql(
            """
            WITH told AS (
              SELECT id, at, NULL::timestamptz AS until, entity_kind, entity_id, 'DECIDED' AS source,
                step, inputs, rule, answer, run_id, 'OURSELVES' AS who
              FROM decision WHERE entity_id = ANY (CAST(:entities AS uuid[]))
              UNION ALL
              SELECT id, opened_at, closed_at, entity_kind, entity_id, 'WAITED',
                'wait', jsonb_build_object('seen', coalesce(params ->> 'evidence', '')), '', cause, '',
                who_must_act
              FROM incident WHERE entity_id = ANY (CAST(:entities AS uuid[]))
              UNION ALL
              SELECT id, at, NULL, entity_kind, entity_id, 'SAID', action, detail - 'reason', '', '',
                '',
                CASE WHEN actor = :self THEN 'OURSELVES' WHEN actor LIKE 'staff:%' THEN 'STAFF'
                  ELSE 'TENANT' END
              FROM audit_event WHERE entity_id = ANY (CAST(:entities AS uuid[])) AND action = ANY (:actions)
            )
            SELECT id, at, until, entity_kind, entity_id, source, step, inputs, rule, answer, run_id,
              who
            FROM told
            """
                + which
                + " ORDER BY at, source, id LIMIT :limit")
        .param("entities", entities.stream().map(UUID::toString).toArray(String[]::new))
        .param("actions", ACTIONS)
        .param("self", Tenancy.ORCHESTRATOR)
        .params(parameters)
        .param("limit", limit)
        .query((row, number) ->
            new Entry(
                Columns.uuid(row, "id"),
                Columns.instant(row, "at"),
                Columns.optionalInstant(row, "until"),
                EntityKind.valueOf(row.getString("entity_kind").toUpperCase(Locale.ROOT)),
                Columns.uuid(row, "entity_id"),
                Columns.choice(row, "source", Source.class),
                row.getString("step"),
                Columns.texts(row, "inputs"),
                row.getString("rule"),
                row.getString("answer"),
                row.getString("run_id"),
                Columns.choice(row, "who", Who.class)))
        .list();
  }

  /// From which rows an entry is.
  public enum Source {
    /// A rule decided something.
    DECIDED,
    /// Something stood in the way: an incident.
    WAITED,
    /// Somebody said something.
    SAID
  }

  /// Who decided or said it, or must lift what stands in the way.
  public enum Who {
    OURSELVES,
    TENANT,
    STAFF,
    /// Nobody: it passes.
    TIME
  }

  /// One thing that happened.
  ///
  /// @param until when it stood in the way no longer; empty otherwise, and while it does
  /// @param step what it was about; the audit's name for what was said
  /// @param inputs by reference; for what was said, its details
  /// @param rule empty unless a rule decided
  /// @param answer the row's words; the cause's code for what stood in the way; else empty
  /// @param run empty unless a run decided
  public record Entry(
      UUID id,
      Instant at,
      Optional<Instant> until,
      EntityKind kind,
      UUID entity,
      Source source,
      String step,
      Map<String, String> inputs,
      String rule,
      String answer,
      String run,
      Who who) {
    public Entry {
      inputs = Map.copyOf(inputs);
    }
  }
}
