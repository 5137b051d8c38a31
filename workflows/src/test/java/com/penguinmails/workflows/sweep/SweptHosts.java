package com.penguinmails.workflows.sweep;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerState;
import com.penguinmails.workflows.server.ServerWorkflow;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// Hosts to sweep, so many pages of them: of each page one has drifted, one more has not reached
/// its version, and one did not answer.
record SweptHosts(int pages) implements HostSweepActivities {
  /// What the runs of servers were asked for.
  static final List<Wanted> ASKED = new CopyOnWriteArrayList<>();

  /// Workers of the sweep, and of servers that only listen.
  void registerWith(TestWorkflowEnvironment temporal) {
    temporal
        .newWorker(TaskQueues.DECISIONS)
        .registerWorkflowImplementationTypes(HostSweepWorkflowImpl.class, IdleServer.class);
    temporal.newWorker(TaskQueues.SSH).registerActivitiesImplementations(this);
  }

  @Override
  public HostsLooked lookAtHosts(LookAtHosts order) {
    long page = order.after().map(last -> last.value().getLeastSignificantBits()).orElse(0L) + 1;
    var last = new ServerId(new UUID(7, page));
    return new HostsLooked(
        order.atMost() - 1,
        1,
        1,
        List.of(behind(last, page), behind(new ServerId(new UUID(6, page)), 1_000 + page)),
        Optional.of(last).filter(_ -> page < pages));
  }

  private static BehindServer behind(ServerId server, long version) {
    return new BehindServer(
        new TenantId(new UUID(3, 2)),
        server,
        new DomainName("mail.page-%d.test".formatted(version)),
        "hostwinds",
        new SetupId(new UUID(9, 9)),
        version);
  }

  /// Does nothing but stay.
  public static final class IdleServer implements ServerWorkflow {
    @Override
    public void run(BeginServer order) {
      ASKED.add(order.wanted());
      Workflow.await(() -> false);
    }

    @Override
    public void wanted(Wanted wanted) {}

    @Override
    public ServerState adopt(AdoptServer order) {
      return view();
    }

    @Override
    public ServerState confirmNotBought(ConfirmNotBought order) {
      return view();
    }

    @Override
    public void checkAdopt(AdoptServer order) {}

    @Override
    public void checkConfirmNotBought(ConfirmNotBought order) {}

    @Override
    public ServerState view() {
      return new ServerState(0, List.of(), Optional.empty());
    }
  }
}
