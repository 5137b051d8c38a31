package com.penguinmails.sandbox.demo;

import com.penguinmails.sandbox.process.LogFile;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.worker.staff.StaffCommand;
import com.penguinmails.workflows.model.DomainName;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/// For `bench/`: set-ups of two kinds of tenants, ordered in one go in the simulated depth. One
/// tenant orders many, a few tenants order ten each. Their servers are set up before, with a first
/// domain each, and those of the one tenant stand in line first.
///
/// Says how long those of either took from order to proof, and how much heap was in use after a
/// collection when each tenth was done.
///
/// Arguments: an empty directory; how many of the one tenant; how many of the few together.
public final class ManyAtOnce {
  /// One certificate holds as many.
  private static final int DOMAINS_OF_A_SERVER = 40;

  private static final int OF_ONE_OF_THE_FEW = 10;
  private static final int ORDERED_AT_ONCE = 16;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  private static final Duration LIMIT = Duration.ofHours(2);
  private static final String BIG = "big";
  private static final String FEW = "few";

  private final SandboxWorld world;
  private final JdbcClient rows;

  private ManyAtOnce(SandboxWorld world) {
    this.world = world;
    rows = JdbcClient.create(world.database().superuser("penguin"));
  }

  public static void main(String[] arguments) throws InterruptedException {
    var directory = Path.of(arguments[0]);
    int ofBig = Integer.parseInt(arguments[1]);
    int ofFew = Integer.parseInt(arguments[2]);
    LogFile.use(directory.resolve("log"));
    var world = SandboxWorld.start(SandboxWorld.Plan.instant(directory));
    Runtime.getRuntime().addShutdownHook(new Thread(world::destroy));
    try (var product = RunningProduct.start(world)) {
      liftLimits(world);
      new ManyAtOnce(world).measure(ofBig, ofFew);
    }
  }

  private static void liftLimits(SandboxWorld world) {
    var said = new StringWriter();
    var out = new PrintWriter(said, true);
    var limits = new String[] {"purchases", "--tenant=100000", "--all=100000", "--as=bench"};
    if (StaffCommand.run(world.staffEnvironment(), out, out, limits) != 0) {
      throw new IllegalStateException(said.toString());
    }
  }

  private void measure(int ofBig, int ofFew) throws InterruptedException {
    var who = new ArrayList<Share>();
    if (ofBig > 0) {
      who.add(new Share(BIG, DemoTenant.another(world, BIG), ofBig, List.of()));
    }
    for (int first = 0; first < ofFew; first += OF_ONE_OF_THE_FEW) {
      var name = FEW + first;
      int count = Math.min(OF_ONE_OF_THE_FEW, ofFew - first);
      who.add(new Share(name, DemoTenant.another(world, name), count, List.of()));
    }
    who.replaceAll(ManyAtOnce::withServers);
    int before = who.stream().mapToInt(share -> share.servers().size()).sum();
    untilDone(before, 0);

    var began = Instant.now();
    for (var share : who) {
      join(share);
    }
    say("ordered", "ms", Duration.between(began, Instant.now()).toMillis());
    untilDone(ofBig + ofFew, before);
    say("all", "ms", Duration.between(began, Instant.now()).toMillis());
    Stream.of(BIG, FEW).forEach(this::tell);
  }

  /// What one tenant orders.
  ///
  /// @param stem what the names of its domains begin with
  /// @param servers the set-ups that made them
  private record Share(String stem, DemoTenant tenant, int count, List<String> servers) {}

  private static Share withServers(Share share) {
    int servers = (share.count() + DOMAINS_OF_A_SERVER - 1) / DOMAINS_OF_A_SERVER;
    try (var client = share.tenant().client();
        var threads = Executors.newFixedThreadPool(ORDERED_AT_ONCE)) {
      var setups =
          inParallel(
              threads,
              servers,
              number -> {
                var domain = new DomainName("first-" + share.stem() + "-" + number + ".test");
                return order(client, domain, share.tenant().purchase(domain));
              });
      return new Share(share.stem(), share.tenant(), share.count(), setups);
    }
  }

  private static void join(Share share) {
    try (var client = share.tenant().client();
        var threads = Executors.newFixedThreadPool(ORDERED_AT_ONCE)) {
      var servers =
          share.servers().stream()
              .map(setup -> client.look(setup).body().path("server").asText())
              .toList();
      inParallel(
          threads,
          share.count(),
          number -> {
            var domain = new DomainName(share.stem() + "-" + number + ".test");
            var request = new HashMap<>(share.tenant().purchase(domain));
            request.put("server", Map.of("id", servers.get(number % servers.size())));
            return order(client, domain, request);
          });
    }
  }

  private static <T> List<T> inParallel(Executor threads, int count, Function<Integer, T> work) {
    return IntStream.range(0, count)
        .mapToObj(number -> CompletableFuture.supplyAsync(() -> work.apply(number), threads))
        .toList()
        .stream()
        .map(CompletableFuture::join)
        .toList();
  }

  /// @return the set-up
  private static String order(TenantClient client, DomainName domain, Map<String, ?> request) {
    var answer = client.order(domain.value(), request);
    if (answer.status() != 202) {
      throw new IllegalStateException(domain + " was not ordered: " + answer.body());
    }
    return answer.body().path("id").asText();
  }

  /// @param before so many are done and do not count
  private void untilDone(int all, int before) throws InterruptedException {
    var end = Instant.now().plus(LIMIT);
    int tenths = 0;
    int done = 0;
    while (done < all) {
      Thread.sleep(LOOK_AGAIN);
      done = done() - before;
      if (done * 10 / all > tenths) {
        tenths = done * 10 / all;
        sayHeap(before == 0 ? "servers" : "heap", tenths);
      }
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("%d of %d proved within %s".formatted(done, all, LIMIT));
      }
    }
  }

  private static void sayHeap(String what, int tenths) {
    System.gc();
    var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    say(what + "-" + tenths * 10 + "%", "MiB", heap >> 20);
  }

  private int done() {
    return rows.sql("SELECT count(*) FROM setup WHERE state = 'DONE'")
        .query(Integer.class)
        .single();
  }

  private void tell(String stem) {
    var took =
        new ArrayList<>(
            rows.sql(
                    """
                    SELECT extract(epoch FROM finished_at - created_at) * 1000 FROM setup
                    WHERE domain_name LIKE ? || '%' ORDER BY 1
                    """)
                .param(stem)
                .query(Long.class)
                .list());
    if (!took.isEmpty()) {
      say(stem + "-p50", "ms", took.get(took.size() / 2));
      say(stem + "-p95", "ms", took.get(took.size() * 95 / 100));
      say(stem + "-last", "ms", took.getLast());
    }
  }

  private static void say(String what, String unit, long value) {
    System.out.println(what + " " + value + " " + unit);
  }
}
