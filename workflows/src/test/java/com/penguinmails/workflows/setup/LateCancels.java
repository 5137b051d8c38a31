package com.penguinmails.workflows.setup;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.temporal.api.command.v1.Command;
import io.temporal.api.enums.v1.WorkflowTaskFailedCause;
import io.temporal.api.workflowservice.v1.PollActivityTaskQueueResponse;
import io.temporal.api.workflowservice.v1.PollWorkflowTaskQueueResponse;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCanceledRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondActivityTaskFailedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskCompletedRequest;
import io.temporal.api.workflowservice.v1.RespondWorkflowTaskFailedRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Between the worker and Temporal's in-memory server. When an activity ends, or a timer fires,
/// while a workflow task is at work that cancels it, that server refuses the task's answer with
/// `ACTIVITY_UNKNOWN` or `invalid history builder state for action` and forgets that it happened,
/// so that the run is stuck for ever; the real one takes it (sdk-java, issue 2391). Here such a
/// task is failed before the server hears of it: it comes again with what happened in its history.
/// What else is in the way of a task that cancels is failed with it, which costs a replay.
final class LateCancels implements ClientInterceptor {
  private static final long ON_ITS_WAY =
      Duration.ofMillis(20).toNanos(); // an answer, to the server

  private final Map<ByteString, String> runs = new ConcurrentHashMap<>(); // by a task's token
  private final Set<String> endedMeanwhile = ConcurrentHashMap.newKeySet(); // runs
  private final Map<String, Long> firesAt = new ConcurrentHashMap<>(); // by run and timer
  private final Semaphore turn = new Semaphore(1); // one answer at a time, until it is taken

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return switch (String.valueOf(method.getBareMethodName())) {
      case "PollWorkflowTaskQueue", "PollActivityTaskQueue" ->
          new Poll<>(next.newCall(method, options));
      case "RespondActivityTaskCompleted",
          "RespondActivityTaskFailed",
          "RespondActivityTaskCanceled",
          "RespondWorkflowTaskCompleted" ->
          new Answer<>(next.newCall(method, options), options, next);
      default -> next.newCall(method, options);
    };
  }

  private void heard(@Nullable Object task) {
    switch (task) {
      case PollWorkflowTaskQueueResponse decide when !decide.hasQuery() ->
          runs.put(decide.getTaskToken(), decide.getWorkflowExecution().getRunId());
      case PollActivityTaskQueueResponse act ->
          runs.put(act.getTaskToken(), act.getWorkflowExecution().getRunId());
      case null, default -> {}
    }
  }

  private void ended(ByteString task) {
    var run = runs.get(task);
    if (run != null) {
      endedMeanwhile.add(run);
    }
  }

  private boolean isTooLate(RespondWorkflowTaskCompletedRequest answer) {
    var run = runs.get(answer.getTaskToken());
    boolean isAnyEnded = run != null && endedMeanwhile.remove(run);
    boolean isTooLate =
        answer.getCommandsList().stream()
            .anyMatch(command ->
                switch (command.getCommandType()) {
                  case COMMAND_TYPE_REQUEST_CANCEL_ACTIVITY_TASK -> isAnyEnded;
                  case COMMAND_TYPE_CANCEL_TIMER ->
                      isFired(run, command.getCancelTimerCommandAttributes().getTimerId());
                  default -> false;
                });
    if (!isTooLate) {
      answer.getCommandsList().stream()
          .filter(Command::hasStartTimerCommandAttributes)
          .map(Command::getStartTimerCommandAttributes)
          .forEach(timer ->
              firesAt.put(
                  run + "/" + timer.getTimerId(),
                  System.nanoTime() + Durations.toNanos(timer.getStartToFireTimeout())));
    }
    return isTooLate;
  }

  /// Or may fire before the server hears of the cancel.
  private boolean isFired(@Nullable String run, String timer) {
    var at = firesAt.get(run + "/" + timer);
    return at != null && System.nanoTime() - at > -ON_ITS_WAY;
  }

  /// Remembers which run a task belongs to.
  private final class Poll<Q, A> extends SimpleForwardingClientCall<Q, A> {
    private Poll(ClientCall<Q, A> call) {
      super(call);
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      super.start(
          new SimpleForwardingClientCallListener<A>(listener) {
            @Override
            public void onMessage(A message) {
              heard(message);
              super.onMessage(message);
            }
          },
          headers);
    }
  }

  /// Begins when its message is known, and when no other is on its way.
  private final class Answer<Q, A> extends ClientCall<Q, A> {
    private final ClientCall<Q, A> call;
    private final CallOptions options;
    private final Channel next;
    private Listener<A> listener = new Listener<>() {};
    private Metadata headers = new Metadata();
    private int requested;
    private boolean isSent;

    private Answer(ClientCall<Q, A> call, CallOptions options, Channel next) {
      this.call = call;
      this.options = options;
      this.next = next;
    }

    @Override
    public void start(Listener<A> listener, Metadata headers) {
      this.listener = listener;
      this.headers = headers;
    }

    @Override
    public void request(int messages) {
      if (isSent) {
        call.request(messages);
      } else {
        requested += messages;
      }
    }

    @Override
    public void sendMessage(Q message) {
      turn.acquireUninterruptibly();
      switch (message) {
        case RespondActivityTaskCompletedRequest act -> ended(act.getTaskToken());
        case RespondActivityTaskFailedRequest act -> ended(act.getTaskToken());
        case RespondActivityTaskCanceledRequest act -> ended(act.getTaskToken());
        case RespondWorkflowTaskCompletedRequest decided when isTooLate(decided) -> {
          fail(decided);
          return;
        }
        default -> {}
      }
      isSent = true;
      call.start(
          new SimpleForwardingClientCallListener<A>(listener) {
            @Override
            public void onClose(Status status, Metadata trailers) {
              turn.release();
              super.onClose(status, trailers);
            }
          },
          headers);
      call.request(requested);
      call.sendMessage(message);
    }

    private void fail(RespondWorkflowTaskCompletedRequest decided) {
      try {
        var _ =
            ClientCalls.blockingUnaryCall(
                next,
                WorkflowServiceGrpc.getRespondWorkflowTaskFailedMethod(),
                options,
                RespondWorkflowTaskFailedRequest.newBuilder()
                    .setNamespace(decided.getNamespace())
                    .setTaskToken(decided.getTaskToken())
                    .setIdentity(decided.getIdentity())
                    .setCause(
                        WorkflowTaskFailedCause
                            .WORKFLOW_TASK_FAILED_CAUSE_BAD_REQUEST_CANCEL_ACTIVITY_ATTRIBUTES)
                    .build());
      } finally {
        turn.release();
      }
      listener.onClose(
          Status.INVALID_ARGUMENT.withDescription("an activity ended or a timer fired meanwhile"),
          new Metadata());
    }

    @Override
    public void halfClose() {
      if (isSent) {
        call.halfClose();
      }
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      if (isSent) {
        call.cancel(message, cause);
      }
    }
  }
}
