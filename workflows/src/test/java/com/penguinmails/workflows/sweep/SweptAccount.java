package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerState;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// What a sweep is answered: two servers of one tenant, one without a run and one with a wrong
/// name.
final class SweptAccount implements SweepActivities {
  static final ServerId WITHOUT_RUN = new ServerId(new UUID(1, 1));
  static final ServerId RENAMED = new ServerId(new UUID(1, 2));
  static final ServerId READDRESSED = new ServerId(new UUID(1, 3));

  final List<RecordRepair> repaired = new CopyOnWriteArrayList<>();
  volatile boolean isRenamingRefused;

  /// Polls for everything that a sweep needs.
  void registerWith(TestWorkflowEnvironment temporal) {
    temporal
        .newWorker(TaskQueues.DECISIONS)
        .registerWorkflowImplementationTypes(
            ProviderSweepWorkflowImpl.class, RepairWorkflowImpl.class, IdleServer.class);
    temporal.newWorker(TaskQueues.STORE).registerActivitiesImplementations(this);
    temporal.newWorker(TaskQueues.vps("hostwinds")).registerActivitiesImplementations(this);
  }

  @Override
  public AccountSwept compare(CompareAccount order) {
    return new AccountSwept(
        5, 1, 1, 3, 0, List.of(mend(Repair.START_RUN, WITHOUT_RUN), mend(Repair.RENAME, RENAMED)));
  }

  @Override
  public Mended rename(RenameServer order) {
    if (isRenamingRefused) {
      throw ApplicationFailure.newNonRetryableFailure(
          "refused on purpose", FailureType.REFUSED.name(), Cause.PROVIDER_REFUSED.name());
    }
    return new Mended(true, "It is called so again.");
  }

  @Override
  public Mended setReverseName(SetReverseName order) {
    return new Mended(false, "The server has another address at its seller by now.");
  }

  @Override
  public Optional<Mend> mendOf(FindMend order) {
    return order.incident().value().equals(RENAMED.value())
        ? Optional.of(mend(Repair.RENAME, RENAMED))
        : Optional.of(order.incident().value())
            .filter(READDRESSED.value()::equals)
            .map(_ -> mend(Repair.SET_REVERSE_NAME, READDRESSED));
  }

  @Override
  public void repaired(RecordRepair fact) {
    repaired.add(fact);
  }

  private static Mend mend(Repair repair, ServerId server) {
    return new Mend(
        repair,
        new IncidentId(server.value()),
        new TenantId(new UUID(3, 2)),
        new OrderId(server.value()),
        server,
        "hostwinds",
        new DomainName("mail.acme-outreach.test"),
        new SetupId(new UUID(3, 1)),
        4);
  }

  /// A server's run that waits.
  public static final class IdleServer implements ServerWorkflow {
    @Override
    public void run(BeginServer order) {
      Workflow.upsertTypedSearchAttributes(
          SearchColumns.STAGE.valueSet("version-" + order.wanted().version()));
      Workflow.await(() -> false);
    }

    @Override
    public ServerState adopt(AdoptServer order) {
      return view();
    }

    @Override
    public ServerState confirmNotBought(ConfirmNotBought order) {
      return view();
    }

    @Override
    public void checkAdopt(AdoptServer order) {
      // never asked here
    }

    @Override
    public void checkConfirmNotBought(ConfirmNotBought order) {
      // never asked here
    }

    @Override
    public ServerState view() {
      return new ServerState(0, List.of(), Optional.empty());
    }

    @Override
    public void wanted(Wanted wanted) {
      // never asked here
    }
  }
}
