package com.penguinmails.worker;

import static java.util.stream.Collectors.toMap;

import com.penguinmails.activities.certificate.CertificateActivitiesImpl;
import com.penguinmails.activities.domain.DomainActivitiesImpl;
import com.penguinmails.activities.domain.ZoneWriter;
import com.penguinmails.activities.mailbox.MailboxActivitiesImpl;
import com.penguinmails.activities.secret.NewSecrets;
import com.penguinmails.activities.server.OrderActivitiesImpl;
import com.penguinmails.activities.server.ServerActivitiesImpl;
import com.penguinmails.activities.server.TriageActivitiesImpl;
import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.setup.IncidentActivitiesImpl;
import com.penguinmails.activities.setup.ProofActivitiesImpl;
import com.penguinmails.activities.setup.SetupActivitiesImpl;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.host.OutgoingMail;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.network.Network;
import com.penguinmails.ports.reputation.Blacklists;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.certificate.CertificateActivities;
import com.penguinmails.workflows.domain.DomainActivities;
import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.model.DesiredHost.HostSettings;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.server.ServerActivities;
import com.penguinmails.workflows.server.TriageActivities;
import com.penguinmails.workflows.setup.IncidentActivities;
import com.penguinmails.workflows.setup.ProofActivities;
import com.penguinmails.workflows.setup.SetupActivities;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Activities on their ports and stores.
@Configuration(proxyBeanMethods = false)
class ActivitiesConfiguration {
  @Bean
  SetupActivities setupActivities(Stores stores, SecretStore secrets) {
    return new SetupActivitiesImpl(stores, secrets);
  }

  @Bean
  IncidentActivities incidentActivities(Stores stores) {
    return new IncidentActivitiesImpl(stores);
  }

  @Bean
  ProofActivities proofActivities(
      Stores stores, SecretStore secrets, MailProbe probe, WorkerSettings settings) {
    var mailbox = settings.probe();
    return new ProofActivitiesImpl(
        stores,
        secrets,
        probe,
        new MailProbe.ProbeMailbox(
            mailbox.address(),
            mailbox.imapPort(),
            mailbox.hostname(),
            mailbox.user(),
            mailbox.password()),
        mailbox.mailbox());
  }

  @Bean
  ServerActivities serverActivities(
      Stores stores,
      SecretStore secrets,
      RemoteHosts hosts,
      StackDriver stack,
      WorkerSettings settings,
      VpsProviders providers) {
    var host = settings.host();
    return new ServerActivitiesImpl(
        stores,
        secrets,
        hosts,
        new Templates(),
        stack,
        new HostSettings(host.forwardTo(), host.insecureZones(), host.trustedNetworks(), List.of()),
        providers);
  }

  @Bean
  NewSecrets newSecrets(WorkerSettings settings) {
    return NewSecrets.ahead(settings.secretsAhead());
  }

  @Bean
  MailboxActivities mailboxActivities(Stores stores, SecretStore secrets, NewSecrets made) {
    return new MailboxActivitiesImpl(stores, secrets, made);
  }

  @Bean
  OrderActivities orderActivities(
      Stores stores, SecretStore secrets, VpsProviders providers, Blacklists blacklists) {
    return new OrderActivitiesImpl(stores, secrets, providers, blacklists);
  }

  @Bean
  TriageActivities triageActivities(
      Stores stores,
      VpsProviders providers,
      RemoteHosts hosts,
      Network network,
      WorkerSettings settings) {
    var probe = settings.probe();
    return new TriageActivitiesImpl(
        stores,
        providers,
        hosts,
        new OutgoingMail(network, probe.address(), probe.imapPort()),
        new Templates());
  }

  @Bean
  ZoneWriter zoneWriter(List<DnsProvider.Factory> factories, SecretStore secrets, Stores stores) {
    return new ZoneWriter(
        factories.stream().collect(toMap(DnsProvider.Factory::kind, factory -> factory)),
        secrets,
        stores.zoneLeases());
  }

  @Bean
  DomainActivities domainActivities(
      Stores stores,
      SecretStore secrets,
      NewSecrets made,
      ZoneWriter zones,
      Resolver resolver,
      WorkerSettings settings) {
    return new DomainActivitiesImpl(
        stores, secrets, made, zones, resolver, settings.dns().ownershipGrace());
  }

  @Bean
  CertificateActivities certificateActivities(
      Stores stores,
      SecretStore secrets,
      CertificateAuthority authority,
      ZoneWriter zones,
      Resolver resolver) {
    return new CertificateActivitiesImpl(stores, secrets, authority, zones, resolver);
  }
}
