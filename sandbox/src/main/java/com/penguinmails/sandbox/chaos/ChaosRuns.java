package com.penguinmails.sandbox.chaos;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/// Which run an entity belongs to. Runs that are over meet no faults any more.
final class ChaosRuns {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRuns.class);

  private final Function<UUID, Optional<Long>> lookUp;
  private final Optional<NamedFaults> named;
  private final ConcurrentHashMap<UUID, Optional<FaultsOfRun>> byEntity = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Long, FaultsOfRun> bySeed = new ConcurrentHashMap<>();

  /// @param lookUp the seed of the run that a row of a set-up, server, domain or certificate is of
  /// @param named faults for all of them, instead of those that their seeds choose
  ChaosRuns(Function<UUID, Optional<Long>> lookUp, Optional<NamedFaults> named) {
    this.lookUp = lookUp;
    this.named = named;
  }

  FaultsOfRun begin(long seed) {
    return bySeed.computeIfAbsent(seed, one -> new FaultsOfRun(one, named));
  }

  boolean isAnyOverdue() {
    return bySeed.values().stream().anyMatch(FaultsOfRun::isOverdue);
  }

  void end(long seed) {
    var over = bySeed.remove(seed);
    byEntity.values().removeIf(run -> run.filter(one -> one == over).isPresent());
  }

  /// @param workflowId such as `server/<id>`
  Optional<FaultsOfRun> of(String workflowId) {
    var parts = workflowId.split("/", -1);
    if (parts.length != 2) {
      return Optional.empty(); // a rehearsal's
    }
    var entity = UUID.fromString(parts[1]);
    var known = byEntity.get(entity);
    if (known != null) {
      return known;
    }
    try {
      var found = lookUp.apply(entity).map(bySeed::get);
      found.ifPresent(_ -> byEntity.put(entity, found));
      return found;
    } catch (DataAccessException dead) { // then that is fault enough
      LOG.atDebug().setCause(dead).log("PostgreSQL does not say which run this is of");
      return Optional.empty();
    }
  }
}
