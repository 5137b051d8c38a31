package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.temporal.Pace;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

/// One look at the records of every domain that was proved, started by a Schedule. The runs of
/// domains whose records are not there any more are asked to publish and prove them again.
@WorkflowInterface
public interface DomainSweepWorkflow {
  /// Ends when every domain was looked at, and every run was asked that has something to do.
  @WorkflowMethod
  DomainsSwept run(SweepDomains order);

  /// @param after which domain this run goes on; empty: from the first
  /// @param before what the runs before this one came to
  record SweepDomains(Pace pace, Optional<DomainId> after, DomainsSwept before) {
    /// A sweep from the beginning.
    public static SweepDomains all(Pace pace) {
      return new SweepDomains(pace, Optional.empty(), new DomainsSwept(0, 0, 0));
    }
  }

  /// As staff read it on the run's page.
  ///
  /// @param domains how many were looked at
  /// @param unknown of how many no name server answered; nothing is said about them
  /// @param drifted of how many records were gone
  record DomainsSwept(int domains, int unknown, int drifted) {
    DomainsSwept plus(DomainsSwept more) {
      return new DomainsSwept(
          domains + more.domains, unknown + more.unknown, drifted + more.drifted);
    }
  }
}
