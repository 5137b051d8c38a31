package com.penguinmails.sandbox.world;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.OwnerOnly;
import com.penguinmails.sandbox.acme.AcmeFaultProxy;
import com.penguinmails.sandbox.acme.PebbleServer;
import com.penguinmails.sandbox.cloudflare.SimulatedCloudflare;
import com.penguinmails.sandbox.dns.DnsWorld;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.sandbox.docker.SandboxNetwork;
import com.penguinmails.sandbox.host.SimulatedHosts;
import com.penguinmails.sandbox.mail.ProbeHost;
import com.penguinmails.sandbox.postgres.EmbeddedDatabase;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.sandbox.vps.Machines;
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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One provider world on this machine: PostgreSQL, Temporal and Pebble, real but small; DNS, the
/// probe host and hosts to rent, simulated or in Docker containers ([Depth]); and a simulated
/// seller of servers. It lives in one directory and, in Docker, one network; closed and started
/// again it goes on where it was, also after a kill.
///
/// What a start finds running from a killed one it takes over (containers) or ends first
/// (processes).
public final class SandboxWorld implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxWorld.class);
  static final String DATABASE = "penguin";
  private static final DomainName PROBE_ZONE = new DomainName("probe.test");
  private static final int FIRST_RACK = 100; // addresses of servers that are bought
  private static final String LOOPBACK = "127.0.0.1";
  private static final String DEPTH = "depth";
  private final Plan plan;
  private final WorldLock lock;
  private final WorldFile file;
  private final WorldPlaces places;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<EmbeddedDatabase> database;
  private final CompletableFuture<TemporalServer> temporal;
  private final CompletableFuture<Ground> ground;
  private final CompletableFuture<DnsWorld> dns;
  private final CompletableFuture<PebbleServer> pebble;
  private final CompletableFuture<AcmeFaultProxy> acmeFaults;
  private final CompletableFuture<ProbeHost> probeHost;
  private final CompletableFuture<SimulatedHostwinds> hostwinds;
  private final CompletableFuture<SimulatedCloudflare> cloudflare;
  private boolean isClosed;

  private SandboxWorld(Plan plan, WorldLock lock) {
    this.plan = plan;
    this.lock = lock;
    places = new WorldPlaces(plan.directory());
    var isNew = Files.notExists(places.remembered());
    file = WorldFile.open(places.remembered());
    chooseAllPorts(); // first of all: what is remembered says that the rest here is a world's
    KeyFile.openOrCreate(places.codecKeys());
    KeyFile.openOrCreate(places.masterKey());
    database = part("PostgreSQL", this::startDatabase);
    temporal = part("Temporal", this::startTemporal);
    ground = begin(() -> ground(isNew));
    dns = ground.thenCompose(under -> part("DNS", () -> startDns(under)));
    pebble = dns.thenCompose(_ -> part("Certificate authority", this::startPebble));
    acmeFaults =
        pebble.thenApply(authority ->
            AcmeFaultProxy.inFrontOf(
                authority, Integer.parseInt(file.find("port.acme").orElseThrow(), 10)));
    probeHost = dns.thenCompose(_ -> part("Probe host", this::startProbeHost));
    hostwinds = dns.thenApplyAsync(_ -> startHostwinds(), threads);
    cloudflare = dns.thenApplyAsync(this::startCloudflare, threads);
  }

  /// Which world.
  ///
  /// @param directory where it lives; made when it is not there
  /// @param instance name of its containers; one directory, one instance
  /// @param isThrowAway everything is removed at the end, the directory too
  /// @param selling how slow the simulated seller of servers is
  /// @param isCluster Temporal is the server of `deploy/`, on PostgreSQL
  /// @param listener told of each part that has come up; called from any thread
  public record Plan(
      Path directory,
      Depth depth,
      String instance,
      boolean isThrowAway,
      SimulatedHostwinds.Timing selling,
      boolean isCluster,
      Listener listener) {
    public Plan {
      directory = directory.toAbsolutePath().normalize();
    }

    /// A world of Docker hosts that stays.
    public static Plan in(Path directory, Listener listener) {
      return in(directory, Depth.DOCKER, listener);
    }

    /// A world that stays.
    public static Plan in(Path directory, Depth depth, Listener listener) {
      // Named after its place: containers are found again even when the directory was deleted.
      var place = directory.toAbsolutePath().normalize();
      return new Plan(
          place,
          depth,
          "world-" + HexFormat.of().toHexDigits(place.toString().hashCode()),
          false,
          SimulatedHostwinds.Timing.quick(),
          false,
          listener);
    }

    /// A simulated world that stays, in which nothing has to be waited for: what a set-up takes
    /// there is the product's own time.
    public static Plan instant(Path directory) {
      var plan = in(directory, Depth.SIMULATED, (_, _) -> {});
      return new Plan(
          plan.directory(),
          plan.depth(),
          plan.instance(),
          plan.isThrowAway(),
          SimulatedHostwinds.Timing.none(),
          plan.isCluster(),
          plan.listener());
    }

    /// The same, but everything is removed at the end, the directory too.
    public Plan thrownAway() {
      return new Plan(directory, depth, instance, true, selling, isCluster, listener);
    }

    /// The same, but with the Temporal that an installation of several machines has.
    public Plan onCluster() {
      return new Plan(directory, depth, instance, isThrowAway, selling, true, listener);
    }

    /// A world for one test class: what an earlier run left is removed before.
    public static Plan throwAway(String instance, Depth depth) {
      try {
        return new Plan(
            Files.createTempDirectory("penguin-" + instance),
            depth,
            instance,
            true,
            SimulatedHostwinds.Timing.quick(),
            false,
            (_, _) -> {});
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

  /// Removes everything an earlier start left: files, and of Docker hosts containers and network.
  /// Touches nothing in a directory that holds no world.
  ///
  /// @throws IllegalStateException another process has this world
  /// @throws com.penguinmails.sandbox.docker.NoDockerEngine it left containers, and no engine
  ///   answers
  public static void forget(Plan plan) {
    var depth = depthIn(plan.directory());
    if (depth.isEmpty()) {
      return;
    }
    try (var lock = WorldLock.take(plan.directory().resolve("lock"))) {
      LOG.atInfo().addKeyValue("lock", lock.channel().isOpen()).log("Forgetting a world");
      if (depth.get() == Depth.DOCKER) {
        try (var docker = DockerEngine.connect()) {
          docker.cleanUp(plan.instance());
        }
      }
      new WorldPlaces(plan.directory()).remove();
    }
  }

  /// What the world in a directory is made of; empty: there is none.
  public static Optional<Depth> depthIn(Path directory) {
    var file = new WorldPlaces(directory).remembered();
    return Files.exists(file)
        ? WorldFile.open(file).find(DEPTH).map(Depth::valueOf).or(() -> Optional.of(Depth.DOCKER))
        : Optional.empty();
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
    for (var part :
        List.of(database, temporal, dns, cloudflare, acmeFaults, probeHost, hostwinds)) {
      var _ = value(part);
    }
  }

  /// What its hosts, DNS and probe host are made of.
  public Depth depth() {
    return plan.depth();
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

  /// Ends the certificate authority as a crash does and starts it again: its memory is gone, and
  /// its issuing root is another one, which a worker that is started afterwards trusts too.
  public void restartAuthority() {
    pebble().restart();
    append(places.issuingRoots(), pebble().issuingRootPem());
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

  /// The file with our key to the simulated seller's API, as staff keep it.
  public Path hostwindsKey() {
    return places.hostwindsKey();
  }

  /// The simulated lists a bought address is asked about.
  public SimulatedBlacklists blacklists() {
    return SimulatedBlacklists.in(dns());
  }

  /// Machines that a simulated seller of this world may sell.
  public Machines machines() {
    return value(ground).machines(dns());
  }

  /// An address of this world's network.
  ///
  /// @param last its last part; from 100 on they are the simulated Hostwinds'
  public IpAddress address(int last) {
    return value(ground).address(last);
  }

  /// The simulated DNS host of tenants who keep their zones at Cloudflare: what it is told, the
  /// name servers of [#dns] answer.
  public SimulatedCloudflare cloudflare() {
    return value(cloudflare);
  }

  /// The Docker engine of a world of Docker hosts.
  public DockerEngine engine() {
    return docker().engine();
  }

  /// The Docker network of a world of Docker hosts.
  public SandboxNetwork network() {
    return docker().network();
  }

  private DockerGround docker() {
    if (value(ground) instanceof DockerGround docker) {
      return docker;
    }
    throw new IllegalStateException("this world is simulated: it has no Docker hosts");
  }

  /// Hosts of a simulated world, for faults.
  public SimulatedHosts simulatedHosts() {
    if (value(ground) instanceof SimulatedGround simulated) {
      return simulated.hosts();
    }
    throw new IllegalStateException("the hosts of this world are Docker hosts");
  }

  /// A bare Docker host, as rented by a tenant: its provider has set the PTR record to this name.
  ///
  /// @param number counts from 0; the same number is the same host
  public DockerHost host(int number, DomainName reverseName) {
    var host = docker().host(number, hostPassword());
    dns().setPtr(host.address(), reverseName);
    return host;
  }

  /// Ends the rent of a host: it is gone with its disk.
  public void giveBack(int number) {
    docker().giveBack(number);
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
    return places.remembered();
  }

  /// Where the API is to listen.
  public URI apiUrl() {
    return URI.create("http://" + LOOPBACK + ":" + file.find("port.api").orElseThrow());
  }

  /// Settings of a worker in this world. Waits for every part.
  public Map<String, Object> workerProperties() {
    await();
    return new WorldSettings(this, file, places).worker(value(ground));
  }

  /// Settings of an API in this world. Waits for the database and Temporal only.
  public Map<String, Object> apiProperties() {
    return new WorldSettings(this, file, places).api();
  }

  /// What `./penguin staff` is told in this world.
  public Map<String, String> staffEnvironment() {
    return new WorldSettings(this, file, places).staff();
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
    if (isUp(cloudflare)) {
      quietly("simulated Cloudflare", cloudflare.join());
    }
    if (isUp(ground)) {
      leave(ground.join());
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
      places.removeAll();
    }
    if (wasInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops everything and removes what Docker keeps of it; files are the caller's.
  public synchronized void destroy() {
    if (!isClosed && isUp(ground)) {
      settle();
      ground.join().remove();
    }
    close();
  }

  private void leave(Ground under) {
    if (plan.depth() == Depth.SIMULATED) {
      if (isUp(probeHost)) {
        quietly("probe host", probeHost.join());
      }
      if (isUp(dns)) {
        quietly("DNS", dns.join());
      }
    } else if (plan.isThrowAway()) {
      under.remove();
    }
    quietly("hosts", under::stop);
  }

  /// Parts that are still coming up are waited for, so that they can be stopped.
  private void settle() {
    for (var part :
        List.of(database, temporal, dns, cloudflare, acmeFaults, probeHost, hostwinds)) {
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
    if (plan.isCluster()) {
      return TemporalServer.start(place, database.join(), file.password("temporal"));
    }
    // The development server's UI can be told an address only, so the token is part of it. Whoever
    // can list this machine's processes may read the sandbox' payloads; nothing real is in there.
    return TemporalServer.start(
        place.withCodec(URI.create(apiUrl() + "/codec/" + file.password("staff-token"))));
  }

  private Ground ground(boolean isNew) {
    var depth = Depth.valueOf(file.make(DEPTH, plan.depth()::name));
    if (depth != plan.depth()) {
      throw new IllegalStateException(
          "%s holds a world that is %s".formatted(plan.directory(), depth));
    }
    return switch (depth) {
      case DOCKER -> DockerGround.connect(plan.instance(), isNew);
      case SIMULATED ->
          SimulatedGround.in(plan.directory(), file.make("loopback", SandboxWorld::newLoopback));
    };
  }

  /// Two worlds of one machine must not meet; 127.0.0 to 127.63.255 are left to others.
  private static String newLoopback() {
    var random = ThreadLocalRandom.current();
    return "127.%d.%d".formatted(random.nextInt(64, 255), random.nextInt(1, 255));
  }

  private DnsWorld startDns(Ground under) {
    var world = under.startDns();
    var _ = world.delegate(PROBE_ZONE);
    var mx = RecordName.of(ProbeHost.HOSTNAME);
    var address = under.address(10);
    world.put(PROBE_ZONE, mx, DnsRecord.Type.A, address.value());
    // BIND takes an MX only for a target that has an address.
    world.put(PROBE_ZONE, RecordName.of(PROBE_ZONE), DnsRecord.Type.MX, "10 " + mx);
    world.setPtr(address, ProbeHost.HOSTNAME);
    write(places.blacklists(), SimulatedBlacklists.in(world).open());
    return world;
  }

  private PebbleServer startPebble() {
    var recursive = dns.join().recursive().getFirst();
    var server =
        PebbleServer.start(plan.directory().resolve("pebble"), ground.join().reach(recursive, 53));
    write(places.endpointRoot(), server.endpointRootPem());
    // Its issuing root is new after each start; hosts may still show certificates of earlier ones.
    append(places.issuingRoots(), server.issuingRootPem());
    return server;
  }

  private ProbeHost startProbeHost() {
    return ground.join().startProbeHost(dns.join(), file.password("probe"));
  }

  private SimulatedHostwinds startHostwinds() {
    writeSecret(places.hostwindsKey(), file.password("hostwinds"));
    return SimulatedHostwinds.start(
        new SimulatedHostwinds.Place(
            plan.directory(),
            Integer.parseInt(file.find("port.hostwinds").orElseThrow(), 10),
            file.password("hostwinds"),
            plan.selling(),
            ground.join().machines(dns.join()),
            number -> ground.join().address(FIRST_RACK + number)));
  }

  private SimulatedCloudflare startCloudflare(DnsWorld names) {
    return SimulatedCloudflare.start(
        Integer.parseInt(file.find("port.cloudflare").orElseThrow(), 10), names.cloudflare());
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
            "hostwinds",
            "cloudflare")) {
      var _ = file.port(name);
    }
  }

  private static String newInstallationId() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()).substring(2);
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

  private static void writeSecret(Path path, String text) {
    try {
      Files.deleteIfExists(path);
      Files.createFile(path, OwnerOnly.attribute());
      Files.writeString(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written", e);
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
}
