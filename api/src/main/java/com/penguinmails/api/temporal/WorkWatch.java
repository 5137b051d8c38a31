package com.penguinmails.api.temporal;

import com.penguinmails.api.temporal.Absence.Part;
import com.penguinmails.workflows.temporal.TaskQueues;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.TaskQueueType;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.client.WorkflowClient;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Whether those who do the work are there: Temporal, and any worker. Looks only when somebody
/// asks, one look at a time. In doubt all are there: a false alarm calls staff for nothing.
@Component
public class WorkWatch {
  private static final Logger log = LoggerFactory.getLogger(WorkWatch.class);

  /// What does not answer, or has lost our namespace. Any other answer comes from a Temporal that
  /// is there.
  private static final Set<Status.Code> AWAY =
      Set.of(Status.Code.UNAVAILABLE, Status.Code.DEADLINE_EXCEEDED, Status.Code.NOT_FOUND);

  /// How long no poll may be seen before all workers count as away. Temporal notes a worker where a
  /// poll of it begins or ends, and a poll lasts a minute at the server and 70 s at the client:
  /// measured at server 1.29, a living worker was never older than 60 s, and polled a Temporal that
  /// had been away again after 22 s (its pauses grow to a minute). The rest is for busy machines
  /// and clocks that differ. A worker that stops is not taken off the list: it just grows older,
  /// for five minutes.
  static final Duration LONGEST_SILENCE = Duration.ofSeconds(100);

  private final WorkflowClient client;
  private final InstantSource clock;
  private final Patience patience;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
  private Future<?> look = CompletableFuture.completedFuture(null);
  private Instant lookedAt = Instant.EPOCH;
  private volatile Optional<Absence> known = Optional.empty();
  private Optional<Instant> unlistedSince = Optional.empty(); // of the one look that runs

  @Autowired
  WorkWatch(WorkflowClient client) {
    this(client, Clock.systemUTC(), Patience.USUAL);
  }

  WorkWatch(WorkflowClient client, InstantSource clock, Patience patience) {
    this.client = client;
    this.clock = clock;
    this.patience = patience;
  }

  /// How long what takes.
  ///
  /// @param fresh how long an answer is used before anybody who asks makes us look again
  /// @param moment how long who asks waits for the look; then what was known before is told
  /// @param call how long one call to Temporal may take
  /// @param again how long after a call that failed the next one comes
  /// @param calls how many of them must fail in a row
  record Patience(Duration fresh, Duration moment, Duration call, Duration again, int calls) {
    /// A connection that broke is made again within two seconds, and a machine where Temporal needs
    /// more than 15 s for an answer out of its memory is not merely busy.
    static final Patience USUAL =
        new Patience(
            Duration.ofSeconds(5),
            Duration.ofMillis(300),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            3);
  }

  /// Who is away; empty while all are there, or nobody knows yet. Safe to ask often.
  public Optional<Absence> absence() {
    try {
      freshLook().get(patience.moment().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.debug("Temporal is slow to say who is there");
    } catch (ExecutionException e) {
      log.atError().setCause(e.getCause()).log("Who does the work could not be looked up");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return known;
  }

  @PreDestroy
  void stop() {
    calls.shutdownNow();
  }

  private synchronized Future<?> freshLook() {
    var now = clock.instant();
    if (!calls.isShutdown() && look.isDone() && !now.isBefore(lookedAt.plus(patience.fresh()))) {
      lookedAt = now;
      look = calls.submit(this::look);
    }
    return look;
  }

  private void look() {
    var now = clock.instant();
    for (int call = 1; ; call++) {
      try {
        tell(silenceOf(pollers(), now));
        return;
      } catch (StatusRuntimeException e) {
        if (!AWAY.contains(e.getStatus().getCode())) {
          log.atDebug().setCause(e).log("Temporal does not say who polls");
          tell(Optional.empty());
          return;
        }
        if (call == patience.calls()) {
          unlistedSince = Optional.empty(); // it forgets who polled when it dies
          tell(Optional.of(ongoing(Part.TEMPORAL_AWAY, now)));
          return;
        }
      }
      if (!pauses()) {
        return;
      }
    }
  }

  /// Of a queue that every worker polls, and of activities: a worker with much to decide asks for
  /// the runs in its cache only, in queues of its own.
  private List<PollerInfo> pollers() {
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .withDeadlineAfter(patience.call().toMillis(), TimeUnit.MILLISECONDS)
        .describeTaskQueue(
            DescribeTaskQueueRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setTaskQueue(TaskQueue.newBuilder().setName(TaskQueues.STORE))
                .setTaskQueueType(TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY)
                .build())
        .getPollersList();
  }

  /// An empty list proves nothing by itself: a Temporal that was just started has not heard of
  /// anybody yet. So workers have from its first sight on to be seen.
  private Optional<Absence> silenceOf(List<PollerInfo> pollers, Instant now) {
    var quietSince =
        pollers.stream()
            .map(WorkWatch::lastSeen)
            .max(Comparator.naturalOrder())
            .orElseGet(() -> ongoing(Part.WORKERS_AWAY, unlistedSince.orElse(now)).since());
    unlistedSince = pollers.isEmpty() ? Optional.of(quietSince) : Optional.empty();
    return quietSince.plus(LONGEST_SILENCE).isBefore(now)
        ? Optional.of(new Absence(Part.WORKERS_AWAY, quietSince))
        : Optional.empty();
  }

  private static Instant lastSeen(PollerInfo poller) {
    var time = poller.getLastAccessTime();
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /// The absence that is known already, or one that begins.
  private Absence ongoing(Part part, Instant beginning) {
    return known
        .filter(absence -> absence.part() == part)
        .orElseGet(() -> new Absence(part, beginning));
  }

  private void tell(Optional<Absence> absence) {
    var before = known;
    known = absence;
    if (absence.map(Absence::part).equals(before.map(Absence::part))) {
      return;
    }
    absence.ifPresentOrElse(
        away ->
            log.atError()
                .addKeyValue("part", away.part())
                .addKeyValue("since", away.since())
                .log("A part that does the work is away: set-ups stand still"),
        () -> log.info("All parts that do the work are there again"));
  }

  /// @return false when the process ends
  private boolean pauses() {
    try {
      Thread.sleep(patience.again());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
