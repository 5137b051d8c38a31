package com.penguinmails.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.process.LogFile;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.workflows.model.DomainName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/// For `bench/`: many domains on one server, ordered in one go, and mailboxes on each of them. Says
/// how long each took, a line of `name milliseconds` each.
///
/// Arguments: an empty directory; how many domains; how many mailboxes on each; `docker` or
/// `simulated`; how the zones are kept, `rfc2136` or `cloudflare`.
public final class ManyOnOne {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration LIMIT = Duration.ofMinutes(30);
  private static final int SECRETS_AHEAD = 64; // as many as a worker makes if not told otherwise
  private static final Duration QUIET_MINUTE = Duration.ofMinutes(1);
  private static final String PUBLISH = "domain/publish";
  private static final String VERIFY = "domain/verify";

  private final SandboxWorld world;
  private final TenantClient tenant;
  private final String zones;

  private ManyOnOne(SandboxWorld world, TenantClient tenant, String zones) {
    this.world = world;
    this.tenant = tenant;
    this.zones = zones;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    var directory = Path.of(arguments[0]);
    int domains = Integer.parseInt(arguments[1]);
    int mailboxes = Integer.parseInt(arguments[2]);
    LogFile.use(directory.resolve("log"));
    var plan =
        arguments[3].equals("docker")
            ? SandboxWorld.Plan.in(directory, Depth.DOCKER, (_, _) -> {})
            : SandboxWorld.Plan.instant(directory);
    var world = SandboxWorld.start(plan);
    Runtime.getRuntime().addShutdownHook(new Thread(world::destroy));
    try (var product =
            RunningProduct.start(world, Map.of("penguin.worker.secrets-ahead", SECRETS_AHEAD));
        var client = DemoTenant.of(world).client()) {
      new ManyOnOne(world, client, arguments[4]).measure(domains, mailboxes);
    }
  }

  private void measure(int domains, int mailboxes) throws InterruptedException {
    var first = new DomainName("number0.test");
    var setups = new ArrayList<String>();
    setups.add(order(first, DemoTenant.of(world).purchase(first)));
    untilDone(setups);
    var server = serverOf(setups.getFirst());

    if (mailboxes == 0) {
      // A worker that has been at work for a while, and had a quiet minute: its code is compiled,
      // and its secrets are made ahead. The work was on another server.
      warmUp(domains);
      Thread.sleep(QUIET_MINUTE);
    }
    var began = Instant.now();
    var more = orderAtOnce(server, names("number", domains));
    say("ordered", began, Instant.now());
    untilDone(more);
    say("domains", began, Instant.now());
    setups.addAll(more);
    if (!more.isEmpty()) {
      say("written", startOf(more, PUBLISH), endOf(more, PUBLISH));
      say("verified", startOf(more, VERIFY), endOf(more, VERIFY));
    }
    if (mailboxes > 0) {
      measureMailboxes(setups, mailboxes);
    }
  }

  private void warmUp(int domains) throws InterruptedException {
    var first = new DomainName("earlier.test");
    var setup = order(first, DemoTenant.of(world).purchase(first));
    untilDone(List.of(setup));
    untilDone(orderAtOnce(serverOf(setup), names("earlier", domains)));
  }

  private String serverOf(String setup) {
    return tenant.look(setup).body().path("server").asText();
  }

  private Map<String, Object> joining(String server, DomainName domain) {
    var request = new HashMap<>(DemoTenant.of(world).purchase(domain));
    request.put("server", Map.of("id", server));
    return request;
  }

  private static List<DomainName> names(String stem, int end) {
    return IntStream.range(1, end)
        .mapToObj(number -> new DomainName(stem + number + ".test"))
        .toList();
  }

  private List<String> orderAtOnce(String server, List<DomainName> domains) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return domains.stream()
          .map(domain ->
              CompletableFuture.supplyAsync(() -> order(domain, joining(server, domain)), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private void measureMailboxes(List<String> setups, int each) throws InterruptedException {
    var began = Instant.now();
    var lines =
        IntStream.range(0, each)
            .mapToObj(number -> Map.of("localPart", "person" + number))
            .toList();
    var places = setups.stream().map(this::mailboxesOf).toList();
    for (var place : places) {
      require(tenant.post(place, place, Map.of("mailboxes", lines)));
    }
    for (var place : places) {
      until(() -> tenant.get(place + "?limit=500").body(), this::areAllReady);
    }
    say("mailboxes", began, Instant.now());
  }

  private boolean areAllReady(JsonNode page) {
    return StreamSupport.stream(page.path("items").spliterator(), false)
        .allMatch(mailbox -> mailbox.path("state").asText().equals("READY"));
  }

  private String mailboxesOf(String setup) {
    return "/api/v1/domains/%s/mailboxes"
        .formatted(tenant.look(setup).body().path("domain").path("id").asText());
  }

  private String order(DomainName domain, Map<String, Object> request) {
    var wanted = new HashMap<>(request);
    if (zones.equals("cloudflare")) {
      var token = world.cloudflare().addZone(domain.value());
      wanted.put("dns", Map.of("provider", "cloudflare", "token", token));
    }
    var answer = tenant.order(domain.value(), wanted);
    require(answer);
    return answer.body().path("id").asText();
  }

  private static void require(TenantClient.Answer answer) {
    if (answer.status() != 202) {
      throw new IllegalStateException("refused: " + answer.body());
    }
  }

  private void untilDone(List<String> setups) throws InterruptedException {
    for (var setup : setups) {
      until(() -> tenant.look(setup).body(), seen -> seen.path("state").asText().equals("DONE"));
    }
  }

  private static void until(Supplier<JsonNode> look, Predicate<JsonNode> isThere)
      throws InterruptedException {
    var end = Instant.now().plus(LIMIT);
    for (var seen = look.get(); !isThere.test(seen); seen = look.get()) {
      if (Instant.now().isAfter(end)) {
        throw new IllegalStateException("not there within " + LIMIT + ": " + seen);
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }

  private Instant startOf(List<String> setups, String step) {
    return times(setups, step, "startedAt").stream().min(Instant::compareTo).orElseThrow();
  }

  private Instant endOf(List<String> setups, String step) {
    return times(setups, step, "since").stream().max(Instant::compareTo).orElseThrow();
  }

  private List<Instant> times(List<String> setups, String step, String field) {
    return setups.stream()
        .flatMap(setup ->
            StreamSupport.stream(tenant.look(setup).body().path("steps").spliterator(), false))
        .filter(one -> one.path("step").asText().equals(step))
        .map(one -> Instant.parse(one.path(field).asText()))
        .toList();
  }

  private static void say(String what, Instant began, Instant ended) {
    System.out.println(what + " " + Duration.between(began, ended).toMillis());
  }
}
