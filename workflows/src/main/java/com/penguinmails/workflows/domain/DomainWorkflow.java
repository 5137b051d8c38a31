package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Entity;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.Optional;

/// One sending domain: ownership, DKIM keys, record plan, publishing, verifying, withdrawing. Id
/// `domain/<id>`.
@WorkflowInterface
public interface DomainWorkflow extends Entity {
  @WorkflowMethod
  void run(BeginDomain order);

  /// What it is doing, for staff and tests.
  @QueryMethod
  DomainState view();

  /// @param name for summaries
  record BeginDomain(
      TenantId tenant,
      DomainId domain,
      DomainName name,
      Wanted wanted,
      Pace pace,
      Optional<DomainState> carried)
      implements TenantScoped {}

  /// What a domain's workflow carries from run to run.
  record DomainState(long reached, List<Wanted> waiting) {
    public DomainState {
      waiting = List.copyOf(waiting);
    }
  }
}
