package com.penguinmails.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.sweep.RepairWorkflow.RepairIncident;
import com.penguinmails.workflows.sweep.RepairWorkflow.RepairResult;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a member of staff wants repaired is, and they read what was done or why nothing was.
@Timeout(60)
class RepairWorkflowTest {
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
  void doesWhatIsWantedAndWritesWhoWantedIt() {
    assertThat(repair(SweptAccount.RENAMED))
        .isEqualTo(new RepairResult(true, "It is called so again."));

    assertThat(account.repaired)
        .singleElement()
        .satisfies(fact -> {
          assertThat(fact.repair()).isEqualTo(Repair.RENAME);
          assertThat(fact.person()).contains("ada");
        });
  }

  @Test
  void saysWhyNothingWasDone() {
    assertThat(repair(SweptAccount.READDRESSED))
        .isEqualTo(new RepairResult(false, "The server has another address at its seller by now."));
    assertThat(repair(SweptAccount.WITHOUT_RUN))
        .isEqualTo(
            new RepairResult(false, "It is over, or there is nothing that a program can do."));
    account.isRenamingRefused = true;
    assertThat(repair(SweptAccount.RENAMED).said()).startsWith("PROVIDER_REFUSED: ");

    assertThat(account.repaired).isEmpty();
  }

  private RepairResult repair(ServerId server) {
    var incident = new IncidentId(server.value());
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(
            RepairWorkflow.class,
            WorkflowOptions.newBuilder()
                .setTaskQueue(TaskQueues.DECISIONS)
                .setWorkflowId(WorkflowIds.repairOf(incident))
                .build())
        .run(new RepairIncident(new TenantId(new UUID(3, 2)), incident, "ada", Pace.quick()));
  }
}
