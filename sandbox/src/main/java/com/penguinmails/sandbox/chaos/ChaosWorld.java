package com.penguinmails.sandbox.chaos;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.secret.VaultServer;
import com.penguinmails.sandbox.vps.Machines;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.store.ledger.LedgerStore;
import com.penguinmails.worker.staff.StaffCommand;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.temporal.codec.CodecKeys;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A simulated world with the product in it, whose worker meets faults. Its directory is removed
/// with it.
final class ChaosWorld implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosWorld.class);

  /// It has that many servers to sell, a second one for an order included.
  static final int RUNS = 100;

  static final String KEY = "chaos-";
  static final String STAFF = "chaos";
  private static final int FIRST_OWN = 20;
  private static final int OWN = 80; // the seller's begin behind them
  private static final int ADDRESSES = 150;
  private static final int LISTED = 9;
  private static final int WITHOUT_MAIL = 13;
  private static final Duration DEAD_FOR_AT_MOST = Duration.ofMinutes(1);

  /// No attempt may take longer, one that is given up as lost included.
  private static final Duration LATEST = Duration.ofSeconds(15);

  private static final Duration ASK_AGAIN = Duration.ofMillis(500);
  private static final String ENOUGH = "100000";

  private static final Map<String, Object> OF_WORKER =
      Map.of(
          "penguin.worker.pace", "hurried",
          "penguin.worker.vps.hostwinds.grace", "1s",
          "penguin.worker.vps.hostwinds.long-grace", "2s");

  private final SandboxWorld world;
  private final Kind kind;
  private final Optional<VaultServer> vault;
  private final Machines machines;
  private final AtomicInteger ownHosts = new AtomicInteger();
  private final Thread onExit = new Thread(this::remove);
  private final ChaosRuns runs;
  private final TreeMap<String, Object> ofWorker;
  private final RunningProduct product;
  private final TenantClient tenant;
  private final JdbcClient rows;
  private final LedgerStore ledger;
  private final HistoryCheck histories;
  private final Set<IpAddress> spoiled = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Deaths deaths;

  private ChaosWorld(SandboxWorld world, Optional<VaultServer> vault, Kind kind) {
    this.world = world;
    this.vault = vault;
    this.kind = kind;
    machines = world.machines();
    Runtime.getRuntime().addShutdownHook(onExit);
    var database = world.database().superuser("penguin");
    rows = JdbcClient.create(database);
    ledger = new LedgerStore(database);
    runs = new ChaosRuns(this::seedOf, kind.faults());
    ofWorker = new TreeMap<>(OF_WORKER);
    var ofApi =
        new TreeMap<String, Object>(
            Map.of(
                "penguin.api.pace", "hurried",
                "penguin.api.mailbox-grace", "0s",
                "penguin.api.cancel-grace", "2s"));
    vault.map(VaultServer::productSettings).ifPresent(ofWorker::putAll);
    vault.map(VaultServer::productSettings).ifPresent(ofApi::putAll);
    product =
        RunningProduct.start(
            world,
            new FaultyActivities(runs, new WrongAnswers(world, this::hostOf), this::atStep),
            ofWorker,
            ofApi,
            kind.beans().toArray(Class<?>[]::new));
    tenant = DemoTenant.of(world).client();
    requireDone(
        staff("purchases", "--tenant=" + ENOUGH, "--all=" + ENOUGH, "--as=" + STAFF)); // no cap
    spoilAddresses();
    histories =
        new HistoryCheck(
            product.worker().getBean(WorkflowClient.class),
            product.worker().getBean(CodecKeys.class));
  }

  /// `./penguin staff`.
  StaffAnswer staff(String... command) {
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    return new StaffAnswer(
        StaffCommand.run(world.staffEnvironment(), out, out, command), said.toString());
  }

  record StaffAnswer(int code, String text) {}

  private static void requireDone(StaffAnswer answer) {
    if (answer.code() != 0) {
      throw new IllegalStateException(answer.text());
    }
  }

  /// Which world.
  ///
  /// @param isInVault secrets are kept in Vault, not in PostgreSQL
  /// @param faults instead of those that the seeds of runs choose
  /// @param beans that the worker has besides its own: in tests, a build that is broken on purpose
  record Kind(
      Path directory, boolean isInVault, Optional<NamedFaults> faults, List<Class<?>> beans) {
    Kind {
      beans = List.copyOf(beans);
    }
  }

  static ChaosWorld start(Kind kind) {
    var world = SandboxWorld.start(SandboxWorld.Plan.instant(kind.directory()).thrownAway());
    var vault = Optional.<VaultServer>empty();
    try {
      if (kind.isInVault()) {
        vault = Optional.of(VaultServer.start(kind.directory().resolve("vault")));
      }
      return new ChaosWorld(world, vault, kind);
    } catch (RuntimeException e) {
      vault.ifPresent(VaultServer::close);
      world.destroy();
      throw e;
    }
  }

  /// The key a run orders with carries its seed.
  private Optional<Long> seedOf(UUID entity) {
    return rows.sql(
            """
            SELECT idempotency_key FROM setup
            WHERE :id IN (id, server_id, domain_id, certificate_id)
            ORDER BY created_at LIMIT 1
            """)
        .param("id", entity)
        .query(String.class)
        .optional()
        .filter(key -> key.startsWith(KEY))
        .map(key -> Long.parseLong(key.substring(KEY.length()).replaceFirst("-.*", "")));
  }

  private void atStep(String step) {
    var striking = deaths;
    if (striking != null) {
      striking.atStep(step);
    }
  }

  /// The newest host of a run; empty: none yet, or PostgreSQL does not say.
  private Optional<SimulatedHost> hostOf(long seed) {
    try {
      return rows.sql(
              """
              SELECT o.provider_server_id FROM server_order o
              JOIN setup s ON s.server_id = o.server_id
              WHERE o.provider_server_id IS NOT NULL
                AND (s.idempotency_key = :key OR s.idempotency_key LIKE :key || '-%')
              ORDER BY o.created_at DESC LIMIT 1
              """)
          .param("key", KEY + seed)
          .query(String.class)
          .optional()
          .or(() -> Optional.of(Invariants.ownHost(seed)))
          .flatMap(world.simulatedHosts()::find);
    } catch (DataAccessException dead) {
      LOG.atDebug().setCause(dead).log("PostgreSQL does not say which host is a run's");
      return Optional.empty();
    }
  }

  /// A bare host that a tenant has rented themselves, with the PTR record of its name.
  IpAddress rentHost(String name, DomainName reverseName, String rootPassword) {
    var address = world.address(FIRST_OWN + ownHosts.getAndIncrement() % OWN);
    machines.run(name, address, rootPassword);
    machines.setReverseName(address, reverseName);
    return address;
  }

  SandboxWorld world() {
    return world;
  }

  ChaosRuns runs() {
    return runs;
  }

  TenantClient tenant() {
    return tenant;
  }

  /// All tables. Answers nobody while PostgreSQL is dead.
  JdbcClient rows() {
    return rows;
  }

  /// Of all runs. Answers nobody while PostgreSQL is dead.
  LedgerStore ledger() {
    return ledger;
  }

  /// Asks again while PostgreSQL or Temporal is dead.
  static <T> T patiently(Supplier<T> question) {
    var end = Instant.now().plus(DEAD_FOR_AT_MOST);
    while (true) {
      try {
        return question.get();
      } catch (DataAccessException | StatusRuntimeException | OutsideException dead) {
        if (Instant.now().isAfter(end)) {
          throw dead;
        }
        pause(ASK_AGAIN);
      }
    }
  }

  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped", stopping);
    }
  }

  HistoryCheck histories() {
    return histories;
  }

  SecretStore secrets() {
    return product.worker().getBean(SecretStore.class);
  }

  /// Where secrets are kept, if not in PostgreSQL.
  Optional<VaultServer> vault() {
    return vault;
  }

  /// Addresses with a past: who is sold one must get another, or another server.
  private void spoilAddresses() {
    for (int i = 0; i < ADDRESSES; i++) {
      var address = world.hostwinds().nextAddress(i);
      if (i % LISTED == LISTED - 1) {
        world.blacklists().add(SimulatedBlacklists.SOUND, address);
        spoiled.add(address);
      } else if (i % WITHOUT_MAIL == WITHOUT_MAIL - 1) {
        world.simulatedHosts().closeMail(address);
        spoiled.add(address);
      }
    }
  }

  /// What staff have achieved who asked the lists and the seller.
  ///
  /// @return false: it has no past, or none any more
  boolean forgive(IpAddress address) {
    boolean isSpoiled = spoiled.remove(address);
    if (isSpoiled) {
      world.blacklists().remove(SimulatedBlacklists.SOUND, address);
      world.simulatedHosts().openMail(address);
    }
    return isSpoiled;
  }

  /// From now on its servers, and a second worker, die now and then.
  ///
  /// @param every how often, on average
  /// @param seed decides who, and when
  void letDie(Aims aims, Duration every, long seed) {
    var ofSecond = new TreeMap<>(ofWorker);
    ofSecond.put("server.port", "0"); // the first one has the world's
    ofSecond.put("penguin.worker.secrets-ahead", "0"); // it does not live long enough to need them
    var logs = kind.directory().resolve("workers");
    deaths = new Deaths(world, vault, logs, ofSecond, aims, runs::isAnyOverdue, every, seed);
  }

  /// How often who has died so far.
  Map<String, Integer> deaths() {
    var striking = deaths;
    return striking == null ? Map.of() : striking.happened();
  }

  /// Plays runs, and when all are over looks at each again.
  ///
  /// @param atOnce how many at the same time
  /// @param limit how long each wait of a story may take
  /// @param commit of the product
  /// @param told each line as it is known; once more when violations show afterwards
  List<RunLine> play(
      List<Long> seeds, int atOnce, Duration limit, String commit, Consumer<RunLine> told)
      throws InterruptedException {
    var played = seeds.stream().map(seed -> new ChaosRun(this, seed, limit)).toList();
    try (var threads = Executors.newFixedThreadPool(atOnce)) {
      var lines = new ArrayList<RunLine>();
      for (var done :
          threads.invokeAll(played.stream().map(run -> job(run, commit, told)).toList())) {
        lines.add(done.get());
      }
      var later = checkAgain(played);
      lines.replaceAll(line -> amended(line, later.getOrDefault(line.seed(), List.of()), told));
      return lines;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a run could not be written down", e.getCause());
    }
  }

  private static RunLine amended(RunLine line, List<String> later, Consumer<RunLine> told) {
    if (later.isEmpty()) {
      return line;
    }
    var amended = line.and(line.with(later));
    told.accept(amended);
    return amended;
  }

  private static Callable<RunLine> job(ChaosRun run, String commit, Consumer<RunLine> told) {
    return () -> {
      var line = run.run(commit);
      told.accept(line);
      return line;
    };
  }

  /// Lets what is late come, with nobody dying any more, and looks at all runs again.
  ///
  /// @return violations that show only now, by seed
  private Map<Long, List<String>> checkAgain(Collection<ChaosRun> played) {
    var striking = deaths;
    if (striking != null) {
      striking.close();
    }
    pause(LATEST);
    var search = patiently(() -> new SecretSearch(rows, kind.directory()));
    var found = new TreeMap<Long, List<String>>();
    for (var run : played) {
      var violations = new ArrayList<>(patiently(() -> run.checkAgain(search)));
      if (striking != null) {
        striking.failure().ifPresent(violations::add);
      }
      if (!violations.isEmpty()) {
        found.put(run.seed(), violations);
      }
    }
    return found;
  }

  @Override
  public void close() {
    var striking = deaths;
    if (striking != null) {
      striking.close();
    }
    histories.close();
    tenant.close();
    product.close();
    machines.close();
    vault.ifPresent(VaultServer::close);
    remove();
    try {
      Runtime.getRuntime().removeShutdownHook(onExit);
    } catch (IllegalStateException exiting) { // then it runs, and finds nothing to do
      LOG.atDebug().setCause(exiting).log("Removed while everything ends");
    }
  }

  private void remove() {
    world.destroy();
  }
}
