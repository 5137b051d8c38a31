package com.penguinmails.api.mailbox;

import com.penguinmails.api.ApiSettings;
import com.penguinmails.store.mailbox.MailboxCommands.Told;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.Priority;
import io.temporal.common.SearchAttributes;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Tells servers' workflows which version is wanted. Temporal may be away: the row is the last
/// word, so a request waits a little and then goes on without; the sweep tells it later.
@Service
class ServerRuns {
  private static final Logger log = LoggerFactory.getLogger(ServerRuns.class);

  private final WorkflowClient client;
  private final Duration wait;
  private final Pace pace;
  private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

  ServerRuns(WorkflowClient client, ApiSettings settings) {
    this.client = client;
    this.wait = settings.startWait();
    this.pace = settings.pace().pace();
  }

  /// Signals the version a command holds from. Safe to repeat.
  ///
  /// @return false when Temporal did not take it in time
  boolean tell(TenantId tenant, Told command) {
    var call = calls.submit(() -> signal(tenant, command));
    try {
      call.get(wait.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      log.atWarn()
          .addKeyValue("server", command.server())
          .addKeyValue("reason", e.getClass().getSimpleName())
          .log("Temporal did not take what is wanted of a server: the row holds it");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void signal(TenantId tenant, Told command) {
    var wanted =
        new Wanted(command.version(), WorkflowIds.askedByApi(command.server()), command.setup());
    var options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(WorkflowIds.of(command.server()))
            .setTaskQueue(TaskQueues.DECISIONS)
            .setStaticSummary("Server of " + command.domain().unicode())
            .setTypedSearchAttributes(
                SearchAttributes.newBuilder()
                    .set(SearchColumns.TENANT_ID, tenant.toString())
                    .set(SearchColumns.DOMAIN_NAME, command.domain().value())
                    .build())
            .setPriority(Priority.newBuilder().setFairnessKey(tenant.toString()).build())
            .build();
    client
        .newUntypedWorkflowStub("ServerWorkflow", options)
        .signalWithStart(
            "wanted",
            new Object[] {wanted},
            new Object[] {
              new BeginServer(tenant, command.server(), wanted, pace, Optional.empty())
            });
  }

  @PreDestroy
  void stop() {
    calls.shutdownNow();
  }
}
