package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.temporal.Asker.Done;
import com.penguinmails.workflows.temporal.Asker.Stuck;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the entities that were asked have answered. Part of the asking workflow.
public final class Replies {
  private final TreeMap<String, Long> reached;
  private final TreeMap<String, Stuck> stuck = new TreeMap<>();

  public Replies(Map<String, Long> reached) {
    this.reached = new TreeMap<>(reached);
  }

  /// For the signal handler.
  public void add(Done reply) {
    reached.merge(reply.from(), reply.version(), Math::max);
    stuck.remove(reply.from());
  }

  /// For the signal handler.
  public void add(Stuck reply) {
    stuck.put(reply.from(), reply);
  }

  /// Whether the entity said that it is at this version or a newer one.
  public boolean has(String workflowId, long version) {
    return reached.getOrDefault(workflowId, -1L) >= version;
  }

  /// The newest versions, to be carried to the next run.
  public Map<String, Long> reached() {
    return new TreeMap<>(reached);
  }

  /// One entity that is stuck, if any is.
  public Optional<Stuck> anyStuck() {
    return stuck.values().stream().findFirst();
  }
}
