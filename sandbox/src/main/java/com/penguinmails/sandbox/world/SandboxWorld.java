package com.penguinmails.sandbox.world;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.sandbox.acme.AcmeFaultProxy;
import com.penguinmails.sandbox.acme.PebbleServer;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.docker.Container;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.sandbox.vps.DockerMachines;
import com.penguinmails.sandbox.vps.SimulatedHostwinds;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.InstallationStore;
import com.penguinmails.store.tenant.InstallationStore.Installation;
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
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One provider world on this machine, every part of it real but small: PostgreSQL, Temporal, BIND
/// and unbound, Pebble, the probe host, and hosts to rent. It lives in one directory and one Docker
/// network; closed and started again it goes on where it was, also after a kill.
///
/// What a start finds running from a killed one it takes over (containers) or ends first
/// (processes).
public final class SandboxWorld implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxWorld.class);
  private static final String DATABASE = "penguin";
  private static final DomainName PROBE_ZONE = new DomainName("probe.test");
  private static final DomainName BLACKLIST = new DomainName("blacklist.test");
  private static final int FIRST_HOST = 20;
  private static final int FIRST_RACK = 100; // addresses of servers that are bought
  private static final String LOOPBACK = "127.0.0.1";

  private final Plan plan;
  private final WorldLock lock;
  private final WorldFile file;
  private final Map<Integer, DockerHost> hosts = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<EmbeddedDatabase> database;
  private final CompletableFuture<TemporalServer> temporal;
  private final CompletableFuture<DockerEngine> engine;
  private final CompletableFuture<SandboxNetwork> network;
  private final CompletableFuture<DnsWorld> dns;
  private final CompletableFuture<PebbleServer> pebble;
  private final CompletableFuture<AcmeFaultProxy> acmeFaults;
  private final CompletableFuture<ProbeHost> probeHost;
  private final CompletableFuture<SimulatedHostwinds> hostwinds;
  private boolean isClosed;

  private SandboxWorld(Plan plan, WorldLock lock) {
    this.plan = plan;
    this.lock = lock;
    var path = rememberedIn();
    var isNew = Files.notExists(path);
    file = WorldFile.open(path);
    KeyFile.openOrCreate(codecKeys());
    KeyFile.openOrCreate(masterKey());
    chooseAllPorts();
    database = part("PostgreSQL", this::startDatabase);
    temporal = part("Temporal", this::startTemporal);
    engine = begin(() -> connect(isNew));
    network = engine.thenApplyAsync(found -> found.network(plan.instance()), threads);
    dns = network.thenCompose(net -> part("DNS", () -> startDns(net)));
    pebble = dns.thenCompose(_ -> part("Certificate authority", this::startPebble));
    acmeFaults =
        pebble.thenApply(authority ->
            AcmeFaultProxy.inFrontOf(
                authority, Integer.parseInt(file.find("port.acme").orElseThrow(), 10)));
    probeHost = dns.thenCompose(_ -> part("Probe host", this::startProbeHost));
    hostwinds = dns.thenApplyAsync(_ -> startHostwinds(), threads);
  }

  /// Which world.
  ///
  /// @param directory where it lives; made when it is not there
  /// @param instance name of its containers; one directory, one instance
  /// @param isThrowAway everything is removed at the end, the directory too
  /// @param listener told of each part that has come up; called from any thread
  public record Plan(Path directory, String instance, boolean isThrowAway, Listener listener) {
    public Plan {
      directory = directory.toAbsolutePath().normalize();
    }

    /// A world that stays.
    public static Plan in(Path directory, Listener listener) {
      // Named after its place: containers are found again even when the directory was deleted.
      var place = directory.toAbsolutePath().normalize();
      return new Plan(
          place,
          "world-" + HexFormat.of().toHexDigits(place.toString().hashCode()),
          false,
          listener);
    }

    /// A world for one test class: what an earlier run left is removed before.
    public static Plan throwAway(String instance) {
      try {
        return new Plan(
            Files.createTempDirectory("penguin-" + instance), instance, true, (_, _) -> {});
      } catch (IOException e) {
        throw new UncheckedIOException("no temporary directory", e);
      }
    }
  }

  /// Hears what has come up, and how long it took.
  @FunctionalInterface
  public interface Listener {
    void isUp(String part, Duration took);
  }

  /// Begins to start every part and returns at once; each getter waits for its part.
  ///
  /// @throws IllegalStateException another process has this world
  public static SandboxWorld begin(Plan plan) {
    try {
      Files.createDirectories(plan.directory());
    } catch (IOException e) {
      throw new UncheckedIOException(plan.directory() + " cannot be made", e);
    }
    return new SandboxWorld(plan, WorldLock.take(plan.directory().resolve("lock")));
  }

  /// Starts the world of this directory, or resumes it.
  ///
  /// @throws com.penguinmails.sandbox.docker.NoDockerEngine with how to get one
  public static SandboxWorld start(Path directory) {
    return start(Plan.in(directory, (_, _) -> {}));
  }

  /// Removes everything an earlier start left: files, containers, network.
  ///
  /// @throws IllegalStateException another process has this world
  public static void forget(Plan plan) {
    try (var docker = DockerEngine.connect()) {
      if (Files.isDirectory(plan.directory())) {
        try (var lock = WorldLock.take(plan.directory().resolve("lock"))) {
          LOG.atInfo().addKeyValue("lock", lock.channel().isOpen()).log("Forgetting a world");
          docker.cleanUp(plan.instance());
          for (var part :
              List.of(
                  "postgres",
                  "temporal",
                  "pebble",
                  "keys",
                  "hostwinds.json",
                  "blacklists.tsv",
                  "acme-endpoint.pem",
                  "issuing-roots.pem",
                  "trusted-by-probe.pem",
                  "world.properties")) {
            deleteTree(plan.directory().resolve(part));
          }
        }
      }
    }
  }

  /// Starts every part and waits for all; on failure nothing stays up.
  public static SandboxWorld start(Plan plan) {
    var world = begin(plan);
    try {
      world.await();
    } catch (RuntimeException e) {
      world.close();
      throw e;
    }
    return world;
  }

  /// Waits until every part is up.
  public void await() {
    for (var part : List.of(database, temporal, dns, acmeFaults, probeHost, hostwinds)) {
      var _ = value(part);
    }
  }

  /// Migrated, with its roles.
  public EmbeddedDatabase database() {
    return value(database);
  }

  /// The pool's role, unpooled: for looking.
  public DataSource appDataSource() {
    return database().as(DATABASE, Migrations.APP, file.password("app"));
  }

  public TemporalServer temporal() {
    return value(temporal);
  }

  public DnsWorld dns() {
    return value(dns);
  }

  public PebbleServer pebble() {
    return value(pebble);
  }

  /// The simulated part of the certificate authority: everybody reaches Pebble through it, and it
  /// passes everything on until a fault is planned.
  public AcmeFaultProxy acmeFaults() {
    return value(acmeFaults);
  }

  public ProbeHost probeHost() {
    return value(probeHost);
  }

  /// The simulated seller of servers.
  public SimulatedHostwinds hostwinds() {
    return value(hostwinds);
  }

  public DockerEngine engine() {
    return value(engine);
  }

  public SandboxNetwork network() {
    return value(network);
  }

  /// A bare host, as rented by a tenant: its provider has set the PTR record to this name.
  ///
  /// @param number counts from 0; the same number is the same host
  public DockerHost host(int number, DomainName reverseName) {
    var host =
        hosts.computeIfAbsent(
            number,
            _ ->
                DockerHost.rent(
                    engine(),
                    network(),
                    "host-" + number,
                    network().address(FIRST_HOST + number),
                    hostPassword(),
                    List.of()));
    dns().setPtr(host.address(), reverseName);
    return host;
  }

  /// Ends the rent of a host: it is gone with its disk.
  public void giveBack(int number) {
    var host = hosts.remove(number);
    if (host != null) {
      host.container().remove();
    }
  }

  /// The one-time root password of every host.
  public String hostPassword() {
    return file.password("host");
  }

  /// A value of an earlier [#remember].
  public Optional<String> recall(String name) {
    return file.find(name);
  }

  /// A value that is made once and stays with the world.
  public String remember(String name, Supplier<String> make) {
    return file.make(name, make);
  }

  /// The file, for its owner only, of what must be the same at the next start: ports, keys, names.
  public Path rememberedIn() {
    return plan.directory().resolve("world.properties");
  }

  /// Where the API is to listen.
  public URI apiUrl() {
    return URI.create("http://" + LOOPBACK + ":" + file.find("port.api").orElseThrow());
  }

  /// Settings of a worker in this world. Waits for every part.
  public Map<String, Object> workerProperties() {
    await();
    var settings = common();
    settings.put("server.port", file.find("port.worker").orElseThrow());
    settings.put("spring.application.name", "penguin-worker");
    settings.put("springdoc.api-docs.enabled", "false");
    var prefix = "penguin.worker.";
    settings.put(prefix + "sweep-every", "2s");
    settings.put(prefix + "sweep-age", "5s");
    settings.put(prefix + "quick-pace", "true");
    settings.put(prefix + "temporal.address", temporal().target());
    settings.put(prefix + "temporal.namespace", TemporalServer.NAMESPACE);
    settings.put(prefix + "sweep-pool.url", database().jdbcUrl(DATABASE));
    settings.put(prefix + "sweep-pool.username", Migrations.SWEEP);
    settings.put(prefix + "sweep-pool.password", file.password("sweep"));
    settings.put(prefix + "keys.codec", codecKeys().toString());
    settings.put(prefix + "keys.master", masterKey().toString());
    settings.put(prefix + "dns.roots", joined(dns().roots()));
    settings.put(prefix + "dns.recursive", joined(dns().recursive()));
    settings.put(prefix + "acme.directory", acmeFaults().acmeDirectory().toString());
    settings.put(prefix + "acme.caa-identity", "pebble.letsencrypt.org");
    settings.put(prefix + "acme.trust-roots", endpointRoot().toString());
    var mailbox = probeHost().mailbox();
    settings.put(prefix + "probe.address", probeHost().address().value());
    settings.put(prefix + "probe.imap-port", "993");
    settings.put(prefix + "probe.hostname", ProbeHost.HOSTNAME.value());
    settings.put(prefix + "probe.user", mailbox.user());
    settings.put(prefix + "probe.password", mailbox.password());
    settings.put(prefix + "probe.mailbox", ProbeHost.RECIPIENT);
    settings.put(prefix + "probe.trust-roots", trustedByProbe().toString());
    settings.put(prefix + "vps.installation", file.find("installation").orElseThrow());
    settings.put(prefix + "vps.blacklists", blacklists().toString());
    settings.put(prefix + "vps.hostwinds.url", hostwinds().url().toString());
    settings.put(prefix + "vps.hostwinds.key-file", hostwindsKey().toString());
    settings.put(prefix + "vps.hostwinds.calls-per-second", "50");
    settings.put(prefix + "vps.hostwinds.grace", "5s");
    settings.put(prefix + "vps.hostwinds.long-grace", "20s");
    settings.put(prefix + "host.forward-to", joined(dns().recursive()));
    settings.put(
        prefix + "host.insecure-zones",
        // Unsigned here, and the resolvers between us and the Internet may strip signatures.
        "test,10.in-addr.arpa,org,net");
    settings.put(prefix + "host.trusted-networks", network().cidr());
    return Map.copyOf(settings);
  }

  /// Settings of an API in this world. Waits for the database and Temporal only.
  public Map<String, Object> apiProperties() {
    var settings = common();
    settings.put("server.port", file.find("port.api").orElseThrow());
    settings.put("server.address", LOOPBACK);
    settings.put("management.server.port", file.find("port.api-management").orElseThrow());
    settings.put("penguin.installation.kind", "test");
    settings.put("penguin.installation.id", file.find("installation").orElseThrow());
    settings.put("penguin.api.providers", HostwindsVpsProvider.NAME);
    settings.put("penguin.temporal.address", temporal().target());
    settings.put("penguin.temporal.namespace", TemporalServer.NAMESPACE);
    settings.put("penguin.api.public-url", apiUrl().toString());
    settings.put("penguin.api.quick-pace", "true");
    settings.put("penguin.api.view-link-key", file.password("view-link"));
    settings.put("penguin.secret.master-key-file", masterKey().toString());
    settings.put("penguin.codec.key-file", codecKeys().toString());
    settings.put("penguin.codec.staff-token", file.password("staff-token"));
    settings.put("penguin.codec.temporal-ui-origin", temporalUiOrigin());
    return Map.copyOf(settings);
  }

  /// Stops everything in the right order: containers, the authority, Temporal, and the database
  /// last. Safe to repeat.
  @Override
  public synchronized void close() {
    if (isClosed) {
      return;
    }
    isClosed = true;
    // An interrupted start is stopped in order too: nothing below may give up early.
    boolean wasInterrupted = Thread.interrupted();
    settle();
    if (isUp(hostwinds)) {
      quietly("simulated Hostwinds", hostwinds.join());
    }
    if (isUp(engine)) {
      leaveDocker(engine.join());
    }
    if (isUp(acmeFaults)) {
      quietly("fault proxy", acmeFaults.join());
    }
    if (isUp(pebble)) {
      quietly("certificate authority", pebble.join());
    }
    if (isUp(temporal)) {
      quietly("Temporal", temporal.join());
    }
    if (isUp(database)) {
      quietly("PostgreSQL", database.join());
    }
    threads.close();
    lock.close();
    if (plan.isThrowAway()) {
      deleteTree(plan.directory());
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops everything and removes what Docker keeps of it; files are the caller's.
  public synchronized void destroy() {
    if (!isClosed && isUp(engine)) {
      settle();
      engine.join().cleanUp(plan.instance());
      hosts.clear();
    }
    close();
  }

  private void leaveDocker(DockerEngine docker) {
    if (plan.isThrowAway()) {
      docker.cleanUp(plan.instance());
    } else {
      docker.containers(plan.instance()).parallelStream()
          .filter(Container::isRunning)
          .forEach(Container::stop);
    }
    quietly("Docker client", docker);
  }

  /// Parts that are still coming up are waited for, so that they can be stopped.
  private void settle() {
    for (var part : List.of(database, temporal, dns, acmeFaults, probeHost, hostwinds)) {
      part.handle((_, _) -> true).join();
    }
  }

  private static boolean isUp(CompletableFuture<?> part) {
    return part.isDone() && !part.isCompletedExceptionally();
  }

  private static void quietly(String name, AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) { // the others must be stopped all the same
      LOG.atWarn().addKeyValue("part", name).setCause(e).log("A part did not stop in order");
    }
  }

  private EmbeddedDatabase startDatabase() {
    var started =
        EmbeddedDatabase.start(
            plan.directory().resolve("postgres"),
            Integer.parseInt(file.find("port.database").orElseThrow(), 10));
    try {
      started.createDatabaseIfAbsent(DATABASE);
      Migrations.createRoles(
          started.superuser(DATABASE),
          new Migrations.Passwords(
              file.password("owner"),
              file.password("app"),
              file.password("sweep"),
              file.password("staff")));
      var _ = Migrations.migrate(started.as(DATABASE, Migrations.OWNER, file.password("owner")));
      var id = file.make("installation", SandboxWorld::newInstallationId);
      var app = started.as(DATABASE, Migrations.APP, file.password("app"));
      var _ = new InstallationStore(new Tenancy(app)).claim(new Installation(id, false));
      return started;
    } catch (RuntimeException e) {
      started.close();
      throw e;
    }
  }

  private TemporalServer startTemporal() {
    var place =
        new TemporalServer.Place(
            plan.directory().resolve("temporal"),
            Integer.parseInt(file.find("port.temporal").orElseThrow(), 10),
            Integer.parseInt(file.find("port.temporal-ui").orElseThrow(), 10),
            Optional.empty());
    // The development server's UI can be told an address only, so the token is part of it. Whoever
    // can list this machine's processes may read the sandbox' payloads; nothing real is in there.
    return TemporalServer.start(
        place.withCodec(URI.create(apiUrl() + "/codec/" + file.password("staff-token"))));
  }

  private DockerEngine connect(boolean isNew) {
    var docker = DockerEngine.connect();
    if (isNew) { // containers without their directory, or of a killed test
      docker.cleanUp(plan.instance());
    }
    return docker;
  }

  private DnsWorld startDns(SandboxNetwork net) {
    var world = DnsWorld.start(engine.join(), net);
    var _ = world.delegate(PROBE_ZONE);
    var mx = RecordName.of(ProbeHost.HOSTNAME);
    var address = net.address(10);
    world.put(PROBE_ZONE, mx, DnsRecord.Type.A, address.value());
    // BIND takes an MX only for a target that has an address.
    world.put(PROBE_ZONE, RecordName.of(PROBE_ZONE), DnsRecord.Type.MX, "10 " + mx);
    world.setPtr(address, ProbeHost.HOSTNAME);
    var _ = world.delegate(BLACKLIST);
    world.put(BLACKLIST, RecordName.of("2.0.0.127", BLACKLIST), DnsRecord.Type.A, "127.0.0.2");
    write(
        blacklists(),
        BLACKLIST + "\tcritical\t127.0.0.2=simulated spam source\t2.0.0.127\t1.0.0.127\tnobody\n");
    return world;
  }

  private PebbleServer startPebble() {
    var recursive = dns.join().recursive().getFirst();
    var server =
        PebbleServer.start(
            plan.directory().resolve("pebble"),
            new InetSocketAddress(recursive.toInetAddress(), 53));
    write(endpointRoot(), server.endpointRootPem());
    // Its issuing root is new after each start; hosts may still show certificates of earlier ones.
    append(plan.directory().resolve("issuing-roots.pem"), server.issuingRootPem());
    return server;
  }

  private ProbeHost startProbeHost() {
    return ProbeHost.start(
        engine.join(), network.join(), dns.join().recursive(), file.password("probe"));
  }

  private SimulatedHostwinds startHostwinds() {
    write(hostwindsKey(), file.password("hostwinds"));
    return SimulatedHostwinds.start(
        new SimulatedHostwinds.Place(
            plan.directory(),
            Integer.parseInt(file.find("port.hostwinds").orElseThrow(), 10),
            file.password("hostwinds"),
            new SimulatedHostwinds.Timing(
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2)),
            new DockerMachines(engine.join(), network.join(), dns.join()),
            number -> network.join().address(FIRST_RACK + number)));
  }

  /// Puts an address on the simulated blacklist, or takes it off.
  public void blacklist(IpAddress address, boolean isListed) {
    var label = address.reverseName().value().replace(".in-addr.arpa", "");
    var values = isListed ? new String[] {"127.0.0.2"} : new String[0];
    dns().put(BLACKLIST, RecordName.of(label, BLACKLIST), DnsRecord.Type.A, values);
  }

  private Path blacklists() {
    return plan.directory().resolve("blacklists.tsv");
  }

  private Path hostwindsKey() {
    return plan.directory().resolve("keys").resolve("hostwinds.key");
  }

  private void chooseAllPorts() {
    for (var name :
        List.of(
            "database",
            "temporal",
            "temporal-ui",
            "api",
            "api-management",
            "worker",
            "acme",
            "hostwinds")) {
      var _ = file.port(name);
    }
  }

  private String temporalUiOrigin() {
    return "http://" + LOOPBACK + ":" + file.find("port.temporal-ui").orElseThrow();
  }

  private Map<String, Object> common() {
    var settings = new TreeMap<String, Object>();
    settings.put("spring.main.banner-mode", "off");
    settings.put("spring.datasource.url", database().jdbcUrl(DATABASE));
    settings.put("spring.datasource.username", Migrations.APP);
    settings.put("spring.datasource.password", file.password("app"));
    return settings;
  }

  private Path trustedByProbe() {
    var path = plan.directory().resolve("trusted-by-probe.pem");
    try {
      write(
          path,
          Files.readString(plan.directory().resolve("issuing-roots.pem"))
              + probeHost().certificatePem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return path;
  }

  private Path endpointRoot() {
    return plan.directory().resolve("acme-endpoint.pem");
  }

  private Path codecKeys() {
    return plan.directory().resolve("keys").resolve("codec.keys");
  }

  private Path masterKey() {
    return plan.directory().resolve("keys").resolve("master.keys");
  }

  private static String newInstallationId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()).substring(2);
  }

  private static String joined(List<IpAddress> addresses) {
    return String.join(",", addresses.stream().map(IpAddress::value).toList());
  }

  private <T> CompletableFuture<T> part(String name, Supplier<T> start) {
    return begin(() -> {
      var began = Instant.now();
      var part = start.get();
      plan.listener().isUp(name, Duration.between(began, Instant.now()));
      return part;
    });
  }

  private <T> CompletableFuture<T> begin(Supplier<T> start) {
    return CompletableFuture.supplyAsync(start, threads);
  }

  private static <T> T value(CompletableFuture<T> part) {
    try {
      return part.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }

  private static void write(Path path, String text) {
    try {
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
  }

  private static void append(Path path, String text) {
    try {
      Files.writeString(path, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
    }
  }

  private static void deleteTree(Path directory) {
    if (Files.notExists(directory)) {
      return;
    }
    try (var files = Files.walk(directory)) {
      for (var path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(directory + " cannot be removed", e);
    }
  }
}
