package com.penguinmails.workflows.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.sweep.DomainSweepWorkflow.DomainsSwept;
import com.penguinmails.workflows.sweep.DomainSweepWorkflow.SweepDomains;
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

/// One sweep of all domains: page by page, and only runs that have something to do are asked.
@Timeout(60)
class DomainSweepWorkflowTest {
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    SweptDomains.ASKED.clear();
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
  void asksTheRunsOfDomainsWhoseRecordsAreGone() {
    assertThat(sweep(new SweptDomains(3))).isEqualTo(new DomainsSwept(75, 3, 3));
    // Started, but perhaps not heard of yet: the sweep does not wait for them.
    await()
        .untilAsserted(() ->
            assertThat(SweptDomains.ASKED)
                .extracting(Wanted::version)
                .containsExactlyInAnyOrder(1L, 2L, 3L));
  }

  /// Its history stays short however many domains there are.
  @Test
  void continuesAsNewAfterAHundredLooks() {
    assertThat(sweep(new SweptDomains(101))).isEqualTo(new DomainsSwept(101 * 25, 101, 101));

    var last = temporal.getWorkflowClient().fetchHistory(WorkflowIds.sweepOfDomains());
    assertThat(last.getEvents().size()).isLessThan(50);
  }

  private DomainsSwept sweep(SweptDomains pages) {
    pages.registerWith(temporal);
    temporal.start();
    return temporal
        .getWorkflowClient()
        .newWorkflowStub(
            DomainSweepWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.sweepOfDomains())
                .setTaskQueue(TaskQueues.DECISIONS)
                .build())
        .run(SweepDomains.all(Pace.quick()));
  }
}
