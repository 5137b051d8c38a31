package com.penguinmails.worker;

import com.penguinmails.workflows.temporal.TaskQueues;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.ScheduleOverlapPolicy;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.schedules.Schedule;
import io.temporal.client.schedules.ScheduleActionStartWorkflow;
import io.temporal.client.schedules.ScheduleAlreadyRunningException;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleException;
import io.temporal.client.schedules.ScheduleIntervalSpec;
import io.temporal.client.schedules.ScheduleOptions;
import io.temporal.client.schedules.SchedulePolicy;
import io.temporal.client.schedules.ScheduleSpec;
import io.temporal.client.schedules.ScheduleUpdate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// Makes the Schedules of sweeps, one each, or brings them up to date: once after each start, as
/// soon as Temporal is there. What staff paused stays paused.
final class SweepSchedules {
  private static final Logger LOG = LoggerFactory.getLogger(SweepSchedules.class);
  // A sweep looks at everything, so those that Temporal slept through need not be made up for.
  private static final Duration LATE_BY_AT_MOST = Duration.ofMinutes(1);

  private final ScheduleClient schedules;
  private final List<PlannedSweep> left;

  SweepSchedules(ScheduleClient schedules, List<PlannedSweep> planned) {
    this.schedules = schedules;
    this.left = new ArrayList<>(planned);
  }

  @Scheduled(fixedDelayString = "${penguin.worker.sweep-every:10s}")
  synchronized void ensure() {
    try {
      for (var sweep : List.copyOf(left)) {
        ensure(sweep);
        left.remove(sweep);
      }
    } catch (StatusRuntimeException | ScheduleException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The Schedules of sweeps were not made; tried again");
    }
  }

  private void ensure(PlannedSweep sweep) {
    var wanted = schedule(sweep);
    try {
      schedules.createSchedule(sweep.id(), wanted, ScheduleOptions.newBuilder().build());
      LOG.atInfo()
          .addKeyValue("schedule", sweep.id())
          .addKeyValue("every", sweep.every())
          .log("Schedule made");
    } catch (ScheduleAlreadyRunningException known) {
      schedules
          .getHandle(sweep.id())
          .update(before ->
              new ScheduleUpdate(
                  Schedule.newBuilder(wanted)
                      .setState(before.getDescription().getSchedule().getState())
                      .build()));
    }
  }

  private static Schedule schedule(PlannedSweep sweep) {
    var intervals =
        sweep.every().isZero()
            ? List.<ScheduleIntervalSpec>of()
            : List.of(new ScheduleIntervalSpec(sweep.every()));
    return Schedule.newBuilder()
        .setAction(
            ScheduleActionStartWorkflow.newBuilder()
                .setWorkflowType(sweep.workflow())
                .setArguments(sweep.order())
                .setOptions(
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(sweep.id())
                        .setTaskQueue(TaskQueues.DECISIONS)
                        .setStaticSummary(sweep.summary())
                        .setStaticDetails(sweep.details())
                        .setTypedSearchAttributes(sweep.attributes())
                        .build())
                .build())
        .setSpec(ScheduleSpec.newBuilder().setIntervals(intervals).build())
        .setPolicy(
            SchedulePolicy.newBuilder()
                .setOverlap(ScheduleOverlapPolicy.SCHEDULE_OVERLAP_POLICY_SKIP)
                .setCatchupWindow(LATE_BY_AT_MOST)
                .build())
        .build();
  }
}
