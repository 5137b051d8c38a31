package com.penguinmails.sandbox.world;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.sandbox.acme.PebbleServer;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.RecordName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/// The provider world of one installation, at Docker depth: PostgreSQL, Temporal and Pebble as
/// processes, DNS, probe host and the tenant's hosts as containers. Everything is the real server;
/// simulated is only who sells them. Resumes from its directory.
public final class SandboxWorld implements AutoCloseable {
  private static final String DATABASE = "penguin";
  private static final DomainName PROBE_ZONE = new DomainName("probe.test");
  private static final int FIRST_HOST = 20;

  private final Path directory;
  private final WorldFile file;
  private final DockerEngine engine;
  private final SandboxNetwork network;
  private final EmbeddedDatabase database;
  private final TemporalServer temporal;
  private final DnsWorld dns;
  private final PebbleServer pebble;
  private final ProbeHost probe;

  private SandboxWorld(
      Path directory,
      WorldFile file,
      DockerEngine engine,
      SandboxNetwork network,
      EmbeddedDatabase database,
      TemporalServer temporal,
      DnsWorld dns,
      PebbleServer pebble,
      ProbeHost probe) {
    this.directory = directory;
    this.file = file;
    this.engine = engine;
    this.network = network;
    this.database = database;
    this.temporal = temporal;
    this.dns = dns;
    this.pebble = pebble;
    this.probe = probe;
  }

  /// Starts the world of this directory, or resumes it.
  ///
  /// @throws com.penguinmails.sandbox.docker.NoDockerEngine with how to get one
  public static SandboxWorld start(Path directory) {
    var engine = DockerEngine.connect();
    var file = new WorldFile(directory.resolve("world.properties"));
    var network = engine.network(file.value("instance", () -> "w" + shortId(file)));
    KeyFile.openOrCreate(directory.resolve("codec.keys"));
    KeyFile.openOrCreate(directory.resolve("master.keys"));
    try (var parallel = Executors.newVirtualThreadPerTaskExecutor()) {
      var database = CompletableFuture.supplyAsync(() -> database(directory, file), parallel);
      var temporal = CompletableFuture.supplyAsync(() -> temporal(directory, file), parallel);
      var dns = CompletableFuture.supplyAsync(() -> dns(engine, network), parallel);
      var probe =
          CompletableFuture.supplyAsync(
              () ->
                  ProbeHost.start(
                      engine, network, List.of(network.address(5)), file.secret("probe.password")),
              parallel);
      var pebble =
          CompletableFuture.supplyAsync(
              () ->
                  PebbleServer.start(
                      directory.resolve("pebble"),
                      new InetSocketAddress(network.address(5).toInetAddress(), 53)),
              parallel);
      return new SandboxWorld(
          directory,
          file,
          engine,
          network,
          joined(database),
          joined(temporal),
          joined(dns),
          joined(pebble),
          joined(probe));
    }
  }

  private static <T> T joined(CompletableFuture<T> part) {
    try {
      return part.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private static String shortId(WorldFile file) {
    return file.secret("id").substring(0, 6);
  }

  private static EmbeddedDatabase database(Path directory, WorldFile file) {
    var server = EmbeddedDatabase.start(directory.resolve("postgres"), file.port("postgres.port"));
    server.createDatabaseIfAbsent(DATABASE);
    var superuser = server.superuser(DATABASE);
    Migrations.createRoles(
        superuser,
        new Migrations.Passwords(
            file.secret("role.owner"),
            file.secret("role.app"),
            file.secret("role.sweep"),
            file.secret("role.staff")));
    Migrations.grantDatabase(superuser);
    Migrations.migrate(server.as(DATABASE, Migrations.OWNER, file.secret("role.owner")));
    return server;
  }

  private static TemporalServer temporal(Path directory, WorldFile file) {
    return TemporalServer.start(
        new TemporalServer.Place(
            directory.resolve("temporal"),
            file.port("temporal.port"),
            file.port("temporal.ui.port"),
            Optional.of(
                URI.create(
                    "http://127.0.0.1:%d/codec/%s"
                        .formatted(file.port("api.port"), file.secret("staff.token"))))));
  }

  private static DnsWorld dns(DockerEngine engine, SandboxNetwork network) {
    var dns = DnsWorld.start(engine, network);
    dns.delegate(PROBE_ZONE);
    dns.put(
        PROBE_ZONE,
        RecordName.of(ProbeHost.HOSTNAME),
        DnsRecord.Type.A,
        network.address(10).value());
    // BIND takes an MX only for a target that has an address.
    dns.put(PROBE_ZONE, RecordName.of(PROBE_ZONE), DnsRecord.Type.MX, "10 mx.probe.test");
    dns.setPtr(network.address(10), ProbeHost.HOSTNAME);
    return dns;
  }

  /// A bare host, as rented by the tenant: its provider has set the PTR record to this name.
  ///
  /// @param number counts from 0; the same number is the same host
  public DockerHost host(int number, DomainName reverseName) {
    var address = network.address(FIRST_HOST + number);
    var host =
        DockerHost.rent(engine, network, "host-" + number, address, hostPassword(), List.of());
    dns.setPtr(address, reverseName);
    return host;
  }

  /// The one-time root password of every host.
  public String hostPassword() {
    return file.secret("host.password");
  }

  /// A port of the loopback interface that stays the same over restarts.
  public int port(String name) {
    return file.port(name);
  }

  /// A value that is made once and stays.
  public String remember(String name, Supplier<String> make) {
    return file.value(name, make);
  }

  public EmbeddedDatabase database() {
    return database;
  }

  public TemporalServer temporal() {
    return temporal;
  }

  public DnsWorld dns() {
    return dns;
  }

  public PebbleServer pebble() {
    return pebble;
  }

  public ProbeHost probeHost() {
    return probe;
  }

  /// Where the API is reached.
  public URI apiUrl() {
    return URI.create("http://127.0.0.1:" + file.port("api.port"));
  }

  /// Settings of a worker in this world.
  public Map<String, Object> workerProperties() {
    var properties = new LinkedHashMap<String, Object>();
    database(properties);
    var prefix = "penguin.worker.";
    properties.put("server.port", file.port("worker.port"));
    properties.put(prefix + "quick-pace", true);
    properties.put(prefix + "sweep-every", "2s");
    properties.put(prefix + "sweep-age", "5s");
    properties.put(prefix + "temporal.address", temporal.target());
    properties.put(prefix + "sweep-pool.url", database.jdbcUrl(DATABASE));
    properties.put(prefix + "sweep-pool.password", file.secret("role.sweep"));
    properties.put(prefix + "keys.codec", path("codec.keys"));
    properties.put(prefix + "keys.master", path("master.keys"));
    properties.put(prefix + "dns.roots", joined(dns.roots()));
    properties.put(prefix + "dns.recursive", joined(dns.recursive()));
    properties.put(prefix + "acme.directory", pebble.acmeDirectory().toString());
    properties.put(prefix + "acme.caa-identity", "pebble.letsencrypt.org");
    properties.put(prefix + "acme.trust-roots", written("acme-root.pem", pebble.endpointRootPem()));
    properties.put(prefix + "probe.address", probe.address().value());
    properties.put(prefix + "probe.hostname", ProbeHost.HOSTNAME.value());
    properties.put(prefix + "probe.user", "proof");
    properties.put(prefix + "probe.password", file.secret("probe.password"));
    properties.put(prefix + "probe.mailbox", ProbeHost.RECIPIENT);
    properties.put(
        prefix + "probe.trust-roots",
        written("probe-roots.pem", pebble.issuingRootPem() + "\n" + probe.certificatePem()));
    properties.put(prefix + "host.forward-to", joined(dns.recursive()));
    properties.put(prefix + "host.insecure-zones", "test,10.in-addr.arpa,org,net");
    properties.put(prefix + "host.trusted-networks", network.cidr());
    return properties;
  }

  /// Settings of an API in this world.
  public Map<String, Object> apiProperties() {
    var properties = new LinkedHashMap<String, Object>();
    database(properties);
    properties.put("server.port", file.port("api.port"));
    properties.put("management.server.port", file.port("api.management.port"));
    properties.put("penguin.installation.kind", "test");
    properties.put("penguin.temporal.address", temporal.target());
    properties.put("penguin.api.public-url", apiUrl().toString());
    properties.put("penguin.api.quick-pace", true);
    properties.put("penguin.api.view-link-key", file.secret("view-link.key"));
    properties.put("penguin.codec.staff-token", file.secret("staff.token"));
    properties.put("penguin.codec.temporal-ui-origin", temporal.ui().toString());
    properties.put("penguin.codec.key-file", path("codec.keys"));
    properties.put("penguin.secret.master-key-file", path("master.keys"));
    return properties;
  }

  private void database(Map<String, Object> properties) {
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.datasource.url", database.jdbcUrl(DATABASE));
    properties.put("spring.datasource.username", Migrations.APP);
    properties.put("spring.datasource.password", file.secret("role.app"));
  }

  /// The pool of the application's role, for looking at rows.
  public javax.sql.DataSource appDataSource() {
    return database.as(DATABASE, Migrations.APP, file.secret("role.app"));
  }

  private static String joined(List<IpAddress> addresses) {
    return String.join(",", addresses.stream().map(IpAddress::value).toList());
  }

  private String path(String name) {
    return directory.resolve(name).toAbsolutePath().toString();
  }

  private String written(String name, String content) {
    try {
      return Files.writeString(directory.resolve(name), content).toAbsolutePath().toString();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + name, e);
    }
  }

  /// Stops everything and keeps its state.
  @Override
  public void close() {
    engine.containers(network.instance()).parallelStream()
        .filter(com.penguinmails.sandbox.docker.Container::isRunning)
        .forEach(com.penguinmails.sandbox.docker.Container::stop);
    pebble.close();
    temporal.close();
    database.close();
    engine.close();
  }

  /// Stops everything and removes what Docker keeps of it; files are the caller's.
  public void destroy() {
    engine.cleanUp(network.instance());
    pebble.close();
    temporal.close();
    database.close();
    engine.close();
  }
}
