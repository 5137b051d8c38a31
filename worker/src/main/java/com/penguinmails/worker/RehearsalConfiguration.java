package com.penguinmails.worker;

import com.penguinmails.activities.certificate.CertificateRehearsal;
import com.penguinmails.activities.domain.DomainRehearsal;
import com.penguinmails.activities.domain.ZoneWriter;
import com.penguinmails.activities.mailbox.MailboxRehearsal;
import com.penguinmails.activities.server.OrderRehearsal;
import com.penguinmails.activities.server.ServerRehearsal;
import com.penguinmails.activities.server.TriageRehearsal;
import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.IncidentRehearsal;
import com.penguinmails.activities.setup.ProofRehearsal;
import com.penguinmails.activities.setup.RehearsalBook;
import com.penguinmails.activities.setup.SetupRehearsal;
import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.reputation.Blacklists;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.temporal.ChangeIds;
import com.penguinmails.workflows.temporal.Rehearsals;
import com.penguinmails.workflows.temporal.TaskQueues;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Who serves rehearsals: the same workflows on queues of their own, with activities that read and
/// note. A factory of its own, so that nothing of a rehearsal becomes progress of a set-up.
@Configuration(proxyBeanMethods = false)
class RehearsalConfiguration {
  private static final int AT_ONCE = 20;

  @Bean
  PlanStore planStore(Tenancy tenancy) {
    return new PlanStore(tenancy);
  }

  @Bean
  RehearsalBook rehearsalBook(Tenancy tenancy, PlanStore plans) {
    return new RehearsalBook(tenancy, plans);
  }

  /// Wrapped, so that nobody who wants the real ones is given these.
  record Servers(OrderRehearsal orders, ServerRehearsal hosts) {}

  @Bean
  Servers rehearsedServers(
      RehearsalBook book,
      Tenancy tenancy,
      VpsProviders providers,
      SecretStore secrets,
      RemoteHosts hosts,
      StackDriver stack,
      WorkerSettings settings,
      Blacklists blacklists) {
    var host = settings.host();
    var orders = new OrderRehearsal(book, tenancy, new OrderStore(tenancy), providers);
    return new Servers(
        orders,
        new ServerRehearsal(
            book,
            orders,
            secrets,
            hosts,
            new Templates(),
            stack,
            new HostSettings(
                host.forwardTo(), host.insecureZones(), host.trustedNetworks(), List.of()),
            blacklists));
  }

  @Bean
  PlanSweep planSweep(SweepStore found, Tenancy tenancy, PlanStore plans, SecretStore secrets) {
    return new PlanSweep(found, tenancy, plans, secrets);
  }

  @Bean
  Workers rehearsalWorkers(
      WorkflowClient client,
      RehearsalBook book,
      Servers servers,
      VpsProviders providers,
      ZoneWriter zones,
      Resolver resolver,
      CertificateAuthority authority) {
    var factory =
        WorkerFactory.newInstance(
            client,
            WorkerFactoryOptions.newBuilder()
                .setUsingVirtualWorkflowThreads(true)
                .setWorkerInterceptors(new FailureInterceptor())
                .build());
    factory
        .newWorker(Rehearsals.queue(TaskQueues.DECISIONS), options())
        .registerWorkflowImplementationTypes(
            ChangeIds.shown(), TemporalConfiguration.workflowTypes());
    var all =
        List.<Object>of(
            new SetupRehearsal(book),
            new IncidentRehearsal(book),
            new ProofRehearsal(book, resolver),
            servers.hosts(),
            servers.orders(),
            new TriageRehearsal(book),
            new MailboxRehearsal(),
            new DomainRehearsal(book, zones, resolver),
            new CertificateRehearsal(book, authority, resolver));
    var queues =
        new ArrayList<>(
            List.of(
                TaskQueues.STORE,
                TaskQueues.SSH,
                TaskQueues.DNS,
                TaskQueues.ACME,
                TaskQueues.MAIL));
    providers.names().stream().map(TaskQueues::vps).forEach(queues::add);
    for (var queue : queues) {
      factory
          .newWorker(Rehearsals.queue(queue), options())
          .registerActivitiesImplementations(all.toArray());
    }
    return new Workers(factory);
  }

  /// Few at once: people wait for one plan, not for many.
  private static WorkerOptions options() {
    return WorkerOptions.newBuilder()
        .setUsingVirtualThreads(true)
        .setMaxConcurrentActivityExecutionSize(AT_ONCE)
        .setMaxConcurrentActivityTaskPollers(1)
        .setMaxConcurrentWorkflowTaskPollers(2)
        .build();
  }
}
