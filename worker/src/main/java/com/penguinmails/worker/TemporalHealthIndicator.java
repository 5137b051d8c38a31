package com.penguinmails.worker;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Ready when Temporal answers.
final class TemporalHealthIndicator implements HealthIndicator {
  private final WorkflowServiceStubs temporal;

  TemporalHealthIndicator(WorkflowServiceStubs temporal) {
    this.temporal = temporal;
  }

  @Override
  public Health health() {
    try {
      temporal
          .blockingStub()
          .withDeadlineAfter(2, TimeUnit.SECONDS)
          .getSystemInfo(GetSystemInfoRequest.getDefaultInstance());
      return Health.up().build();
    } catch (StatusRuntimeException away) {
      return Health.down().withDetail("temporal", away.getStatus().getCode().name()).build();
    }
  }
}
