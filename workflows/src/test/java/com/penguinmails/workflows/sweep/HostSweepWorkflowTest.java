package com.penguinmails.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.sweep.HostSweepWorkflow.HostsSwept;
import com.penguinmails.workflows.sweep.HostSweepWorkflow.SweepHosts;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// One sweep of all hosts: page by page, and only runs that have something to do are asked.
@Timeout(60)
class HostSweepWorkflowTest {
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    SweptHosts.ASKED.clear();
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
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void asksTheRunsOfServersThatDriftedOrAreBehind() {
    assertThat(sweep(new SweptHosts(2))).isEqualTo(new HostsSwept(48, 2, 2));
    // Started, but perhaps not heard of yet: the sweep does not wait for them.
    await()
        .untilAsserted(() ->
            assertThat(SweptHosts.ASKED)
                .extracting(Wanted::version)
                .containsExactlyInAnyOrder(1L, 2L, 1_001L, 1_002L));
  }

  /// Its history stays short however many hosts there are.
  @Test
  void continuesAsNewAfterAHundredLooks() {
    assertThat(sweep(new SweptHosts(101))).isEqualTo(new HostsSwept(101 * 24, 101, 101));

    var last = temporal.getWorkflowClient().fetchHistory(WorkflowIds.sweepOfHosts());
    assertThat(last.getEvents().size()).isLessThan(60);
  }

  private HostsSwept sweep(SweptHosts pages) {
    pages.registerWith(temporal);
    temporal.start();
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(
            HostSweepWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.sweepOfHosts())
                .setTaskQueue(TaskQueues.DECISIONS)
                .build())
        .run(SweepHosts.all(Pace.quick()));
  }
}
