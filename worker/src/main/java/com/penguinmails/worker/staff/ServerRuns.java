package com.penguinmails.worker.staff;

import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.server.ServerState;
import com.penguinmails.workflows.server.ServerWorkflow.AdoptServer;
import com.penguinmails.workflows.server.ServerWorkflow.ConfirmNotBought;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/// Speaks to the workflows of servers as a member of staff. Close it after use.
final class ServerRuns implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60); // a worker answers within one

  private final StaffTemporal temporal;

  ServerRuns(StaffSettings settings) {
    temporal = new StaffTemporal(settings);
  }

  /// @throws NotTaken it did not reach the server's run, or was refused
  /// @throws NotKnown nobody answered
  void adopt(ServerId server, ProviderServerId found, String person) {
    tell(server, "adopt", new AdoptServer(found, person));
  }

  /// @throws NotTaken it did not reach the server's run, or was refused
  /// @throws NotKnown nobody answered
  void confirmNotBought(ServerId server, int attempt, String person) {
    tell(server, "confirmNotBought", new ConfirmNotBought(person, attempt));
  }

  private void tell(ServerId server, String update, Object word) {
    var run = temporal.client().newUntypedWorkflowStub(WorkflowIds.of(server));
    try {
      CompletableFuture.supplyAsync(() -> run.update(update, ServerState.class, word))
          .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw said(server, e.getCause() == null ? e : e.getCause());
    }
  }

  private RuntimeException said(ServerId server, Throwable why) {
    return switch (why) {
      case WorkflowUpdateException refused ->
          new NotTaken("It was refused: " + reason(refused), refused);
      case WorkflowNotFoundException none ->
          new NotTaken("No run of server %s is at work.".formatted(server), none);
      default ->
          new NotKnown(
              "Nobody answered within %d s: Temporal at %s or every worker is away. It may be taken later; the same command may be repeated."
                  .formatted(PATIENCE.toSeconds(), temporal.address()),
              why);
    };
  }

  /// What whoever refused it wrote: the innermost failure.
  private static String reason(Throwable refused) {
    var innermost = refused;
    while (innermost.getCause() != null) {
      innermost = innermost.getCause();
    }
    return innermost instanceof ApplicationFailure failure
        ? failure.getOriginalMessage()
        : String.valueOf(innermost.getMessage());
  }

  @Override
  public void close() {
    temporal.close();
  }
}
