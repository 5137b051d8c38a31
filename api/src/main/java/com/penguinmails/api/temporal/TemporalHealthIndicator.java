package com.penguinmails.api.temporal;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

/// Up when Temporal answers and knows our namespace.
@Component("temporalHealthIndicator")
class TemporalHealthIndicator implements HealthIndicator {
  private static final int TIMEOUT_SECONDS = 2;

  private final WorkflowClient client;

  TemporalHealthIndicator(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Health health() {
    var namespace = client.getOptions().getNamespace();
    try {
      client
          .getWorkflowServiceStubs()
          .blockingStub()
          .withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
          .describeNamespace(DescribeNamespaceRequest.newBuilder().setNamespace(namespace).build());
      return Health.up().withDetail("namespace", namespace).build();
    } catch (StatusRuntimeException e) {
      return Health.down()
          .withDetail("namespace", namespace)
          .withDetail("answer", e.getStatus().getCode().name())
          .build();
    }
  }
}
