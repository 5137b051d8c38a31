package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Entity;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TenantScoped;
import com.penguinmails.workflows.temporal.Wanted;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

/// One server, from first contact until it is retired. Id `server/<id>`. The only workflow that may
/// start SSH work on that host.
@WorkflowInterface
public interface ServerWorkflow extends Entity {
  @WorkflowMethod
  void run(BeginServer order);

  /// A member of staff says which server at the provider the order has become. The first one
  /// counts. Fails when another one does, when it has not the order's label, or when no server is
  /// being bought. Safe to repeat.
  @UpdateMethod
  ServerState adopt(AdoptServer order);

  /// A member of staff looked at the provider: that try bought nothing, and it may be tried again.
  /// Fails when a server was found, or when there was no such try. Safe to repeat: of later tries
  /// it says nothing.
  @UpdateMethod
  ServerState confirmNotBought(ConfirmNotBought order);

  /// Nobody can know what becomes of a purchase that is being made: refused for that moment.
  @UpdateValidatorMethod(updateName = "adopt")
  void checkAdopt(AdoptServer order);

  /// As [#checkAdopt].
  @UpdateValidatorMethod(updateName = "confirmNotBought")
  void checkConfirmNotBought(ConfirmNotBought order);

  /// @param person who says so
  record AdoptServer(ProviderServerId found, String person) {}

  /// @param person who says so
  /// @param attempt which try they looked for; the first is 1
  record ConfirmNotBought(String person, int attempt) {}

  /// What it is doing, for staff and tests.
  @QueryMethod
  ServerState view();

  /// @param wanted the first version asked for
  /// @param carried state of the run before, after continue-as-new
  record BeginServer(
      TenantId tenant, ServerId server, Wanted wanted, Pace pace, Optional<ServerState> carried)
      implements TenantScoped {}
}
