package com.penguinmails.store.setup;

import com.penguinmails.store.audit.AuditLog;
import com.penguinmails.store.row.Columns;
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
/// over. One that is proved and given up stays DONE until then. Either is one change of its row, so
/// that one of the two happens, never both. Call inside [Tenancy#as].
public final class HoldStore {
  private static final Line HELD =
      new Line("setup/held-", "Cancelled: waiting whether you take it back", Cause.SETUP_HELD);
  private static final Line RETIRING =
      new Line("setup/retire-", "Given up: waiting whether you take it back", Cause.SETUP_RETIRING);

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
      report(held, HELD, Progress.State.WAITING, "It can be taken back until " + until + ".");
    }
    return held;
  }

  /// The tenant gives up what is proved, and may take that back for so long; all of it works until
  /// then. Nothing is changed when it is given up already. Safe to repeat: the first time counts.
  public Retiring retire(SetupId id, Duration grace) {
    tenancy.lockRequests(); // no order for the domain comes in between
    var setup = setups.get(id);
    boolean isProved = setup.state() == Setup.State.DONE;
    if ((isProved && setup.resumableUntil().isPresent())
        || (setup.state() == Setup.State.CANCELLING && setup.provedAt().isPresent())) {
      return new Retiring.Wanted(setup);
    }
    if (!isProved) {
      return new Retiring.NotProved(setup);
    }
    var open = setups.findOpen(setup.domainName());
    if (open.isPresent()) {
      return new Retiring.DomainBusy(open.get().id());
    }
    var earlier = earlierProved(setup);
    if (earlier.isPresent()) {
      return new Retiring.EarlierStands(earlier.get());
    }
    tenancy
        .jdbc()
        .sql(
            """
            UPDATE setup SET holds = holds + 1,
              resumable_until = now() + make_interval(secs => :seconds)
            WHERE id = :id
            """)
        .param("id", id.value())
        .param("seconds", grace.toMillis() / 1000.0)
        .update();
    var retiring = setups.get(id);
    var until = retiring.resumableUntil().orElseThrow().toString();
    audit.record(
        "setup.retire_wanted", EntityKind.SETUP, id.value(), Map.of("resumableUntil", until));
    report(
        retiring,
        RETIRING,
        Progress.State.WAITING,
        "All of it works, and it can be taken back, until " + until + ".");
    return new Retiring.Wanted(retiring);
  }

  /// Without it the domain would go back to where it was proved before, instead of away.
  private Optional<SetupId> earlierProved(Setup setup) {
    return tenancy
        .jdbc()
        .sql(
            """
            SELECT other.id FROM setup other JOIN setup this ON this.id = :id
            WHERE other.domain_id = this.domain_id AND other.state = 'DONE'
              AND (other.finished_at, other.id) < (this.finished_at, this.id)
            ORDER BY other.finished_at, other.id LIMIT 1
            """)
        .param("id", setup.id().value())
        .query((row, number) -> new SetupId(Columns.uuid(row, "id")))
        .optional();
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
                  state = CASE WHEN state = 'DONE' THEN 'DONE'
                    WHEN started_at IS NULL THEN 'REQUESTED' ELSE 'RUNNING' END,
                  cancel_requested_at = NULL, resumable_until = NULL
                WHERE id = :id AND state IN ('HELD', 'DONE') AND resumable_until > now()
                """)
            .param("id", setup.value())
            .update();
    var resumed = setups.get(setup);
    if (changed == 1) {
      audit.record("setup.resumed", EntityKind.SETUP, setup.value(), Map.of());
      boolean isProved = resumed.state() == Setup.State.DONE;
      report(
          resumed,
          isProved ? RETIRING : HELD,
          Progress.State.DONE,
          isProved
              ? "Taken back: all of it stays."
              : "Taken back: the set-up goes on where it was.");
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
          HELD,
          Progress.State.DONE,
          "Not taken back in time: what the set-up made is taken back now.");
    }
  }

  /// Nobody takes back any more that a proved set-up is given up, once its time is over: it is open
  /// again, to be taken back. Before that nothing is changed. Safe to repeat.
  public void endRetiring(SetupId setup) {
    int changed =
        tenancy
            .jdbc()
            .sql(
                """
                UPDATE setup SET state = 'CANCELLING', cancel_requested_at = now(),
                  finished_at = NULL, resumable_until = NULL
                WHERE id = :id AND state = 'DONE' AND resumable_until <= now()
                """)
            .param("id", setup.value())
            .update();
    if (changed == 1) {
      audit.record("setup.retiring", EntityKind.SETUP, setup.value(), Map.of());
      report(
          setups.get(setup),
          RETIRING,
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
  private void report(Setup setup, Line line, Progress.State state, String evidence) {
    boolean isWaiting = state == Progress.State.WAITING;
    progress.report(
        setup.id(),
        new ProgressReport(
            EntityKind.SETUP,
            setup.id().value(),
            line.step() + setup.holds(),
            line.title(),
            state,
            1,
            isWaiting ? Optional.of(line.cause().code()) : Optional.empty(),
            isWaiting
                ? Optional.of(Helper.valueOf(line.cause().helper().name()))
                : Optional.empty(),
            evidence,
            OptionalInt.empty()));
  }

  /// How the progress of one kind of waiting is called.
  private record Line(String step, String title, Cause cause) {}

  /// What became of the wish to give a set-up up.
  public sealed interface Retiring {
    /// It is given up, now or before.
    record Wanted(Setup setup) implements Retiring {}

    /// Only what is proved is given up.
    record NotProved(Setup setup) implements Retiring {}

    /// Another set-up of its domain is not finished.
    record DomainBusy(SetupId other) implements Retiring {}

    /// An earlier set-up of its domain is proved still: that one is given up first.
    record EarlierStands(SetupId other) implements Retiring {}
  }
}
