package com.penguinmails.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow.SweepProvider;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow.SweepResult;
import com.penguinmails.workflows.sweep.SweepActivities.RecordRepair;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One sweep: what may be repaired by itself is, and what cannot be holds up nothing.
@Timeout(60)
class ProviderSweepWorkflowTest {
  private final SweptAccount account = new SweptAccount();
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setUseTimeskipping(false)
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(PenguinDataConverter.clear())
                        .build())
                .build());
    SearchColumns.ALL.forEach(
        column -> temporal.registerSearchAttribute(column.getName(), column.getValueType()));
    account.registerWith(temporal);
    temporal.start();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void startsTheMissingRunGivesTheNameBackAndWritesWhy() {
    var result = sweep();

    assertThat(result).isEqualTo(new SweepResult(5, 1, 1, 1, 0, 2));
    assertThat(account.repaired)
        .extracting(RecordRepair::repair)
        .containsExactly(Repair.START_RUN, Repair.RENAME);
    assertThat(account.repaired.getFirst().evidence()).isEqualTo("Its run was started.");
    assertThat(
            temporal
                .getWorkflowClient()
                .newUntypedWorkflowStub(WorkflowIds.of(SweptAccount.WITHOUT_RUN))
                .query("view", Object.class))
        .isNotNull();
  }

  @Test
  void saysThatTheRunWasStartedBySomethingElse() {
    var server = SweptAccount.WITHOUT_RUN;
    var run =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(
                ServerWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(WorkflowIds.of(server))
                    .build());
    var wanted = new Wanted(4, "nobody", new SetupId(new UUID(3, 1)));
    var _ =
        WorkflowClient.start(
            run::run,
            new BeginServer(
                new TenantId(new UUID(3, 2)), server, wanted, Pace.quick(), Optional.empty()));

    sweep();

    assertThat(account.repaired.getFirst().evidence()).contains("something else had started it");
  }

  @Test
  void leavesOpenWhatCannotBeRepaired() {
    account.isRenamingRefused = true;

    var result = sweep();

    assertThat(result.open()).isEqualTo(2);
    assertThat(result.repaired()).isOne();
    assertThat(account.repaired).extracting(RecordRepair::repair).containsExactly(Repair.START_RUN);
  }

  private SweepResult sweep() {
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(
            ProviderSweepWorkflow.class,
            WorkflowOptions.newBuilder()
                .setTaskQueue(TaskQueues.DECISIONS)
                .setWorkflowId(WorkflowIds.sweepOf("hostwinds"))
                .build())
        .run(new SweepProvider("hostwinds", Pace.quick()));
  }
}
