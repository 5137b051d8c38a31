package com.penguinmails.worker;

import com.penguinmails.ports.acme.CertificateAuthority;
import com.penguinmails.ports.acme.acme4j.Acme4jCertificateAuthority;
import com.penguinmails.ports.dns.DnsProvider;
import com.penguinmails.ports.dns.Resolver;
import com.penguinmails.ports.dns.cloudflare.CloudflareDnsProvider;
import com.penguinmails.ports.dns.dnsjava.DnsjavaResolver;
import com.penguinmails.ports.dns.manual.ManualDnsProvider;
import com.penguinmails.ports.dns.rfc2136.Rfc2136DnsProvider;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.ssh.SshjRemoteHosts;
import com.penguinmails.ports.mail.MailProbe;
import com.penguinmails.ports.mail.smtp.ProbeSettings;
import com.penguinmails.ports.mail.smtp.SmtpImapMailProbe;
import com.penguinmails.ports.network.LoopbackNetwork;
import com.penguinmails.ports.network.Network;
import com.penguinmails.ports.reputation.Blacklists;
import com.penguinmails.ports.reputation.DnsBlacklists;
import com.penguinmails.ports.stack.StackDriver;
import com.penguinmails.ports.stack.debian.DebianStackDriver;
import com.penguinmails.workflows.model.EmailAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// One adapter per port.
@Configuration(proxyBeanMethods = false)
class PortsConfiguration {
  private static final Duration DNS_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration MAIL_CONNECT = Duration.ofSeconds(10);
  private static final Duration MAIL_READ = Duration.ofSeconds(30);

  @Bean
  Network network(WorkerSettings settings) {
    return settings.loopbackNetwork().<Network>map(LoopbackNetwork::new).orElseGet(Network::direct);
  }

  @Bean
  RemoteHosts remoteHosts(Network network) {
    return new SshjRemoteHosts(network);
  }

  @Bean
  StackDriver stackDriver() {
    return new DebianStackDriver();
  }

  @Bean
  Resolver resolver(WorkerSettings settings, Network network) {
    var dns = settings.dns();
    return dns.roots().isEmpty()
        ? DnsjavaResolver.internet(network)
        : new DnsjavaResolver(dns.roots(), dns.recursive(), network, DNS_TIMEOUT);
  }

  @Bean
  DnsProvider.Factory rfc2136(Network network) {
    return new Rfc2136DnsProvider.Factory(network);
  }

  @Bean
  DnsProvider.Factory cloudflare(WorkerSettings settings) {
    return new CloudflareDnsProvider.Factory(settings.dns().cloudflareUrl());
  }

  @Bean
  DnsProvider.Factory manual(Resolver resolver) {
    return new ManualDnsProvider.Factory(resolver);
  }

  @Bean
  CertificateAuthority certificateAuthority(WorkerSettings settings) {
    var acme = settings.acme();
    return new Acme4jCertificateAuthority(
        acme.directory(), acme.caaIdentity(), acme.trustRoots().map(PortsConfiguration::pem));
  }

  @Bean
  MailProbe mailProbe(WorkerSettings settings, Network network, Resolver resolver) {
    var probe = settings.probe();
    return new SmtpImapMailProbe(
        network,
        resolver,
        new ProbeSettings(
            probe.hostname(),
            new EmailAddress("relay-test", probe.hostname()),
            roots(probe.trustRoots()),
            MAIL_CONNECT,
            MAIL_READ),
        Clock.systemUTC());
  }

  @Bean
  Blacklists blacklists(WorkerSettings settings, Resolver resolver) {
    return settings
        .vps()
        .blacklists()
        .map(file -> DnsBlacklists.of(Path.of(file), resolver, Clock.systemUTC()))
        .orElseGet(() -> DnsBlacklists.usual(resolver, Clock.systemUTC()));
  }

  private static List<String> roots(Optional<String> file) {
    return file.map(PortsConfiguration::pem).stream().toList();
  }

  private static String pem(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("the CA roots in " + file + " cannot be read", e);
    }
  }
}
