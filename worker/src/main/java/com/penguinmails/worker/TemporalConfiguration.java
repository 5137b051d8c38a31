package com.penguinmails.worker;

import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.certificate.CertificateWorkflowImpl;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.domain.DomainWorkflowImpl;
import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.server.ServerWorkflowImpl;
import com.penguinmails.workflows.server.TriageActivities;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.SetupActivities;
import com.penguinmails.workflows.setup.SetupWorkflowImpl;
import com.penguinmails.workflows.sweep.DomainSweepActivities;
import com.penguinmails.workflows.sweep.DomainSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.HostSweepActivities;
import com.penguinmails.workflows.sweep.HostSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.ProviderSweepWorkflowImpl;
import com.penguinmails.workflows.sweep.RepairWorkflowImpl;
import com.penguinmails.workflows.sweep.SweepActivities;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import com.uber.m3.tally.RootScopeBuilder;
import com.uber.m3.tally.Scope;
import com.uber.m3.util.Duration;
import io.micrometer.core.instrument.MeterRegistry;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.common.interceptors.WorkerInterceptor;
import io.temporal.common.reporter.MicrometerClientStatsReporter;
import io.temporal.serviceclient.GrpcCompression;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The connection to Temporal, and who polls which queue.
@Configuration(proxyBeanMethods = false)
class TemporalConfiguration {
  private static final int METRICS_EVERY_SECONDS = 10;
  private static final int SSH_AT_ONCE =
      50; // sessions of one worker; each holds a bundle in memory

  @Bean
  Pace pace(WorkerSettings settings) {
    return settings.pace().pace();
  }

  @Bean
  CodecKeys codecKeys(WorkerSettings settings) {
    var file = KeyFile.open(settings.keys().codec());
    return CodecKeys.of(file.currentId(), file.keys());
  }

  @Bean(destroyMethod = "close")
  Scope temporalMetrics(MeterRegistry registry) {
    return new RootScopeBuilder()
        .reporter(new MicrometerClientStatsReporter(registry))
        .reportEvery(Duration.ofSeconds(METRICS_EVERY_SECONDS));
  }

  @Bean(destroyMethod = "shutdown")
  WorkflowServiceStubs workflowServiceStubs(WorkerSettings settings, Scope temporalMetrics) {
    var temporal = settings.temporal();
    var options =
        WorkflowServiceStubsOptions.newBuilder()
            .setTarget(temporal.address())
            .setMetricsScope(temporalMetrics)
            .setGrpcCompression(GrpcCompression.NONE) // payloads are encrypted: nothing to compress
            .setEnableHttps(temporal.tls() || temporal.apiKey().isPresent());
    temporal.apiKey().ifPresent(key -> options.addApiKey(() -> key));
    return WorkflowServiceStubs.newServiceStubs(options.build());
  }

  @Bean
  WorkflowClient workflowClient(
      WorkflowServiceStubs stubs, WorkerSettings settings, CodecKeys keys) {
    return WorkflowClient.newInstance(
        stubs,
        WorkflowClientOptions.newBuilder()
            .setNamespace(settings.temporal().namespace())
            .setDataConverter(PenguinDataConverter.with(keys))
            .build());
  }

  @Bean
  TemporalHealthIndicator temporalHealthIndicator(WorkflowServiceStubs stubs) {
    return new TemporalHealthIndicator(stubs);
  }

  @Bean
  SetupSweep setupSweep(
      SweepStore found, Stores stores, WorkflowClient client, Pace pace, WorkerSettings settings) {
    return new SetupSweep(found, stores, client, pace, settings.sweepAge());
  }

  @Bean
  HoldSweep holdSweep(SweepStore found, WorkflowClient client, WorkerSettings settings) {
    return new HoldSweep(found, client, settings.sweepAge());
  }

  @Bean
  MailboxSweep mailboxSweep(
      SweepStore found, Stores stores, WorkflowClient client, Pace pace, WorkerSettings settings) {
    return new MailboxSweep(found, stores, client, pace, settings.sweepAge());
  }

  /// @param around more interceptors, outside of ours: none but in tests that lose answers
  @Bean
  Workers workers(
      WorkflowClient client,
      Stores stores,
      ObjectProvider<WorkerInterceptor> around,
      SetupActivities setups,
      IncidentActivities incidents,
      ProofActivities proofs,
      ServerActivities servers,
      OrderActivities orders,
      TriageActivities triage,
      VpsProviders providers,
      DomainActivities domains,
      CertificateActivities certificates,
      MailboxActivities mailboxes,
      SweepActivities sweeps,
      DomainSweepActivities domainSweeps,
      HostSweepActivities hostSweeps) {
    var factory = WorkerFactory.newInstance(client, factoryOptions(stores, around.orderedStream()));
    factory
        .newWorker(TaskQueues.DECISIONS, options().build())
        .registerWorkflowImplementationTypes(ChangeIds.shown(), workflowTypes());
    var all =
        List.<Object>of(
            setups,
            incidents,
            proofs,
            servers,
            orders,
            triage,
            domains,
            certificates,
            mailboxes,
            sweeps,
            domainSweeps,
            hostSweeps);
    var queues =
        new ArrayList<>(
            List.of(TaskQueues.STORE, TaskQueues.DNS, TaskQueues.ACME, TaskQueues.MAIL));
    providers.names().stream().map(TaskQueues::vps).forEach(queues::add);
    for (var queue : queues) {
      factory.newWorker(queue, options().build()).registerActivitiesImplementations(all.toArray());
    }
    factory
        .newWorker(
            TaskQueues.SSH, options().setMaxConcurrentActivityExecutionSize(SSH_AT_ONCE).build())
        .registerActivitiesImplementations(all.toArray());
    return new Workers(factory);
  }

  /// How every worker runs, replaying ones too.
  static WorkerFactoryOptions factoryOptions(Stores stores, Stream<WorkerInterceptor> around) {
    return WorkerFactoryOptions.newBuilder()
        .setUsingVirtualWorkflowThreads(true)
        // The last one is the outermost.
        .setWorkerInterceptors(
            Stream.concat(Stream.of(new ProgressInterceptor(stores)), around)
                .toArray(WorkerInterceptor[]::new))
        .build();
  }

  static Class<?>[] workflowTypes() {
    return new Class<?>[] {
      SetupWorkflowImpl.class,
      ServerWorkflowImpl.class,
      DomainWorkflowImpl.class,
      CertificateWorkflowImpl.class,
      ProviderSweepWorkflowImpl.class,
      DomainSweepWorkflowImpl.class,
      HostSweepWorkflowImpl.class,
      RepairWorkflowImpl.class
    };
  }

  private static WorkerOptions.Builder options() {
    return WorkerOptions.newBuilder().setUsingVirtualThreads(true);
  }
}
