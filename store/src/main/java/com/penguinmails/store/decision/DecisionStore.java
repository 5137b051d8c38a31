package com.penguinmails.store.decision;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// Decisions, append-only. Call inside [Tenancy#as].
public final class DecisionStore {
  private final Tenancy tenancy;

  public DecisionStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Writes a decision. Its id is derived from its content, so that an activity tried again writes
  /// it once; a run that decides the same from the same inputs twice has decided once.
  public void record(NewDecision decision) {
    tenancy
        .jdbc()
        .sql(
            """
            INSERT INTO decision (id, tenant_id, entity_kind, entity_id, step, inputs, rule, answer,
              run_id)
            VALUES (:id, :tenant, :kind, :entity, :step, CAST(:inputs AS jsonb), :rule, :answer,
              :run)
            ON CONFLICT (id) DO NOTHING
            """)
        .param("id", idOf(decision))
        .param("tenant", tenancy.tenant().value())
        .param("kind", decision.kind().name().toLowerCase(Locale.ROOT))
        .param("entity", decision.entity())
        .param("step", decision.step())
        .param("inputs", Columns.json(decision.inputs()))
        .param("rule", decision.rule())
        .param("answer", decision.answer())
        .param("run", decision.runId())
        .update();
  }

  /// What was decided about an entity, oldest first.
  public List<Decision> of(UUID entity) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT entity_kind, entity_id, step, inputs, rule, answer, run_id, at
            FROM decision WHERE entity_id = :entity ORDER BY at, id
            """)
        .param("entity", entity)
        .query((row, number) ->
            new Decision(
                new NewDecision(
                    EntityKind.valueOf(row.getString("entity_kind").toUpperCase(Locale.ROOT)),
                    Columns.uuid(row, "entity_id"),
                    row.getString("step"),
                    Columns.texts(row, "inputs"),
                    row.getString("rule"),
                    row.getString("answer"),
                    row.getString("run_id")),
                Columns.instant(row, "at")))
        .list();
  }

  private UUID idOf(NewDecision decision) {
    var content =
        String.join(
            "\u0000",
            tenancy.tenant().toString(),
            decision.kind().name(),
            decision.entity().toString(),
            decision.step(),
            new TreeMap<>(decision.inputs()).toString(),
            decision.rule(),
            decision.answer(),
            decision.runId());
    return UuidCreator.getNameBasedSha1(content);
  }

  /// Made by [#of] or from a row, so that there is a sentence for it.
  ///
  /// @param inputs by reference: ids, versions, counts; no secret, no address of a person
  /// @param rule the class or table that decided: `RecordPlan`
  /// @param runId the workflow run that decided
  public record NewDecision(
      EntityKind kind,
      UUID entity,
      String step,
      Map<String, String> inputs,
      String rule,
      String answer,
      String runId) {
    public NewDecision {
      inputs = Map.copyOf(inputs);
    }

    public static NewDecision of(
        EntityKind kind,
        UUID entity,
        String step,
        Map<String, String> inputs,
        Answer.Given given,
        String runId) {
      return new NewDecision(
          kind, entity, step, inputs, given.answer().rule().text(), given.row(), runId);
    }
  }

  /// A decision and when it was made.
  public record Decision(NewDecision decision, Instant at) {}
}
