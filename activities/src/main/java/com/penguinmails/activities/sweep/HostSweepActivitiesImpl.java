package com.penguinmails.activities.sweep;

import com.penguinmails.activities.server.Heartbeats;
import com.penguinmails.activities.server.HostLook;
import com.penguinmails.activities.server.HostLook.HostSeen;
import com.penguinmails.activities.setup.Decided;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.Server;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundServer;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.sweep.HostSweepActivities;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// See [HostSweepActivities]. What is found across tenants are pairs of tenant and server; each
/// tenant's rows are read and written under that tenant.
public final class HostSweepActivitiesImpl implements HostSweepActivities {
  private final Stores stores;
  private final SweepStore found;
  private final HostLook hosts;

  public HostSweepActivitiesImpl(Stores stores, SweepStore found, HostLook hosts) {
    this.stores = stores;
    this.found = found;
    this.hosts = hosts;
  }

  @Override
  public HostsLooked lookAtHosts(LookAtHosts order) {
    return Heartbeats.during(() -> looked(order));
  }

  private HostsLooked looked(LookAtHosts order) {
    var next = found.hostsToLookAt(order.after(), order.atMost());
    var behind = new ArrayList<BehindServer>();
    int looked = 0;
    int unknown = 0;
    int drifted = 0;
    for (var one : seen(next)) {
      looked++;
      switch (one.seen().state()) {
        case AS_LEFT -> {}
        case UNKNOWN -> unknown++;
        case DRIFTED -> {
          drifted++;
          wanted(one.found(), one.proved(), one.seen().evidence()).ifPresent(behind::add);
        }
      }
    }
    next.stream().map(this::behind).flatMap(Optional::stream).forEach(behind::add);
    return new HostsLooked(
        looked,
        unknown,
        drifted,
        behind.stream().distinct().toList(),
        next.size() < order.atMost() ? Optional.empty() : Optional.of(next.getLast().server()));
  }

  /// Side by side: a host takes seconds, a dead one its time-out.
  private List<Seen> seen(List<FoundServer> next) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var looks = next.stream().map(one -> threads.submit(() -> seen(one))).toList();
      return looks.stream().map(HostSweepActivitiesImpl::done).flatMap(Optional::stream).toList();
    }
  }

  private static Optional<Seen> done(Future<Optional<Seen>> look) {
    try {
      return look.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException unexpected
          ? unexpected
          : new IllegalStateException("a look at a host failed", e.getCause());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("this worker stops while hosts are looked at", stopping);
    }
  }

  /// Empty: its run has something to do there anyway, or nothing was proved of it.
  private Optional<Seen> seen(FoundServer one) {
    return stores
        .tenancy()
        .reading(one.tenant(), () -> proved(one).filter(proved -> !proved.isBehind()))
        .map(proved -> new Seen(one, proved, hosts.look(one.tenant(), proved.server())));
  }

  private Optional<Proved> proved(FoundServer one) {
    if (stores.retirements().isWanted(one.server())) {
      return Optional.empty();
    }
    return stores
        .setups()
        .newestProved(one.server())
        .map(setup -> new Proved(setup, stores.servers().get(one.server())));
  }

  /// Wants the server anew, unless it is given up or wanted anew meanwhile: a version that is not
  /// reached says that it was said before.
  private Optional<BehindServer> wanted(FoundServer one, Proved seen, String evidence) {
    return stores
        .tenancy()
        .as(
            one.tenant(),
            () -> {
              var id = one.server();
              var now = proved(one);
              if (now.isEmpty() || now.get().isBehind()) {
                return Optional.empty();
              }
              stores
                  .incidents()
                  .open(
                      NewIncident.of(
                          EntityKind.SERVER,
                          id.value(),
                          seen.setup(),
                          Cause.HOST_DRIFTED,
                          evidence));
              stores.servers().bumpDesiredVersion(id);
              Decided.record(
                  stores,
                  EntityKind.SERVER,
                  id.value(),
                  "sweep/repair",
                  Map.of("setup", seen.setup().toString()),
                  Answer.SERVER_WANTED_AGAIN.about(
                      evidence
                          + ". Why: nobody need be asked, the server's run applies the steps that"
                          + " are not as they were left, and takes nothing away that is not ours"));
              return proved(one).map(proved -> proved.behind(one));
            });
  }

  /// Whose run was told of a version and died, or was not told at all.
  private Optional<BehindServer> behind(FoundServer one) {
    return stores
        .tenancy()
        .reading(
            one.tenant(),
            () -> proved(one).filter(Proved::isBehind).map(proved -> proved.behind(one)));
  }

  /// A host that was looked at.
  private record Seen(FoundServer found, Proved proved, HostSeen seen) {}

  /// A server that works for somebody.
  private record Proved(SetupId setup, Server server) {
    boolean isBehind() {
      return server.desiredVersion() > server.appliedVersion();
    }

    BehindServer behind(FoundServer found) {
      return new BehindServer(
          found.tenant(),
          found.server(),
          server.hostname(),
          server.provider(),
          setup,
          server.desiredVersion());
    }
  }
}
