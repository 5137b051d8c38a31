package com.penguinmails.store.setup;

import com.penguinmails.store.row.Columns;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.SetupId;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.RowMapper;

/// How far each step of a set-up is. Call inside [Tenancy#as].
public final class ProgressStore {
  private static final RowMapper<Progress> PROGRESS =
      (row, number) ->
          new Progress(
              EntityKind.valueOf(row.getString("entity_kind").toUpperCase(Locale.ROOT)),
              Columns.uuid(row, "entity_id"),
              row.getString("step"),
              row.getString("title"),
              Columns.choice(row, "state", Progress.State.class),
              Columns.instant(row, "since"),
              Columns.optionalInstant(row, "started_at"),
              row.getInt("attempts"),
              Columns.optionalText(row, "waiting_for").filter(text -> !text.isEmpty()),
              Columns.optionalText(row, "who_can_help")
                  .filter(text -> !text.isEmpty())
                  .map(Helper::valueOf),
              row.getString("evidence"),
              percent(row.getObject("percent", Integer.class)),
              row.getLong("sequence"));

  private final Tenancy tenancy;

  public ProgressStore(Tenancy tenancy) {
    this.tenancy = tenancy;
  }

  /// Notes what was learned of a step. Only forward: a step that is done or skipped stays so, an
  /// attempt older than the noted one says nothing, a failed one runs again only with a later
  /// attempt, and percent never falls within an attempt. What changes nothing is not written.
  ///
  /// @return whether a page has something new to show
  public boolean report(SetupId setup, ProgressReport report) {
    // Locks the set-up's row first: sequence numbers are given in the order of commits, so that who
    // has seen number n has seen everything up to n.
    long sequence =
        tenancy
            .jdbc()
            .sql("SELECT progress_sequence + 1 FROM setup WHERE id = :id FOR UPDATE")
            .param("id", setup.value())
            .query(Long.class)
            .optional()
            .orElseThrow(() -> new IllegalArgumentException("no set-up " + setup + " here"));
    if (!upsert(setup, report, sequence)) {
      return false;
    }
    tenancy
        .jdbc()
        .sql("UPDATE setup SET progress_sequence = :sequence WHERE id = :id")
        .param("id", setup.value())
        .param("sequence", sequence)
        .update();
    return true;
  }

  /// Notes how far a running step is. Only forward; what changes nothing is not written.
  public void measured(SetupId setup, String step, int percent) {
    of(setup).stream()
        .filter(row -> row.step().equals(step) && row.state() == Progress.State.RUNNING)
        .findFirst()
        .ifPresent(row -> report(setup, ProgressReport.of(row).percent(percent)));
  }

  /// All steps of a set-up, in the order in which they were first noted.
  public List<Progress> of(SetupId setup) {
    return select(setup, "true", 0, "created, step");
  }

  /// Steps that changed after this sequence number, oldest change first.
  public List<Progress> changedAfter(SetupId setup, long sequence) {
    return select(setup, "sequence > :sequence", sequence, "sequence");
  }

  private List<Progress> select(SetupId setup, String condition, long sequence, String order) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT entity_kind, entity_id, step, title, state, since, started_at, attempts,
              waiting_for, who_can_help, evidence, percent, sequence
            FROM progress WHERE setup_id = :setup AND %s AND :sequence >= 0 ORDER BY %s
            """
                .formatted(condition, order))
        .param("setup", setup.value())
        .param("sequence", sequence)
        .query(PROGRESS)
        .list();
  }

  private boolean upsert(SetupId setup, ProgressReport report, long sequence) {
    return tenancy
            .jdbc()
            .sql(
                """
                INSERT INTO progress AS p (tenant_id, setup_id, entity_kind, entity_id, step, title,
                  state, started_at, attempts, waiting_for, who_can_help, evidence, percent, created,
                  sequence)
                VALUES (:tenant, :setup, :kind, :entity, :step, :title,
                  :state, CASE WHEN :state = 'WAITING' THEN NULL ELSE now() END, :attempts,
                  :waiting, :helper, :evidence, CAST(:percent AS integer), :sequence, :sequence)
                ON CONFLICT (setup_id, step) DO UPDATE SET
                  entity_kind = excluded.entity_kind,
                  entity_id = excluded.entity_id,
                  title = excluded.title,
                  since = CASE WHEN p.state = excluded.state THEN p.since ELSE now() END,
                  started_at = coalesce(p.started_at, excluded.started_at),
                  state = excluded.state,
                  attempts = excluded.attempts,
                  waiting_for = excluded.waiting_for,
                  who_can_help = excluded.who_can_help,
                  evidence = excluded.evidence,
                  percent = CASE WHEN p.attempts = excluded.attempts
                    THEN greatest(p.percent, excluded.percent) ELSE excluded.percent END,
                  sequence = excluded.sequence
                WHERE p.state NOT IN ('DONE', 'SKIPPED')
                  AND p.attempts <= excluded.attempts
                  AND NOT (p.state = 'FAILED' AND p.attempts = excluded.attempts
                    AND excluded.state IN ('WAITING', 'RUNNING'))
                  AND (p.title, p.state, p.attempts, p.waiting_for, p.who_can_help, p.evidence,
                      coalesce(p.percent, -1))
                    IS DISTINCT FROM
                      (excluded.title, excluded.state, excluded.attempts, excluded.waiting_for,
                      excluded.who_can_help, excluded.evidence,
                      coalesce(greatest(p.percent, excluded.percent), -1))
                """)
            .param("tenant", tenancy.tenant().value())
            .param("setup", setup.value())
            .param("kind", report.kind().name().toLowerCase(Locale.ROOT))
            .param("entity", report.entity())
            .param("step", report.step())
            .param("title", report.title())
            .param("state", report.state().name())
            .param("attempts", report.attempts())
            .param("waiting", report.waitingFor().orElse(""))
            .param("helper", report.whoCanHelp().map(Helper::name).orElse(""))
            .param("evidence", report.evidence())
            .param("percent", report.percent().isPresent() ? report.percent().getAsInt() : null)
            .param("sequence", sequence)
            .update()
        == 1;
  }

  private static OptionalInt percent(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
