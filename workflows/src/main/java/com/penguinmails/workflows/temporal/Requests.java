package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.temporal.Asker.Done;
import com.penguinmails.workflows.temporal.Asker.Stuck;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;

/// Who asked an entity for which version, and who is told. Part of the entity's workflow: requests
/// coalesce, one converge answers all of them.
public final class Requests {
  private final String self;
  private final TreeMap<String, Wanted> waiting = new TreeMap<>();
  private final SetupId first;
  private long reached;
  private boolean isRung;

  /// @param self workflow id of the entity, for replies
  /// @param first the set-up that asked first
  public Requests(String self, SetupId first, long reached, List<Wanted> waiting) {
    this.self = self;
    this.first = first;
    this.reached = reached;
    waiting.forEach(this::add);
  }

  /// Takes a request up; for the signal handler.
  public void add(Wanted wanted) {
    waiting.merge(
        wanted.replyTo(), wanted, (old, now) -> now.version() >= old.version() ? now : old);
    isRung = true;
  }

  /// Whether somebody waits for an answer.
  public boolean isAnyWaiting() {
    return !waiting.isEmpty();
  }

  /// Whether a request came since this was last asked for; a stuck entity tries again then.
  public boolean isRung() {
    return isRung;
  }

  /// Something changed that may help what is stuck.
  public void ring() {
    isRung = true;
  }

  /// The bell is heard; the next request rings it again.
  public void hear() {
    isRung = false;
  }

  /// The newest version reached.
  public long reached() {
    return reached;
  }

  /// The newest version anybody ever asked for.
  public long newest() {
    return waiting.values().stream().mapToLong(Wanted::version).reduce(reached, Math::max);
  }

  /// Requests not answered yet, to be carried to the next run.
  public List<Wanted> open() {
    return List.copyOf(waiting.values());
  }

  /// The set-up on whose page the work appears: that of the newest open request, else of the first
  /// one ever.
  public SetupId setup() {
    return waiting.values().stream()
        .max((a, b) -> Long.compare(a.version(), b.version()))
        .map(Wanted::setup)
        .orElse(first);
  }

  /// The entity is at this version: everybody who asked for it or an older one is told.
  public void reached(long version) {
    reached = Math.max(reached, version);
    var answered = open().stream().filter(wanted -> wanted.version() <= reached).toList();
    tell(answered, "done", wanted -> new Done(self, reached));
    answered.forEach(wanted -> waiting.remove(wanted.replyTo(), wanted));
  }

  /// The entity cannot go on: everybody who waits is told, and goes on waiting.
  public void stuck(Trouble trouble) {
    tell(
        open(),
        "stuck",
        wanted -> new Stuck(self, wanted.version(), trouble.cause().name(), trouble.evidence()));
  }

  /// Who waits learns of something on the way.
  public void tell(String signal, Object message) {
    tell(open(), signal, wanted -> message);
  }

  /// All at once: a server may have fifty domains that wait for it.
  private static void tell(List<Wanted> whom, String signal, Function<Wanted, Object> reply) {
    Promise.allOf(
            whom.stream()
                .map(wanted ->
                    Async.procedure(() -> tell(wanted.replyTo(), signal, reply.apply(wanted))))
                .toList())
        .get();
  }

  private static void tell(String workflowId, String signal, Object reply) {
    if (!Entities.isSignalled(workflowId, signal, reply)) {
      Workflow.getLogger(Requests.class).debug("{} has ended; its reply is dropped", workflowId);
    }
  }
}
