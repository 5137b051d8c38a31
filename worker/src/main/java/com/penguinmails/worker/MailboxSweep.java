package com.penguinmails.worker;

import com.penguinmails.activities.setup.Stores;
import com.penguinmails.store.mailbox.MailboxCommands;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundCommand;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.SearchAttributes;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/// Tells servers' workflows of commands about mailboxes that the API could not pass on: Temporal
/// was away, or the API died in between.
final class MailboxSweep {
  private static final Logger LOG = LoggerFactory.getLogger(MailboxSweep.class);
  private static final int AT_ONCE = 100;

  private final SweepStore found;
  private final Stores stores;
  private final MailboxCommands commands;
  private final WorkflowClient temporal;
  private final Pace pace;
  private final Duration age;

  MailboxSweep(SweepStore found, Stores stores, WorkflowClient temporal, Pace pace, Duration age) {
    this.found = found;
    this.stores = stores;
    this.commands = new MailboxCommands(stores.tenancy());
    this.temporal = temporal;
    this.pace = pace;
    this.age = age;
  }

  @Scheduled(fixedDelayString = "${penguin.worker.sweep-every:10s}")
  void sweep() {
    try {
      found.untoldMailboxCommands(age, AT_ONCE).forEach(this::tell);
    } catch (DataAccessException | WorkflowServiceException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The sweep for commands about mailboxes did not finish; it runs again");
    }
  }

  private void tell(FoundCommand untold) {
    var tenant = untold.tenant();
    var command = stores.tenancy().reading(tenant, () -> commands.get(untold.command()));
    var wanted =
        new Wanted(command.version(), WorkflowIds.askedByApi(command.server()), command.setup());
    var options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(WorkflowIds.of(command.server()))
            .setTaskQueue(TaskQueues.DECISIONS)
            .setStaticSummary("Server of " + command.domain())
            .setTypedSearchAttributes(
                SearchAttributes.newBuilder()
                    .set(SearchColumns.TENANT_ID, tenant.toString())
                    .set(SearchColumns.DOMAIN_NAME, command.domain().value())
                    .build())
            .build();
    temporal
        .newUntypedWorkflowStub("ServerWorkflow", options)
        .signalWithStart(
            "wanted",
            new Object[] {wanted},
            new Object[] {
              new BeginServer(tenant, command.server(), wanted, pace, Optional.empty())
            });
    stores.tenancy().run(tenant, () -> commands.recordTold(untold.command()));
    LOG.atInfo()
        .addKeyValue("server", command.server())
        .log("Told a server of a command about mailboxes that it had not heard");
  }
}
