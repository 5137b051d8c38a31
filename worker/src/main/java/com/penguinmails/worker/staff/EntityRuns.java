package com.penguinmails.worker.staff;

import com.penguinmails.store.staff.RestartStore.ToRestart;
import com.penguinmails.workflows.certificate.CertificateWorkflow.BeginCertificate;
import com.penguinmails.workflows.domain.DomainWorkflow.BeginDomain;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.server.ServerWorkflow.BeginServer;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.temporal.Entities.About;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.common.Priority;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Starts the workflows of entities, under the ids they always have, so that one thing has one run.
final class EntityRuns {
  private static final int ONE_LOOK_SECONDS = 10;

  /// States of a set-up that its run is told by a command, which an older copy may not have.
  private static final Set<String> TOLD = Set.of("HELD", "CANCELLING");

  /// What a service answers that lets nobody manage it, such as Temporal Cloud.
  private static final Set<Status.Code> NOT_OURS =
      Set.of(Status.Code.UNIMPLEMENTED, Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED);

  private final StaffTemporal temporal;
  private final Pace pace;

  /// @param pace of the workflows that are started, as the worker has it
  EntityRuns(StaffTemporal temporal, Pace pace) {
    this.temporal = temporal;
    this.pace = pace;
  }

  /// Looks whether runs can be started at all.
  ///
  /// @throws NotTaken Temporal is away, or lacks the namespace or search attributes
  void requireReady() {
    saying(() ->
        temporal
            .stubs()
            .blockingStub()
            .withDeadlineAfter(ONE_LOOK_SECONDS, TimeUnit.SECONDS)
            .describeNamespace(
                DescribeNamespaceRequest.newBuilder().setNamespace(temporal.namespace()).build()));
    requireSearchAttributes();
  }

  private void requireSearchAttributes() {
    var operator =
        OperatorServiceStubs.newServiceStubs(
            OperatorServiceStubsOptions.newBuilder()
                .setChannel(temporal.stubs().getRawChannel())
                .validateAndBuildWithDefaults());
    try {
      var known =
          operator
              .blockingStub()
              .withDeadlineAfter(ONE_LOOK_SECONDS, TimeUnit.SECONDS)
              .listSearchAttributes(
                  ListSearchAttributesRequest.newBuilder()
                      .setNamespace(temporal.namespace())
                      .build())
              .getCustomAttributesMap();
      var missing =
          SearchColumns.ALL.stream()
              .map(SearchAttributeKey::getName)
              .filter(name -> !known.containsKey(name))
              .toList();
      if (!missing.isEmpty()) {
        throw new NotTaken(
            "Namespace \"%s\" at %s lacks the search attributes %s. Make each with: temporal operator search-attribute create --namespace %s --type Keyword --name …"
                .formatted(
                    temporal.namespace(),
                    temporal.address(),
                    String.join(", ", missing),
                    temporal.namespace()));
      }
    } catch (StatusRuntimeException refused) {
      if (!NOT_OURS.contains(refused.getStatus().getCode())) {
        throw said(refused);
      } // else the first start says whether they are there
    }
  }

  /// Whether it has a run.
  ///
  /// @throws NotTaken Temporal is away
  boolean isRunning(ToRestart entity) {
    return saying(() -> {
      try {
        return temporal
                .stubs()
                .blockingStub()
                .withDeadlineAfter(ONE_LOOK_SECONDS, TimeUnit.SECONDS)
                .describeWorkflowExecution(
                    DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(temporal.namespace())
                        .setExecution(
                            WorkflowExecution.newBuilder().setWorkflowId(workflowId(entity)))
                        .build())
                .getWorkflowExecutionInfo()
                .getStatus()
            == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
      } catch (StatusRuntimeException failure) {
        if (failure.getStatus().getCode() == Status.Code.NOT_FOUND) {
          return false;
        }
        throw failure;
      }
    });
  }

  /// Starts its run. One that there is already is told to look at its row: it may come from an
  /// older copy of Temporal's data, and know less. Safe to repeat.
  ///
  /// @return whether it had none
  /// @throws NotTaken Temporal is away, or refused
  boolean start(ToRestart entity) {
    return saying(() -> {
      try {
        temporal
            .client()
            .newUntypedWorkflowStub(workflowType(entity), options(entity))
            .start(order(entity));
        return true;
      } catch (WorkflowExecutionAlreadyStarted known) {
        tell(entity);
        return false;
      }
    });
  }

  private void tell(ToRestart entity) {
    var run = temporal.client().newUntypedWorkflowStub(workflowId(entity));
    try {
      switch (entity.kind()) {
        case SETUP -> {
          if (TOLD.contains(entity.setupState())) {
            run.signal("lookAgain");
          } // else it asks its entities, and looks when it comes to the proof
        }
        case SERVER, DOMAIN, CERTIFICATE -> run.signal("wanted", wanted(entity));
        case TENANT, API_KEY, MAILBOX, ORDER -> throw unknown(entity);
      }
    } catch (WorkflowNotFoundException ended) {
      // Between the two calls: what it did is in its row, and whoever needs more asks again.
    }
  }

  private WorkflowOptions options(ToRestart entity) {
    var about = about(entity);
    return WorkflowOptions.newBuilder()
        .setWorkflowId(workflowId(entity))
        .setTaskQueue(TaskQueues.DECISIONS)
        .setStaticSummary(about.summary())
        .setStaticDetails(about.details())
        .setTypedSearchAttributes(
            SearchAttributes.newBuilder(about.searchAttributes())
                .set(SearchColumns.SERVER_ID, entity.server().toString())
                .build())
        .setPriority(Priority.newBuilder().setFairnessKey(entity.tenant().toString()).build())
        .build();
  }

  private static About about(ToRestart entity) {
    return switch (entity.kind()) {
      case SETUP -> About.setup(entity.tenant(), entity.domain(), entity.provider());
      case SERVER -> About.server(entity.tenant(), entity.domain(), entity.provider());
      case DOMAIN -> About.domain(entity.tenant(), entity.domain(), entity.provider());
      case CERTIFICATE -> About.certificate(entity.tenant(), entity.domain(), entity.provider());
      case TENANT, API_KEY, MAILBOX, ORDER -> throw unknown(entity);
    };
  }

  private Object order(ToRestart entity) {
    var tenant = entity.tenant();
    var wanted = wanted(entity);
    return switch (entity.kind()) {
      case SETUP -> new BeginSetup(tenant, entity.setup(), entity.domain(), pace, Optional.empty());
      case SERVER -> new BeginServer(tenant, entity.server(), wanted, pace, Optional.empty());
      case DOMAIN ->
          new BeginDomain(
              tenant, new DomainId(entity.id()), entity.domain(), wanted, pace, Optional.empty());
      case CERTIFICATE ->
          new BeginCertificate(
              tenant,
              new CertificateId(entity.id()),
              entity.domain(),
              entity.server(),
              wanted,
              pace,
              Optional.empty());
      case TENANT, API_KEY, MAILBOX, ORDER -> throw unknown(entity);
    };
  }

  private static Wanted wanted(ToRestart entity) {
    return new Wanted(entity.version(), WorkflowIds.askedByStaff(), entity.setup());
  }

  private static String workflowType(ToRestart entity) {
    return switch (entity.kind()) {
      case SETUP -> SetupWorkflow.class.getSimpleName();
      case SERVER -> "ServerWorkflow";
      case DOMAIN -> "DomainWorkflow";
      case CERTIFICATE -> "CertificateWorkflow";
      case TENANT, API_KEY, MAILBOX, ORDER -> throw unknown(entity);
    };
  }

  private static String workflowId(ToRestart entity) {
    return switch (entity.kind()) {
      case SETUP -> WorkflowIds.of(entity.setup());
      case SERVER -> WorkflowIds.of(entity.server());
      case DOMAIN -> WorkflowIds.of(new DomainId(entity.id()));
      case CERTIFICATE -> WorkflowIds.of(new CertificateId(entity.id()));
      case TENANT, API_KEY, MAILBOX, ORDER -> throw unknown(entity);
    };
  }

  private static IllegalArgumentException unknown(ToRestart entity) {
    return new IllegalArgumentException(entity.kind() + " has no workflow");
  }

  private <T> T saying(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException failure) {
      throw said(failure);
    } catch (WorkflowServiceException failure) {
      throw failure.getCause() instanceof StatusRuntimeException status ? said(status) : failure;
    }
  }

  private NotTaken said(StatusRuntimeException failure) {
    var status = failure.getStatus();
    var words = Optional.ofNullable(status.getDescription()).orElse("it gave no reason");
    return new NotTaken(
        switch (status.getCode()) {
          case UNAVAILABLE, DEADLINE_EXCEEDED ->
              "Temporal at %s is away. Start it, or mend the way to it, and give the same command again."
                  .formatted(temporal.address());
          case NOT_FOUND ->
              "Temporal at %s has no namespace \"%s\". Make it and its search attributes (README, \"Configuration\"): temporal operator namespace create --namespace %s --retention 720h"
                  .formatted(temporal.address(), temporal.namespace(), temporal.namespace());
          default ->
              "Temporal at %s refused (%s): %s. Search attributes that are missing: README, \"Configuration\"."
                  .formatted(temporal.address(), status.getCode(), words);
        },
        failure);
  }
}
