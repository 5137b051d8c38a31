package com.penguinmails.sandbox.chaos;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.worker.staff.StaffCommand;
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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
  static final int RUNS = 60;

  static final String KEY = "chaos-";
  static final String STAFF = "chaos";
  private static final int ADDRESSES = 150;
  private static final int LISTED = 9;
  private static final int WITHOUT_MAIL = 13;
  private static final Duration DEAD_FOR_AT_MOST = Duration.ofMinutes(1);
  private static final Duration ASK_AGAIN = Duration.ofMillis(500);
  private static final String ENOUGH = "100000";

  private static final Map<String, String> OF_WORKER =
      Map.of(
          "penguin.worker.pace", "hurried",
          "penguin.worker.vps.hostwinds.grace", "1s",
          "penguin.worker.vps.hostwinds.long-grace", "2s");

  private final SandboxWorld world;
  private final Path directory;
  private final Thread onExit = new Thread(this::remove);
  private final ChaosRuns runs;
  private final RunningProduct product;
  private final TenantClient tenant;
  private final JdbcClient rows;
  private final HistoryCheck histories;
  private final Set<IpAddress> spoiled = ConcurrentHashMap.newKeySet();
  private @Nullable Deaths deaths;

  private ChaosWorld(SandboxWorld world, Path directory, Class<?>... beans) {
    this.world = world;
    this.directory = directory;
    Runtime.getRuntime().addShutdownHook(onExit);
    rows = JdbcClient.create(world.database().superuser("penguin"));
    runs = new ChaosRuns(this::seedOf);
    product =
        RunningProduct.start(
            world,
            new FaultyActivities(runs, new WrongAnswers(world)),
            OF_WORKER,
            Map.of("penguin.api.pace", "hurried", "penguin.api.mailbox-grace", "0s"),
            beans);
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

  /// @param beans that the worker has besides its own: in tests, a build that is broken on purpose
  static ChaosWorld start(Path directory, Class<?>... beans) {
    var world = SandboxWorld.start(SandboxWorld.Plan.instant(directory).thrownAway());
    try {
      return new ChaosWorld(world, directory, beans);
    } catch (RuntimeException e) {
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
        .map(key -> Long.parseLong(key.substring(KEY.length())));
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
  /// @param seed decides who, and when
  void letDie(long seed) {
    var ofSecond = new TreeMap<>(OF_WORKER);
    ofSecond.put("server.port", "0"); // the first one has the world's
    deaths = new Deaths(world, directory.resolve("workers"), ofSecond, seed);
  }

  /// How often who has died so far.
  Map<String, Integer> deaths() {
    var striking = deaths;
    return striking == null ? Map.of() : striking.happened();
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
