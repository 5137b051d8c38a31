package com.penguinmails.api.temporal;

import static com.penguinmails.api.temporal.WorkWatch.LONGEST_SILENCE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Timestamp;
import com.penguinmails.api.temporal.Absence.Part;
import com.penguinmails.workflows.temporal.TaskQueues;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.temporal.api.taskqueue.v1.PollerInfo;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueRequest;
import io.temporal.api.workflowservice.v1.DescribeTaskQueueResponse;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.api.workflowservice.v1.GetSystemInfoResponse;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc.WorkflowServiceImplBase;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// When the API says that somebody who does the work is away, and when not. Temporal is a list of
/// pollers in this process, and time is the test's.
class WorkWatchTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(20);
  private static final Duration SHORT_CALL = Duration.ofMillis(100);
  private static final int CALLS = 3;

  private final Pollers temporal = new Pollers();
  private volatile Instant now = START;
  private Server server;
  private ManagedChannel channel;
  private WorkflowClient client;
  private WorkWatch watch;

  @BeforeEach
  void start() throws IOException {
    var name = InProcessServerBuilder.generateName();
    server = InProcessServerBuilder.forName(name).addService(temporal).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
    client =
        WorkflowClient.newInstance(
            WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setChannel(channel).build()));
    watch = watching(LONG_ENOUGH, LONG_ENOUGH);
  }

  private WorkWatch watching(Duration moment, Duration call) {
    return new WorkWatch(
        client,
        () -> now,
        new WorkWatch.Patience(FRESH, moment, call, Duration.ofMillis(1), CALLS));
  }

  @AfterEach
  void stop() {
    watch.stop();
    channel.shutdownNow();
    server.shutdownNow();
  }

  @Test
  void saysNothingWhileAWorkerPolls() {
    temporal.polledAt(START.minusSeconds(60));

    assertThat(watch.absence()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "NOT_FOUND"})
  void saysThatTemporalIsAwayUntilItIsBack(Status.Code answer) {
    temporal.refuse(answer, Integer.MAX_VALUE);
    assertThat(watch.absence()).contains(new Absence(Part.TEMPORAL_AWAY, START));

    pass(Duration.ofHours(1));
    assertThat(watch.absence()).contains(new Absence(Part.TEMPORAL_AWAY, START));

    temporal.refuse(answer, 0);
    temporal.polledAt(now);
    pass(FRESH);
    assertThat(watch.absence()).isEmpty();
  }

  @Test
  void callsATemporalThatDoesNotAnswerAway() {
    watch = watching(LONG_ENOUGH, SHORT_CALL);
    temporal.hang();

    assertThat(watch.absence()).contains(new Absence(Part.TEMPORAL_AWAY, START));
  }

  @Test
  void asksAgainBeforeItBelievesThatTemporalIsAway() {
    temporal.polledAt(START);
    temporal.refuse(Status.Code.UNAVAILABLE, CALLS - 1);

    assertThat(watch.absence()).isEmpty();
    assertThat(temporal.calls()).isEqualTo(CALLS);
  }

  @Test
  void doesNotTakeARefusalForAnAbsence() {
    temporal.refuse(Status.Code.PERMISSION_DENIED, Integer.MAX_VALUE);

    assertThat(watch.absence()).isEmpty();
    assertThat(temporal.calls()).isOne();
  }

  @Test
  void saysThatTheWorkersAreAwayOnceNoneWasSeenForLongerThanAPollLasts() {
    temporal.polledAt(START);
    pass(LONGEST_SILENCE);
    assertThat(watch.absence()).as("may be slow").isEmpty();

    pass(FRESH);
    var away = new Absence(Part.WORKERS_AWAY, START);
    assertThat(watch.absence()).contains(away);

    temporal.forgetPollers();
    pass(Duration.ofMinutes(5));
    assertThat(watch.absence()).as("Temporal forgot them").contains(away);

    temporal.polledAt(now);
    pass(FRESH);
    assertThat(watch.absence()).as("a worker is back").isEmpty();
  }

  @Test
  void givesWorkersTimeToBeSeenByATemporalThatWasJustStarted() {
    temporal.polledAt(START.minusSeconds(60));
    assertThat(watch.absence()).isEmpty();

    temporal.forgetPollers();
    pass(FRESH);
    var restarted = now;
    assertThat(watch.absence()).isEmpty();
    pass(LONGEST_SILENCE);
    assertThat(watch.absence()).isEmpty();
    pass(FRESH);
    assertThat(watch.absence()).contains(new Absence(Part.WORKERS_AWAY, restarted));
  }

  @Test
  void givesWorkersTheSameTimeAfterTemporalWasAway() {
    assertThat(watch.absence()).as("nobody polled yet").isEmpty();
    pass(LONGEST_SILENCE);
    temporal.refuse(Status.Code.UNAVAILABLE, CALLS);
    assertThat(watch.absence().map(Absence::part)).contains(Part.TEMPORAL_AWAY);

    pass(FRESH);
    assertThat(watch.absence()).as("back, and nobody polled yet").isEmpty();
    pass(LONGEST_SILENCE);
    assertThat(watch.absence()).isEmpty();
    pass(FRESH);
    assertThat(watch.absence().map(Absence::part)).contains(Part.WORKERS_AWAY);
  }

  @Test
  void looksOnceForAllWhoAskWithinAFewSecondsAndNeverByItself() throws Exception {
    temporal.polledAt(START);
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = IntStream.range(0, 20).mapToObj(_ -> readers.submit(watch::absence)).toList();
      for (var answer : answers) {
        assertThat(answer.get()).isEmpty();
      }
    }
    assertThat(temporal.calls()).isOne();

    pass(FRESH.minusMillis(1));
    assertThat(watch.absence()).isEmpty();
    assertThat(temporal.calls()).isOne();

    pass(Duration.ofHours(1));
    assertThat(temporal.calls()).as("nobody asked").isOne();
    assertThat(watch.absence().map(Absence::part)).contains(Part.WORKERS_AWAY);
    assertThat(temporal.calls()).isEqualTo(2);
  }

  @Test
  void keepsNobodyWaitingForATemporalThatDoesNotAnswer() {
    temporal.hang();
    watch = watching(Duration.ofMillis(20), LONG_ENOUGH);
    var began = System.nanoTime();

    assertThat(watch.absence()).as("not known yet").isEmpty();
    pass(Duration.ofHours(1));
    assertThat(watch.absence()).as("still the first call").isEmpty();

    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONG_ENOUGH.dividedBy(2));
    assertThat(temporal.calls()).isLessThanOrEqualTo(1);
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  /// What Temporal knows of who polls the queue of decisions.
  private static final class Pollers extends WorkflowServiceImplBase {
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile Status.Code refusal = Status.Code.UNAVAILABLE;
    private volatile Optional<Instant> poll = Optional.empty();
    private volatile boolean isHanging;

    void polledAt(Instant time) {
      poll = Optional.of(time);
    }

    void forgetPollers() {
      poll = Optional.empty();
    }

    void refuse(Status.Code answer, int times) {
      refusal = answer;
      refusals.set(times);
    }

    void hang() {
      isHanging = true;
    }

    int calls() {
      return calls.get();
    }

    /// The client asks for it before its first call.
    @Override
    public void getSystemInfo(
        GetSystemInfoRequest request, StreamObserver<GetSystemInfoResponse> answer) {
      answer.onNext(GetSystemInfoResponse.getDefaultInstance());
      answer.onCompleted();
    }

    @Override
    public void describeTaskQueue(
        DescribeTaskQueueRequest request, StreamObserver<DescribeTaskQueueResponse> answer) {
      calls.incrementAndGet();
      if (isHanging) {
        return;
      }
      if (refusals.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
        answer.onError(refusal.toStatus().asRuntimeException());
        return;
      }
      assertThat(request.getTaskQueue().getName()).isEqualTo(TaskQueues.STORE);
      var response = DescribeTaskQueueResponse.newBuilder();
      poll.ifPresent(time ->
          response.addPollers(
              PollerInfo.newBuilder()
                  .setIdentity("worker")
                  .setLastAccessTime(
                      Timestamp.newBuilder()
                          .setSeconds(time.getEpochSecond())
                          .setNanos(time.getNano()))));
      answer.onNext(response.build());
      answer.onCompleted();
    }
  }
}
