package com.penguinmails.worker;

import com.penguinmails.activities.server.HostLook;
import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.activities.sweep.DomainSweepActivitiesImpl;
import com.penguinmails.activities.sweep.HostSweepActivitiesImpl;
import com.penguinmails.activities.sweep.ReverseNamesInDns;
import com.penguinmails.activities.sweep.ServersAtWork;
import com.penguinmails.activities.sweep.SweepActivitiesImpl;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.ResolverLookup;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.sweep.DomainSweepActivities;
import com.penguinmails.workflows.sweep.HostSweepActivities;
import com.penguinmails.workflows.sweep.SweepActivities;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Sweeps of whole accounts, of all domains and of all hosts: their activities, and the Schedules
/// that start them.
@Configuration(proxyBeanMethods = false)
class SweepConfiguration {
  // Of an hour between sweeps; what is not answered by then waits for the next.
  private static final Duration REVERSE_NAMES_WITHIN = Duration.ofMinutes(2);

  @Bean
  ServersAtWork serversAtWork(WorkflowClient client) {
    return server -> hasRun(client, server);
  }

  @Bean
  SweepActivities sweepActivities(
      Stores stores,
      SweepStore found,
      VpsProviders providers,
      ServersAtWork servers,
      Resolver resolver) {
    var reverseNames = new ReverseNamesInDns(new ResolverLookup(resolver), REVERSE_NAMES_WITHIN);
    return new SweepActivitiesImpl(stores, found, providers, servers, reverseNames);
  }

  @Bean
  DomainSweepActivities domainSweepActivities(Stores stores, SweepStore found, Resolver resolver) {
    return new DomainSweepActivitiesImpl(stores, found, resolver);
  }

  @Bean
  HostSweepActivities hostSweepActivities(
      Stores stores, SweepStore found, RemoteHosts hosts, SecretStore secrets) {
    return new HostSweepActivitiesImpl(stores, found, new HostLook(hosts, secrets));
  }

  @Bean
  SweepSchedules sweepSchedules(
      WorkflowServiceStubs stubs,
      WorkflowClient client,
      VpsProviders providers,
      Pace pace,
      WorkerSettings settings) {
    var schedules =
        ScheduleClient.newInstance(
            stubs,
            ScheduleClientOptions.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setDataConverter(client.getOptions().getDataConverter())
                .build());
    return new SweepSchedules(
        schedules,
        Stream.concat(
                providers.names().stream()
                    .map(provider ->
                        PlannedSweep.ofAccount(provider, settings.accountSweepEvery(), pace)),
                Stream.of(
                    PlannedSweep.ofDomains(settings.domainSweepEvery(), pace),
                    PlannedSweep.ofHosts(settings.hostSweepEvery(), pace)))
            .toList());
  }

  /// Asks for the one run: the list of runs lags.
  private static boolean hasRun(WorkflowClient client, ServerId server) {
    try {
      return client
              .getWorkflowServiceStubs()
              .blockingStub()
              .describeWorkflowExecution(
                  DescribeWorkflowExecutionRequest.newBuilder()
                      .setNamespace(client.getOptions().getNamespace())
                      .setExecution(
                          WorkflowExecution.newBuilder().setWorkflowId(WorkflowIds.of(server)))
                      .build())
              .getWorkflowExecutionInfo()
              .getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (StatusRuntimeException answer) {
      if (answer.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return false;
      }
      throw answer;
    }
  }
}
