package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.temporal.Pace;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

/// One look at every host that was converged, started by a Schedule. The runs of servers that are
/// not as they were left are asked to bring them to their version again.
@WorkflowInterface
public interface HostSweepWorkflow {
  /// Ends when every host was looked at, and every run was asked that has something to do.
  @WorkflowMethod
  HostsSwept run(SweepHosts order);

  /// @param after which server this run goes on; empty: from the first
  /// @param before what the runs before this one came to
  record SweepHosts(Pace pace, Optional<ServerId> after, HostsSwept before) {
    /// A sweep from the beginning.
    public static SweepHosts all(Pace pace) {
      return new SweepHosts(pace, Optional.empty(), new HostsSwept(0, 0, 0));
    }
  }

  /// As staff read it on the run's page.
  ///
  /// @param hosts how many were looked at
  /// @param unknown how many did not answer, or were busy; nothing is said about them
  /// @param drifted how many were not as they were left
  record HostsSwept(int hosts, int unknown, int drifted) {
    HostsSwept plus(HostsSwept more) {
      return new HostsSwept(hosts + more.hosts, unknown + more.unknown, drifted + more.drifted);
    }
  }
}
