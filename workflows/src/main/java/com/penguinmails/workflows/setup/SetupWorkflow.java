package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Asker;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TenantScoped;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

/// One set-up: what comes when, and waiting for entities and people. Id `setup/<id>`. Ends when the
/// server is proved by a real message, or when a cancel has been carried out.
@WorkflowInterface
public interface SetupWorkflow extends Asker {
  @WorkflowMethod
  void run(BeginSetup order);

  /// Ends the set-up and takes back what it made: our records, and what our manifest says we put on
  /// the host. Twice is once. The update id is the caller's idempotency key.
  @UpdateMethod
  Accepted cancel();

  /// Looks at the row, which says that the set-up is held: cancelled, and it can be taken back for
  /// a while. Nothing more is begun; what was made is taken back when that time is over. Twice is
  /// once.
  @UpdateMethod
  Accepted hold();

  /// Looks at the row, which says that the cancel was taken back: goes on where it was. Harmless
  /// when nothing is held.
  @UpdateMethod
  Accepted resume();

  /// Tries at once what is stuck. Harmless when nothing is.
  @UpdateMethod
  Accepted retry();

  /// The row may say more than this run heard: it comes from an older copy of Temporal's data.
  /// Looks at the row, and goes on from what it says. Twice is once.
  @SignalMethod
  void lookAgain();

  /// The domain is proved to be the tenant's. Twice is once.
  @SignalMethod
  void owned(Owned reply);

  /// Where it stands, for staff and tests; pages read the database.
  @QueryMethod
  SetupView view();

  /// @param domain the domain's name, for summaries
  /// @param carried state of the run before, after continue-as-new
  record BeginSetup(
      TenantId tenant, SetupId setup, DomainName domain, Pace pace, Optional<SetupState> carried)
      implements TenantScoped {}

  /// @param from workflow id of the domain
  record Owned(String from) {}

  /// @param stage where the set-up stands after the command
  record Accepted(Stage stage) {}

  record SetupView(Stage stage, Optional<String> stuckOn) {}

  /// Stages of a set-up; also the search attribute `Stage`.
  enum Stage {
    STARTED,
    /// Server, domain and certificate are being made.
    BUILDING,
    /// A real message is on its way through the new server.
    PROVING,
    PROVED,
    CANCELLING,
    CANCELLED
  }
}
