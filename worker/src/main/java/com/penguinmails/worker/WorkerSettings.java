package com.penguinmails.worker;

import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.temporal.Pace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Everything a worker is told.
///
/// @param sweepEvery how often rows without a run are looked for
/// @param sweepAge how old such a row must be
/// @param accountSweepEvery how often each seller's account is compared with the orders; zero: only
///   when the Schedule is triggered
/// @param domainSweepEvery how often the records of all proved domains are looked at; zero: as
///   above
/// @param hostSweepEvery how often all hosts are looked at, step by step; zero: as above
/// @param secretsAhead how many DKIM keys and mailbox passwords are made ahead in quiet times,
///   each; zero: none
/// @param pace how long workflows wait; all but production is for the demo and tests
/// @param temporal where Temporal is
/// @param sweepPool the pool of `penguin_sweep`
/// @param keys where the installation's key files are
/// @param dns whom we ask
/// @param acme our certificate authority
/// @param probe our probe mailbox
/// @param loopbackNetwork first three parts of loopback addresses, such as `127.77.12`: nothing
///   outside of a simulated network is reached; for the demo and tests
/// @param vps where servers are bought
/// @param host what differs between the Internet and a test network
@ConfigurationProperties(prefix = "penguin.worker", ignoreUnknownFields = false)
public record WorkerSettings(
    @DefaultValue("10s") Duration sweepEvery,
    @DefaultValue("60s") Duration sweepAge,
    @DefaultValue("1h") Duration accountSweepEvery,
    @DefaultValue("6h") Duration domainSweepEvery,
    @DefaultValue("6h") Duration hostSweepEvery,
    @DefaultValue("64") int secretsAhead,
    @DefaultValue("production") Pace.Kind pace,
    @DefaultValue Temporal temporal,
    @DefaultValue SweepPool sweepPool,
    @DefaultValue Keys keys,
    @DefaultValue Dns dns,
    @DefaultValue Acme acme,
    @DefaultValue Probe probe,
    Optional<String> loopbackNetwork,
    @DefaultValue Vps vps,
    @DefaultValue Host host) {
  public WorkerSettings {
    if (accountSweepEvery.isNegative()) {
      throw new IllegalArgumentException("penguin.worker.account-sweep-every is below zero");
    }
    if (domainSweepEvery.isNegative()) {
      throw new IllegalArgumentException("penguin.worker.domain-sweep-every is below zero");
    }
    if (hostSweepEvery.isNegative()) {
      throw new IllegalArgumentException("penguin.worker.host-sweep-every is below zero");
    }
    if (secretsAhead < 0) {
      throw new IllegalArgumentException("penguin.worker.secrets-ahead is below zero");
    }
  }

  /// @param address host and port of the frontend
  /// @param namespace ours
  public record Temporal(
      @DefaultValue("127.0.0.1:7233") String address,
      @DefaultValue("penguin") String namespace,
      Optional<String> apiKey,
      @DefaultValue("false") boolean tls) {
    public Temporal {
      apiKey = apiKey.filter(key -> !key.isBlank());
    }

    /// Secrets are not shown.
    @Override
    public String toString() {
      return "Temporal[" + address + ", " + namespace + "]";
    }
  }

  /// @param url the same database as the main pool's
  public record SweepPool(
      @DefaultValue("jdbc:postgresql://127.0.0.1:5432/penguin") String url,
      @DefaultValue("penguin_sweep") String username,
      @DefaultValue("") String password) {
    /// Secrets are not shown.
    @Override
    public String toString() {
      return "SweepPool[" + url + "]";
    }
  }

  /// @param codec keys of the payload codec, mode 0600
  /// @param master master key of the embedded secret store, mode 0600
  public record Keys(
      @DefaultValue("/etc/penguin/codec.keys") Path codec,
      @DefaultValue("/etc/penguin/master.keys") Path master) {}

  /// @param roots addresses of root servers; empty: the Internet's
  /// @param recursive recursive resolvers to ask; empty: three public ones
  /// @param cloudflareUrl Cloudflare's API, for the tenants whose zones are there
  /// @param ownershipGrace for how long the proof of a domain's owner may be away after somebody
  ///   else proved the domain too
  public record Dns(
      @DefaultValue List<IpAddress> roots,
      @DefaultValue List<IpAddress> recursive,
      @DefaultValue("https://api.cloudflare.com/client/v4") URI cloudflareUrl,
      @DefaultValue("7d") Duration ownershipGrace) {
    public Dns {
      roots = List.copyOf(roots);
      recursive = List.copyOf(recursive);
    }
  }

  /// @param directory of the CA (RFC 8555, 7.1.1)
  /// @param caaIdentity its name in CAA records
  /// @param trustRoots PEM file with the roots its API shows; empty: the JDK's
  public record Acme(
      @DefaultValue("https://acme-v02.api.letsencrypt.org/directory") URI directory,
      @DefaultValue("letsencrypt.org") String caaIdentity,
      Optional<String> trustRoots) {}

  /// @param address of the probe host
  /// @param hostname as the probe host signs its `Received` lines
  /// @param user IMAP login
  /// @param mailbox address of the probe mailbox
  /// @param trustRoots PEM file with further roots servers may chain to; empty: the JDK's alone
  public record Probe(
      @DefaultValue("192.0.2.1") IpAddress address,
      @DefaultValue("993") int imapPort,
      @DefaultValue("probe.example.com") DomainName hostname,
      @DefaultValue("proof") String user,
      @DefaultValue("") String password,
      @DefaultValue("proof@probe.example.com") String mailbox,
      Optional<String> trustRoots) {
    /// Secrets are not shown.
    @Override
    public String toString() {
      return "Probe[" + hostname + "]";
    }
  }

  /// @param image beginning of the name of the system servers are bought with
  /// @param installation the API's `penguin.installation.id`: servers named otherwise are another
  ///   installation's, and nothing is bought for a copied database
  /// @param blacklists file with the lists that are asked about a bought address, by tabs as in
  ///   `blacklists.tsv`; absent: those that come with the product
  public record Vps(
      Optional<String> installation,
      Optional<String> blacklists,
      @DefaultValue("Debian 12") String image,
      @DefaultValue Hostwinds hostwinds) {
    /// @param keyFile file with the API key, mode 0600; absent: nothing is bought there
    /// @param callsPerSecond how fast all workers together call
    /// @param grace how long a purchase usually takes to be listed
    /// @param longGrace how long an unclear purchase is looked for before staff must decide
    /// @param builtWithin how long a bought server may take to run before staff are told
    /// @param addressChange what another main address costs, in US dollars: its API does not say
    public record Hostwinds(
        @DefaultValue("https://clients.hostwinds.com/cloud/api.php") URI url,
        Optional<String> keyFile,
        @DefaultValue("2") double callsPerSecond,
        @DefaultValue("10m") Duration grace,
        @DefaultValue("24h") Duration longGrace,
        @DefaultValue("30m") Duration builtWithin,
        @DefaultValue("3.00") String addressChange) {}
  }

  /// @param forwardTo resolvers unbound on hosts forwards to; empty: it asks the root
  /// @param insecureZones names unbound on hosts expects no DNSSEC for
  /// @param trustedNetworks CIDRs fail2ban on hosts never bans
  public record Host(
      @DefaultValue List<IpAddress> forwardTo,
      @DefaultValue List<RecordName> insecureZones,
      @DefaultValue List<String> trustedNetworks) {
    public Host {
      forwardTo = List.copyOf(forwardTo);
      insecureZones = List.copyOf(insecureZones);
      trustedNetworks = List.copyOf(trustedNetworks);
    }
  }
}
