package com.penguinmails.store.setup;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.SetupId;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Cancels that can be taken back: the set-up is HELD until somebody resumes it or its time is
/// over. Either is one change of its row, so that one of the two happens, never both. Call inside
/// [Tenancy#as].
public final class HoldStore {
  private static final String TITLE = "Cancelled: waiting whether you take it back";

  private final Tenancy tenancy;
  private final AuditLog audit;
  private final ProgressStore progress;
  private final SetupStore setups;

  public HoldStore(Tenancy tenancy) {
    this.tenancy = tenancy;
    this.audit = new AuditLog(tenancy);
    this.progress = new ProgressStore(tenancy);
    this.setups = new SetupStore(tenancy);
  }

  /// The tenant wants it stopped, and may take that back for so long. Nothing is changed when it is
  /// held or cancelled already, or finished. Safe to repeat: the first time counts.
  public Setup hold(SetupId setup, Duration grace) {
    // A purchase is claimed under the same lock: it comes before the hold, or finds it.
    tenancy
        .jdbc()
        .sql(
            """
            SELECT v.id FROM server v JOIN setup s ON s.server_id = v.id WHERE s.id = :id
            FOR NO KEY UPDATE OF v
            """)
        .param("id", setup.value())
        .query()
        .listOfRows();
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET state = 'HELD', cancel_requested_at = now(), holds = holds + 1,
                  resumable_until = now() + make_interval(secs => :seconds)
                WHERE id = :id AND finished_at IS NULL AND cancel_requested_at IS NULL
                """)
            .param("id", setup.value())
            .param("seconds", grace.toMillis() / 1000.0)
            .update();
    var held = setups.get(setup);
    if (changed == 1) {
      var until = held.resumableUntil().orElseThrow().toString();
      audit.record("setup.held", EntityKind.SETUP, setup.value(), Map.of("resumableUntil", until));
      report(held, Progress.State.WAITING, "It can be taken back until " + until + ".");
    }
    return held;
  }

  /// The tenant takes the cancel back; it goes on where it was. Nothing is changed when it is not
  /// held, or no longer. Safe to repeat.
  public Setup resume(SetupId setup) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET
                  state = CASE WHEN started_at IS NULL THEN 'REQUESTED' ELSE 'RUNNING' END,
                  cancel_requested_at = NULL, resumable_until = NULL
                WHERE id = :id AND state = 'HELD' AND resumable_until > now()
                """)
            .param("id", setup.value())
            .update();
    var resumed = setups.get(setup);
    if (changed == 1) {
      audit.record("setup.resumed", EntityKind.SETUP, setup.value(), Map.of());
      report(resumed, Progress.State.DONE, "Taken back: the set-up goes on where it was.");
    }
    return resumed;
  }

  /// Nobody takes it back any more, once its time is over; before that nothing is changed. Safe to
  /// repeat.
  public void end(SetupId setup) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET state = 'CANCELLING', resumable_until = NULL
                WHERE id = :id AND state = 'HELD' AND resumable_until <= now()
                """)
            .param("id", setup.value())
            .update();
    if (changed == 1) {
      audit.record("setup.hold_ended", EntityKind.SETUP, setup.value(), Map.of());
      report(
          setups.get(setup),
          Progress.State.DONE,
          "Not taken back in time: what the set-up made is taken back now.");
    }
  }

  /// Whether nothing may be done for the set-up at the moment.
  ///
  /// @param on where it would be done. A server and its certificate may be another set-up's too,
  ///   one under way or one that is proved and whose domain is still there: for that one work goes
  ///   on
  public boolean isHeld(SetupId setup, EntityKind on) {
    boolean isShared = on == EntityKind.SERVER || on == EntityKind.CERTIFICATE;
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT EXISTS (
              SELECT FROM setup s WHERE s.id = :id AND s.state = 'HELD' AND NOT (
                :shared AND EXISTS (
                  SELECT FROM setup other JOIN domain d ON d.id = other.domain_id
                  WHERE other.server_id = s.server_id
                    AND (other.state IN ('REQUESTED', 'RUNNING', 'CANCELLING')
                      OR other.state = 'DONE' AND d.server_id = s.server_id))))
            """)
        .param("id", setup.value())
        .param("shared", isShared)
        .query(Boolean.class)
        .single();
  }

  /// Each time it is held is a line of its own: one that is done stays so.
  private void report(Setup setup, Progress.State state, String evidence) {
    boolean isWaiting = state == Progress.State.WAITING;
    progress.report(
        setup.id(),
        new ProgressReport(
            EntityKind.SETUP,
            setup.id().value(),
            "setup/held-" + setup.holds(),
            TITLE,
            state,
            1,
            isWaiting ? Optional.of(Cause.SETUP_HELD.code()) : Optional.empty(),
            isWaiting
                ? Optional.of(Helper.valueOf(Cause.SETUP_HELD.helper().name()))
                : Optional.empty(),
            evidence,
            OptionalInt.empty()));
  }
}
