package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.domain.DomainWorkflow;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Domains to sweep, so many pages of them: of each page one domain's records are gone, and of one
/// nobody answered.
record SweptDomains(int pages) implements DomainSweepActivities {
  /// What the runs of domains were asked for.
  static final List<Wanted> ASKED = new CopyOnWriteArrayList<>();

  /// Workers of the sweep, and of domains that only listen.
  void registerWith(TestWorkflowEnvironment temporal) {
    temporal
        .newWorker(TaskQueues.DECISIONS)
        .registerWorkflowImplementationTypes(DomainSweepWorkflowImpl.class, IdleDomain.class);
    temporal.newWorker(TaskQueues.DNS).registerActivitiesImplementations(this);
  }

  @Override
  public DomainsLooked lookAtDomains(LookAtDomains order) {
    long page = order.after().map(last -> last.value().getLeastSignificantBits()).orElse(0L) + 1;
    var domain = new DomainId(new UUID(7, page));
    return new DomainsLooked(
        order.atMost(),
        1,
        List.of(
            new DriftedDomain(
                new TenantId(new UUID(3, 2)),
                domain,
                new DomainName("page-%d.test".formatted(page)),
                new SetupId(new UUID(9, 9)),
                page)),
        Optional.of(domain).filter(_ -> page < pages));
  }

  /// Does nothing but stay.
  public static final class IdleDomain implements DomainWorkflow {
    @Override
    public void run(BeginDomain order) {
      ASKED.add(order.wanted());
      Workflow.await(() -> false);
    }

    @Override
    public void wanted(Wanted wanted) {}

    @Override
    public DomainState view() {
      return new DomainState(0, List.of());
    }
  }
}
