package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Rehearsals;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The workflows of a set-up, rehearsed: nobody polls a real queue here, so one task that went to
/// one would keep the rehearsal from its end.
@Timeout(60)
class RehearsalWorkflowTest {
  private final InMemoryWorld world = new InMemoryWorld();
  private final PlanId plan = new PlanId(new UUID(2, 1));
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    world.provider = Optional.of(new InMemoryProvider()); // a seller's queue is one more
    temporal = world.inMemoryTemporal(Rehearsals::queue);
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void asksNobodyButTheQueuesOfRehearsals() {
    rehearse();

    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(runs())
        .allSatisfy(id ->
            assertThat(temporal.getWorkflowClient().fetchHistory(id).getEvents())
                .filteredOn(
                    event -> event.getEventType() == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)
                .isNotEmpty()
                .allSatisfy(event ->
                    assertThat(
                            event
                                .getActivityTaskScheduledEventAttributes()
                                .getTaskQueue()
                                .getName())
                        .startsWith("rehearsal-")));
  }

  /// Temporal carries it out; the in-memory one does not.
  @Test
  void whatItStartsIsToEndWithIt() {
    rehearse();

    assertThat(temporal.getWorkflowClient().fetchHistory(Rehearsals.idOf(plan)).getEvents())
        .filteredOn(HistoryEvent::hasStartChildWorkflowExecutionInitiatedEventAttributes)
        .extracting(HistoryEvent::getStartChildWorkflowExecutionInitiatedEventAttributes)
        .hasSizeGreaterThanOrEqualTo(3) // one that runs already is asked again
        .allSatisfy(started -> {
          assertThat(started.getParentClosePolicy())
              .isEqualTo(ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE);
          assertThat(started.getWorkflowId()).startsWith("rehearsal/");
        });
  }

  private Stream<String> runs() {
    return Stream.of(
        Rehearsals.idOf(plan),
        "rehearsal/" + WorkflowIds.of(world.server),
        "rehearsal/" + WorkflowIds.of(world.domain),
        "rehearsal/" + WorkflowIds.of(world.certificate));
  }

  private void rehearse() {
    var run =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(
                SetupWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(Rehearsals.queue(TaskQueues.DECISIONS))
                    .setWorkflowId(Rehearsals.idOf(plan))
                    .build());
    WorkflowClient.start(
        run::run,
        new BeginSetup(
            new TenantId(new UUID(2, 2)),
            new SetupId(plan.value()),
            new DomainName("acme-outreach.test"),
            Pace.quick(),
            Optional.empty()));
    WorkflowStub.fromTyped(run).getResult(Void.class);
  }
}
