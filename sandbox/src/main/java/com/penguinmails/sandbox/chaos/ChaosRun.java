package com.penguinmails.sandbox.chaos;

import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.workflows.model.DomainName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One tenant's story while everything goes wrong that its seed will: to its end, or to a state in
/// which somebody is told what is missing.
final class ChaosRun {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);

  /// How long a wait may take: everything is well again long before, also on a machine that has
  /// other work.
  static final Duration LIMIT = Duration.ofMinutes(8);

  private static final Duration CALM_AFTER = Duration.ofMinutes(2);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);
  private static final Duration STAFF_LOOK_AGAIN = Duration.ofSeconds(2);
  private static final int CANCEL_WITHIN = 15_000;

  /// In US dollars a month: two servers, and another address for one of them.
  private static final String BUDGET = "30.00";

  private static final List<String> MORE = List.of("ada", "bea", "cleo");
  private static final List<String> LEFT = MORE.subList(1, MORE.size());

  private final ChaosWorld chaos;
  private final long seed;
  private final Duration limit;
  private final FaultsOfRun faults;
  private final Story story;
  private final ChaosTenant tenant;
  private final ChaosStaff staff;
  private final DomainName domain;
  private Instant began = Instant.now();
  private Map<String, Integer> diedBefore = Map.of();
  private final SecretsOfRun secrets;
  private String setup = "";
  private @Nullable Invariants invariants;

  /// @param limit how long each wait of the story may take
  ChaosRun(ChaosWorld chaos, long seed, Duration limit) {
    this.chaos = chaos;
    this.limit = limit;
    this.seed = seed;
    faults = chaos.runs().begin(seed);
    story = Story.of(faults.choice());
    tenant = new ChaosTenant(chaos.tenant(), ChaosWorld.KEY + seed);
    staff = new ChaosStaff(chaos);
    secrets = new SecretsOfRun(chaos, seed);
    domain = new DomainName("chaos-%d.test".formatted(seed));
  }

  /// @param commit of the product
  RunLine run(String commit) {
    began = Instant.now();
    diedBefore = chaos.deaths();
    var violations = new ArrayList<String>();
    var end = new End("NOT_ORDERED", List.of(), Map.of());
    try {
      boolean isOver = play();
      faults.calm();
      secrets.look();
      var toCheck =
          new Invariants(chaos, seed, setup, domain, story == Story.MAILBOXES ? LEFT : List.of());
      invariants = toCheck;
      violations.addAll(ChaosWorld.patiently(() -> toCheck.check(isOver, secrets.values())));
      end = new End(state(), tenant.causes(setup), ChaosWorld.patiently(this::bill));
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("seed", seed).setCause(e).log("A run ended with an error");
      violations.add("ended with an error: " + e);
    } finally {
      chaos.runs().end(seed);
    }
    return new RunLine(
        seed,
        commit,
        story.name(),
        end.state(),
        end.causes(),
        faults.happened(),
        deaths(),
        end.bill(),
        staff.decisions(),
        Duration.between(began, Instant.now()).toMillis(),
        violations);
  }

  private record End(String state, List<String> causes, Map<String, Integer> bill) {}

  long seed() {
    return seed;
  }

  /// When all runs of the world are over and nobody works any more.
  ///
  /// @param search where secrets may not be
  /// @return violations that show only then
  List<String> checkAgain(SecretSearch search) {
    var toCheck = invariants;
    if (toCheck == null) {
      return List.of(); // its line says that it ended with an error
    }
    var violations = new ArrayList<String>();
    toCheck.checkAgain().forEach(broken -> violations.add("afterwards: " + broken));
    search.find(secrets.values()).forEach(place -> violations.add("a secret is in " + place));
    return violations;
  }

  private Map<String, Integer> bill() {
    var labels =
        Set.copyOf(
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.label FROM server_order o JOIN setup s ON s.server_id = o.server_id
                    WHERE s.idempotency_key = :key OR s.idempotency_key LIKE :key || '-%'
                    """)
                .param("key", ChaosWorld.KEY + seed)
                .query(String.class)
                .list());
    var times = new TreeMap<String, Integer>();
    chaos.world().hostwinds().charges().stream()
        .filter(charge -> labels.contains(charge.label()))
        .forEach(charge -> times.merge(charge.reason(), 1, Integer::sum));
    return times;
  }

  private Map<String, Integer> deaths() {
    var since = new TreeMap<>(chaos.deaths());
    diedBefore.forEach((part, times) -> since.merge(part, -times, Integer::sum));
    since.values().removeIf(times -> times == 0);
    return since;
  }

  private boolean play() {
    var request = story == Story.OWN ? own() : purchase();
    secrets.add(chaos.world().dns().delegate(domain).secret());
    setup = tenant.order("", request);
    return switch (story) {
      case PROOF -> until(() -> isIn("DONE"));
      case CANCEL -> cancel() ? until(() -> isIn("CANCELLED")) : until(() -> isIn("DONE"));
      case MISTAKE -> {
        boolean isCancelled = cancel() && !tenant.command(setup, "resume");
        yield until(() -> isIn(isCancelled ? "CANCELLED" : "DONE"));
      }
      case MOVE -> until(() -> isIn("DONE")) && move(request);
      case RETIRE, OWN ->
          until(() -> isIn("DONE"))
              && tenant.command(setup, "retire")
              && until(() -> isIn("CANCELLED"));
      case MAILBOXES -> until(() -> isIn("DONE")) && changeMailboxes();
    };
  }

  private Map<String, Object> purchase() {
    return DemoTenant.of(chaos.world()).purchase(domain, BUDGET);
  }

  private Map<String, Object> own() {
    var password = "chaos-root-" + UUID.randomUUID();
    secrets.add(password);
    var address = chaos.rentHost(Invariants.ownHost(seed), domain.child("mail"), password);
    return DemoTenant.of(chaos.world()).onOwnServer(domain, address, password);
  }

  private boolean move(Map<String, Object> request) {
    setup = tenant.order("-again", request);
    return until(() -> isIn("DONE"));
  }

  /// @return false: it was proved before
  private boolean cancel() {
    var moment = began.plusMillis(faults.choice().random("cancel").nextInt(CANCEL_WITHIN));
    return until(() -> Instant.now().isAfter(moment) || isIn("DONE"))
        && !isIn("DONE")
        && tenant.command(setup, "cancel");
  }

  /// Orders three more and takes the first of them away again.
  private boolean changeMailboxes() {
    var id = tenant.look(setup).path("domain").path("id").asText();
    tenant.orderMailboxes(id, MORE);
    if (!until(() -> tenant.mailboxes(id, "READY").size() == 1 + MORE.size())) {
      return false;
    }
    var first =
        tenant.mailboxes(id, "READY").stream()
            .filter(one -> one.path("address").asText().startsWith(MORE.getFirst() + "@"))
            .findFirst()
            .orElseThrow();
    tenant.removeMailbox(first.path("id").asText());
    return until(() -> tenant.mailboxes(id, "").size() == MORE.size());
  }

  private boolean isIn(String state) {
    return state().equals(state);
  }

  private String state() {
    return ChaosWorld.patiently(() ->
        chaos
            .rows()
            .sql("SELECT state FROM setup WHERE id = :id")
            .param("id", UUID.fromString(setup))
            .query(String.class)
            .single());
  }

  /// Waits, and lets staff do what they are asked meanwhile. In the end nothing goes wrong any
  /// more.
  private boolean until(BooleanSupplier reached) {
    var end = Instant.now().plus(limit);
    var nextHelp = Instant.now().plus(STAFF_LOOK_AGAIN);
    while (!reached.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      if (Duration.between(began, Instant.now()).compareTo(CALM_AFTER) > 0) {
        faults.overdue();
      }
      if (Instant.now().isAfter(nextHelp)) {
        staff.help(setup, tenant.causes(setup));
        secrets.look();
        nextHelp = Instant.now().plus(STAFF_LOOK_AGAIN);
      }
      ChaosWorld.pause(LOOK_AGAIN);
    }
    return true;
  }
}
