package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.GoldenHistories;
import com.penguinmails.workflows.sweep.DomainSweepWorkflow.SweepDomains;
import com.penguinmails.workflows.sweep.HostSweepWorkflow.SweepHosts;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow.SweepProvider;
import com.penguinmails.workflows.sweep.RepairWorkflow.RepairIncident;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TemporalDevServerOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Records the histories of sweeps, from the real Temporal server, once in a release: one more path
/// gets a file of its own. `-Dpenguin.temporal=PATH_OF_THE_TEMPORAL_BINARY`.
@EnabledIfSystemProperty(named = "penguin.temporal", matches = ".+")
@Timeout(120)
class SweepHistoryRecorder {
  @Test
  void repairs() throws IOException {
    record(
        "repairs",
        WorkflowIds.sweepOf("hostwinds"),
        new SweptAccount()::registerWith,
        (client, options) ->
            client
                .newWorkflowStub(ProviderSweepWorkflow.class, options)
                .run(new SweepProvider("hostwinds", Pace.production())));
  }

  @Test
  void domains() throws IOException {
    record(
        "domains",
        WorkflowIds.sweepOfDomains(),
        new SweptDomains(2)::registerWith,
        (client, options) ->
            client
                .newWorkflowStub(DomainSweepWorkflow.class, options)
                .run(SweepDomains.all(Pace.production())));
  }

  @Test
  void hosts() throws IOException {
    record(
        "hosts",
        WorkflowIds.sweepOfHosts(),
        new SweptHosts(2)::registerWith,
        (client, options) ->
            client
                .newWorkflowStub(HostSweepWorkflow.class, options)
                .run(SweepHosts.all(Pace.production())));
  }

  @Test
  void repair() throws IOException {
    var incident = new IncidentId(SweptAccount.RENAMED.value());
    record(
        "repair",
        WorkflowIds.repairOf(incident),
        new SweptAccount()::registerWith,
        (client, options) ->
            client
                .newWorkflowStub(RepairWorkflow.class, options)
                .run(
                    new RepairIncident(
                        new TenantId(new UUID(3, 2)), incident, "ada", Pace.production())));
  }

  private static void record(
      String path,
      String id,
      Consumer<TestWorkflowEnvironment> workers,
      BiConsumer<WorkflowClient, WorkflowOptions> sweep)
      throws IOException {
    var columns =
        SearchColumns.ALL.stream()
            .flatMap(
                column -> List.of("--search-attribute", column.getName() + "=Keyword").stream())
            .toArray(String[]::new);
    try (var temporal =
        TestWorkflowEnvironment.startLocal(
            TestEnvironmentOptions.newBuilder()
                .setWorkflowClientOptions(GoldenHistories.clientOptions())
                .build(),
            TemporalDevServerOptions.newBuilder()
                .setExistingPath(System.getProperty("penguin.temporal"))
                .setDownloadEnabled(false)
                .setExtraArgs(columns)
                .build())) {
      workers.accept(temporal);
      temporal.start();
      var options =
          WorkflowOptions.newBuilder().setTaskQueue(TaskQueues.DECISIONS).setWorkflowId(id).build();
      sweep.accept(temporal.getWorkflowClient(), options);
      GoldenHistories.keep(temporal.getWorkflowClient().fetchHistory(id), "sweep", path);
    }
  }
}
