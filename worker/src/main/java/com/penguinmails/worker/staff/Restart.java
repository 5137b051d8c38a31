package com.penguinmails.worker.staff;

import com.google.common.util.concurrent.RateLimiter;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.staff.RestartStore;
import com.penguinmails.store.staff.RestartStore.ToRestart;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/// Goes through everything that should have a run according to the database, page by page, and no
/// faster than hosts can take it: each server that is started is looked at.
final class Restart {
  private static final int PAGE = 500;

  private static final Map<EntityKind, String> NAMES =
      Map.of(
          EntityKind.SERVER, "servers",
          EntityKind.DOMAIN, "domains",
          EntityKind.CERTIFICATE, "certificates",
          EntityKind.SETUP, "set-ups");

  /// Set-ups last: what they ask is there by then.
  private static final List<EntityKind> ORDER =
      List.of(EntityKind.SERVER, EntityKind.DOMAIN, EntityKind.CERTIFICATE, EntityKind.SETUP);

  private final RestartStore store;
  private final EntityRuns runs;
  private final RateLimiter pace;
  private final PrintWriter out;

  Restart(RestartStore store, EntityRuns runs, int perSecond, PrintWriter out) {
    this.store = store;
    this.runs = runs;
    this.pace = RateLimiter.create(perSecond);
    this.out = out;
  }

  /// Starts what has no run. Each kind is told when it is through, so that whoever stops it, or is
  /// stopped, knows how far it came. Safe to repeat.
  ///
  /// @return the exit code
  /// @throws NotTaken Temporal is away, not ready, or refused
  int run() {
    runs.requireReady();
    for (var kind : ORDER) {
      var counts = count(kind, runs::start);
      out.printf(
          "%-12s  %d started, %d had a run%n", NAMES.get(kind), counts.without(), counts.with());
    }
    out.println("Each reads from the database how far it is, and does nothing of it again.");
    return 0;
  }

  /// Says what [#run] would start.
  ///
  /// @return the exit code
  /// @throws NotTaken Temporal is away, or not ready
  int rehearse() {
    runs.requireReady();
    for (var kind : ORDER) {
      var counts = count(kind, entity -> !runs.isRunning(entity));
      out.printf(
          "%-12s  %d would be started, %d have a run%n",
          NAMES.get(kind), counts.without(), counts.with());
    }
    return 0;
  }

  private Counts count(EntityKind kind, Predicate<ToRestart> isWithout) {
    long with = 0;
    long without = 0;
    var after = Optional.<UUID>empty();
    while (true) {
      var page = store.living(kind, after, PAGE);
      for (var entity : page) {
        var _ = pace.acquire();
        if (isWithout.test(entity)) {
          without++;
        } else {
          with++;
        }
      }
      if (page.size() < PAGE) {
        return new Counts(with, without);
      }
      after = Optional.of(page.getLast().id());
    }
  }

  private record Counts(long with, long without) {}
}
