package com.penguinmails.worker;

import com.penguinmails.workflows.sweep.DomainSweepWorkflow;
import com.penguinmails.workflows.sweep.DomainSweepWorkflow.SweepDomains;
import com.penguinmails.workflows.sweep.HostSweepWorkflow;
import com.penguinmails.workflows.sweep.HostSweepWorkflow.SweepHosts;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflow.SweepProvider;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.common.SearchAttributes;
import java.time.Duration;

/// One sweep that a Schedule starts.
///
/// @param id of the Schedule, and the beginning of its runs'
/// @param every how often; zero: only when somebody triggers it
/// @param order what its workflow is started with
/// @param summary one line for the list of runs
/// @param details Markdown for the run's page
record PlannedSweep(
    String id,
    Duration every,
    Class<?> workflow,
    Object order,
    String summary,
    String details,
    SearchAttributes attributes) {

  static PlannedSweep ofAccount(String provider, Duration every, Pace pace) {
    return new PlannedSweep(
        WorkflowIds.sweepOf(provider),
        every,
        ProviderSweepWorkflow.class,
        new SweepProvider(provider, pace),
        "Sweep of the account at " + provider,
        "Compares every server of the account with the orders: paid for and unknown, missing, other"
            + " than ordered, looked after by nobody.",
        SearchAttributes.newBuilder().set(SearchColumns.PROVIDER, provider).build());
  }

  static PlannedSweep ofDomains(Duration every, Pace pace) {
    return new PlannedSweep(
        WorkflowIds.sweepOfDomains(),
        every,
        DomainSweepWorkflow.class,
        SweepDomains.all(pace),
        "Sweep of all domains",
        "Asks the name servers of every proved domain for its records, and has its run put back what"
            + " is gone.",
        SearchAttributes.newBuilder().build());
  }

  static PlannedSweep ofHosts(Duration every, Pace pace) {
    return new PlannedSweep(
        WorkflowIds.sweepOfHosts(),
        every,
        HostSweepWorkflow.class,
        SweepHosts.all(pace),
        "Sweep of all hosts",
        "Runs the probes of every host that works, and has its run put right what is not as it was"
            + " left.",
        SearchAttributes.newBuilder().build());
  }
}
