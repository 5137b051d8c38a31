package com.penguinmails.sandbox.world;

import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.workflows.model.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the product is told when it runs in a world.
final class WorldSettings {
  private static final String LOOPBACK = "127.0.0.1";

  private final SandboxWorld world;
  private final WorldFile file;
  private final WorldPlaces places;

  WorldSettings(SandboxWorld world, WorldFile file, WorldPlaces places) {
    this.world = world;
    this.file = file;
    this.places = places;
  }

  /// Of a worker.
  Map<String, Object> worker(Ground ground) {
    var settings = common();
    settings.put("server.port", file.find("port.worker").orElseThrow());
    settings.put("spring.application.name", "penguin-worker");
    settings.put("springdoc.api-docs.enabled", "false");
    var prefix = "penguin.worker.";
    settings.put(prefix + "sweep-every", "2s");
    settings.put(prefix + "sweep-age", "5s");
    settings.put(prefix + "pace", "quick");
    settings.put(prefix + "account-sweep-every", "0s"); // it would meet faults planned for others
    settings.put(prefix + "domain-sweep-every", "0s");
    settings.put(prefix + "host-sweep-every", "0s");
    settings.put(prefix + "secrets-ahead", "0"); // few are wanted of most worlds
    settings.put(prefix + "temporal.address", world.temporal().target());
    settings.put(prefix + "temporal.namespace", TemporalServer.NAMESPACE);
    settings.put(prefix + "sweep-pool.url", world.database().jdbcUrl(SandboxWorld.DATABASE));
    settings.put(prefix + "sweep-pool.username", Migrations.SWEEP);
    settings.put(prefix + "sweep-pool.password", file.password("sweep"));
    settings.put(prefix + "keys.codec", places.codecKeys().toString());
    settings.put(prefix + "keys.master", places.masterKey().toString());
    settings.put(prefix + "dns.roots", joined(world.dns().roots()));
    settings.put(prefix + "dns.recursive", joined(world.dns().recursive()));
    settings.put(prefix + "dns.cloudflare-url", world.cloudflare().url().toString());
    settings.put(prefix + "dns.ownership-grace", "5s");
    settings.put(prefix + "acme.directory", world.acmeFaults().acmeDirectory().toString());
    settings.put(prefix + "acme.caa-identity", "pebble.letsencrypt.org");
    settings.put(prefix + "acme.trust-roots", places.endpointRoot().toString());
    var mailbox = world.probeHost().mailbox();
    settings.put(prefix + "probe.address", world.probeHost().address().value());
    settings.put(prefix + "probe.imap-port", "993");
    settings.put(prefix + "probe.hostname", ProbeHost.HOSTNAME.value());
    settings.put(prefix + "probe.user", mailbox.user());
    settings.put(prefix + "probe.password", mailbox.password());
    settings.put(prefix + "probe.mailbox", ProbeHost.RECIPIENT);
    settings.put(prefix + "probe.trust-roots", trustedByProbe().toString());
    ground.loopback().ifPresent(addresses -> settings.put(prefix + "loopback-network", addresses));
    settings.put(prefix + "vps.installation", file.find("installation").orElseThrow());
    settings.put(prefix + "vps.blacklists", places.blacklists().toString());
    settings.put(prefix + "vps.hostwinds.url", world.hostwinds().url().toString());
    settings.put(prefix + "vps.hostwinds.key-file", places.hostwindsKey().toString());
    settings.put(prefix + "vps.hostwinds.calls-per-second", "50");
    settings.put(prefix + "vps.hostwinds.grace", "5s");
    settings.put(prefix + "vps.hostwinds.long-grace", "20s");
    settings.put(prefix + "vps.hostwinds.built-within", "40s");
    settings.put(prefix + "host.forward-to", joined(world.dns().recursive()));
    settings.put(
        prefix + "host.insecure-zones",
        // Unsigned here, and the resolvers between us and the Internet may strip signatures.
        "test,10.in-addr.arpa,192.in-addr.arpa,org,net");
    settings.put(prefix + "host.trusted-networks", ground.cidr());
    return Map.copyOf(settings);
  }

  /// Of an API.
  Map<String, Object> api() {
    var settings = common();
    settings.put("server.port", file.find("port.api").orElseThrow());
    settings.put("server.address", LOOPBACK);
    settings.put("management.server.port", file.find("port.api-management").orElseThrow());
    settings.put("penguin.installation.kind", "test");
    settings.put("penguin.installation.id", file.find("installation").orElseThrow());
    settings.put("penguin.api.providers", HostwindsVpsProvider.NAME);
    settings.put("penguin.temporal.address", world.temporal().target());
    settings.put("penguin.temporal.namespace", TemporalServer.NAMESPACE);
    settings.put("penguin.api.public-url", world.apiUrl().toString());
    settings.put("penguin.api.pace", "quick");
    settings.put("penguin.api.cancel-grace", "0s"); // who waits for it in a test says so
    settings.put("penguin.api.names-per-certificate", "200"); // Pebble takes them all
    settings.put("penguin.api.view-link-key", file.password("view-link"));
    settings.put("penguin.secret.master-key-file", places.masterKey().toString());
    settings.put("penguin.codec.key-file", places.codecKeys().toString());
    settings.put("penguin.codec.staff-token", file.password("staff-token"));
    settings.put("penguin.codec.temporal-ui-origin", temporalUiOrigin());
    return Map.copyOf(settings);
  }

  /// Of staff at a command line.
  Map<String, String> staff() {
    return Map.of(
        "SPRING_DATASOURCE_URL", world.database().jdbcUrl(SandboxWorld.DATABASE),
        "PENGUIN_STAFF_PASSWORD", file.password("staff"),
        "TEMPORAL_ADDRESS", world.temporal().target(),
        "TEMPORAL_NAMESPACE", TemporalServer.NAMESPACE,
        "PENGUIN_WORKER_PACE", "quick",
        "PENGUIN_WORKER_KEYS_CODEC", places.codecKeys().toString());
  }

  private String temporalUiOrigin() {
    return "http://" + LOOPBACK + ":" + file.find("port.temporal-ui").orElseThrow();
  }

  private Map<String, Object> common() {
    var settings = new TreeMap<String, Object>();
    settings.put("spring.main.banner-mode", "off");
    settings.put("spring.datasource.url", world.database().jdbcUrl(SandboxWorld.DATABASE));
    settings.put("spring.datasource.username", Migrations.APP);
    settings.put("spring.datasource.password", file.password("app"));
    return settings;
  }

  private Path trustedByProbe() {
    var path = places.trustedByProbe();
    try {
      Files.writeString(
          path, Files.readString(places.issuingRoots()) + world.probeHost().certificatePem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  private static String joined(List<IpAddress> addresses) {
    return String.join(",", addresses.stream().map(IpAddress::value).toList());
  }
}
