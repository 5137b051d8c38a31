package com.penguinmails.workflows.temporal;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.TenantId;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.common.SearchAttributes;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.SignalExternalWorkflowException;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;

/// Asking an entity from another workflow: a start that finds it running becomes a signal.
public final class Entities {
  private static final String NOT_FOUND =
      "SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED_CAUSE_EXTERNAL_WORKFLOW_EXECUTION_NOT_FOUND";

  private Entities() {}

  /// Asks the entity for a version. Safe to repeat: versions make doubling harmless.
  ///
  /// @param type workflow type, such as `ServerWorkflow`
  /// @param begin the start order, used when the entity has no run
  /// @param about what staff read in the list of runs
  public static void ask(String type, String workflowId, Object begin, Wanted wanted, About about) {
    ask(type, workflowId, begin, wanted, about, false);
  }

  /// As above.
  ///
  /// @param isRunning whether it most likely has a run, so that a signal alone will do
  public static void ask(
      String type, String workflowId, Object begin, Wanted wanted, About about, boolean isRunning) {
    if (isRunning && isToldDetached(workflowId, wanted)) {
      return;
    }
    if (!startUnlessRunning(type, workflowId, begin, about)) {
      Workflow.newDetachedCancellationScope(() -> signal(workflowId, wanted)).run();
    }
  }

  /// Starts an entity that has no run.
  ///
  /// @return false when it has one
  public static boolean startUnlessRunning(
      String type, String workflowId, Object begin, About about) {
    var options =
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(workflowId)
            .setTaskQueue(Rehearsals.queueHere(TaskQueues.DECISIONS))
            .setParentClosePolicy(atTheEnd())
            .setCancellationType(ChildWorkflowCancellationType.ABANDON)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
            .setStaticSummary(about.summary())
            .setStaticDetails(about.details())
            .setTypedSearchAttributes(about.searchAttributes())
            .build();
    var isStarted = new ArrayList<Boolean>();
    Workflow.newDetachedCancellationScope(
            () -> {
              var child = Workflow.newUntypedChildWorkflowStub(type, options);
              // The child outlives us: how it ends is nobody's answer here.
              child.executeAsync(Void.class, begin).exceptionally(ended -> null);
              try {
                child.getExecution().get();
                isStarted.add(true);
              } catch (ChildWorkflowFailure failure) {
                if (!(failure.getCause() instanceof WorkflowExecutionAlreadyStarted)) {
                  throw failure;
                }
                isStarted.add(false);
              }
            })
        .run();
    return isStarted.getFirst();
  }

  private static boolean isToldDetached(String workflowId, Wanted wanted) {
    var told = new ArrayList<Boolean>();
    Workflow.newDetachedCancellationScope(() -> told.add(isSignalled(workflowId, "wanted", wanted)))
        .run();
    return told.getFirst();
  }

  /// Entities outlive whoever asked first. Those of a rehearsal stand for nothing and end with it.
  private static ParentClosePolicy atTheEnd() {
    return Rehearsals.isHere()
        ? ParentClosePolicy.PARENT_CLOSE_POLICY_TERMINATE
        : ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON;
  }

  /// A run that ended between the refused start and the signal is asked again by the asker's timer.
  private static void signal(String workflowId, Wanted wanted) {
    if (!isSignalled(workflowId, "wanted", wanted)) {
      Workflow.getLogger(Entities.class).info("{} has just ended; asked again later", workflowId);
    }
  }

  /// Signals another workflow. False when it has ended or never was, which a real server reports as
  /// an application failure with the cause as its type.
  static boolean isSignalled(String workflowId, String signal, Object message) {
    try {
      Workflow.newUntypedExternalWorkflowStub(workflowId).signal(signal, message);
      return true;
    } catch (SignalExternalWorkflowException gone) {
      return false;
    } catch (ApplicationFailure failure) {
      if (NOT_FOUND.equals(failure.getType())) {
        return false;
      }
      throw failure;
    }
  }

  /// What staff see of an entity's run.
  ///
  /// @param summary one line for the list of runs
  /// @param details Markdown for the run's page
  public record About(
      String summary, String details, TenantId tenant, DomainName domain, String provider) {
    /// A set-up's run.
    public static About setup(TenantId tenant, DomainName domain, String provider) {
      return new About(
          "Set-up of " + domain,
          "One set-up: what comes when, and waiting for entities and people.",
          tenant,
          domain,
          provider);
    }

    /// A server's run.
    public static About server(TenantId tenant, DomainName domain, String provider) {
      return new About(
          "Server of " + domain,
          "Looks after one server: first contact, converging, retiring. The only workflow that"
              + " starts SSH work on it.",
          tenant,
          domain,
          provider);
    }

    /// A domain's run.
    public static About domain(TenantId tenant, DomainName domain, String provider) {
      return new About(
          "Domain " + domain,
          "Looks after one sending domain: DKIM keys, record plan, publishing, verifying.",
          tenant,
          domain,
          provider);
    }

    /// A certificate's run.
    public static About certificate(TenantId tenant, DomainName domain, String provider) {
      return new About(
          "Certificate of " + domain,
          "Looks after one certificate: issue by DNS-01, install through the server, renew.",
          tenant,
          domain,
          provider);
    }

    /// What staff find it by.
    public SearchAttributes searchAttributes() {
      return SearchAttributes.newBuilder()
          .set(SearchColumns.TENANT_ID, tenant.toString())
          .set(SearchColumns.DOMAIN_NAME, domain.value())
          .set(SearchColumns.PROVIDER, provider)
          .build();
    }
  }
}
