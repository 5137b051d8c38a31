package com.penguinmails.worker;

import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow.SweepProvider;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
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
import io.temporal.common.SearchAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;

/// Makes the Schedules of sweeps, one for each seller, or brings them up to date: once after each
/// start, as soon as Temporal is there. What staff paused stays paused.
final class SweepSchedules {
  private static final Logger LOG = LoggerFactory.getLogger(SweepSchedules.class);
  // A sweep looks at everything, so those that Temporal slept through need not be made up for.
  private static final Duration LATE_BY_AT_MOST = Duration.ofMinutes(1);

  private final ScheduleClient schedules;
  private final Set<String> left;
  private final Duration every;
  private final Pace pace;

  /// @param every how often; zero: only when somebody triggers it
  SweepSchedules(ScheduleClient schedules, VpsProviders providers, Duration every, Pace pace) {
    this.schedules = schedules;
    this.left = new TreeSet<>(providers.names());
    this.every = every;
    this.pace = pace;
  }

  @Scheduled(fixedDelayString = "${penguin.worker.sweep-every:10s}")
  synchronized void ensure() {
    try {
      for (var provider : List.copyOf(left)) {
        ensure(provider);
        left.remove(provider);
      }
    } catch (StatusRuntimeException | ScheduleException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The Schedules of sweeps were not made; tried again");
    }
  }

  private void ensure(String provider) {
    var id = WorkflowIds.sweepOf(provider);
    var wanted = schedule(provider);
    try {
      schedules.createSchedule(id, wanted, ScheduleOptions.newBuilder().build());
      LOG.atInfo().addKeyValue("schedule", id).addKeyValue("every", every).log("Schedule made");
    } catch (ScheduleAlreadyRunningException known) {
      schedules
          .getHandle(id)
          .update(before ->
              new ScheduleUpdate(
                  Schedule.newBuilder(wanted)
                      .setState(before.getDescription().getSchedule().getState())
                      .build()));
    }
  }

  private Schedule schedule(String provider) {
    var intervals =
        every.isZero() ? List.<ScheduleIntervalSpec>of() : List.of(new ScheduleIntervalSpec(every));
    return Schedule.newBuilder()
        .setAction(
            ScheduleActionStartWorkflow.newBuilder()
                .setWorkflowType(ProviderSweepWorkflow.class)
                .setArguments(new SweepProvider(provider, pace))
                .setOptions(
                    WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.sweepOf(provider))
                        .setTaskQueue(TaskQueues.DECISIONS)
                        .setStaticSummary("Sweep of the account at " + provider)
                        .setStaticDetails(
                            "Compares every server of the account with the orders: paid for and"
                                + " unknown, missing, other than ordered, looked after by nobody.")
                        .setTypedSearchAttributes(
                            SearchAttributes.newBuilder()
                                .set(SearchColumns.PROVIDER, provider)
                                .build())
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
