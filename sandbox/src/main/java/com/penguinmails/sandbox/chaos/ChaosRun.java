package com.penguinmails.sandbox.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.TenantClient.Answer;
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
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One tenant's story while everything goes wrong that its seed will: to its end, or to a state in
/// which somebody is told what is missing.
final class ChaosRun {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosRun.class);

  /// How long a wait may take: everything is well again long before.
  static final Duration LIMIT = Duration.ofMinutes(4);

  private static final Duration CALM_AFTER = Duration.ofSeconds(90);
  private static final Duration AWAY_FOR_AT_MOST = Duration.ofMinutes(1);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

  /// Longer than any attempt may take, so that what is looked up is over.
  private static final Duration STAFF_LOOK = Duration.ofSeconds(13);

  /// In US dollars a month: two servers, and another address for one of them.
  private static final String BUDGET = "30.00";

  private static final List<String> MORE = List.of("ada", "bea", "cleo");
  private static final List<String> LEFT = MORE.subList(1, MORE.size());

  private final ChaosWorld chaos;
  private final long seed;
  private final Duration limit;
  private final FaultsOfRun faults;
  private final Story story;
  private final Instant began = Instant.now();
  private final Map<String, Integer> diedBefore;
  private String setup = "";
  private int decisions;

  /// @param limit how long each wait of the story may take
  ChaosRun(ChaosWorld chaos, long seed, Duration limit) {
    this.chaos = chaos;
    this.limit = limit;
    this.seed = seed;
    faults = chaos.runs().begin(seed);
    story = Story.of(faults.choice());
    diedBefore = chaos.deaths();
  }

  /// @param commit of the product
  RunLine run(String commit) {
    var domain = new DomainName("chaos-%d.test".formatted(seed));
    var violations = new ArrayList<String>();
    try {
      boolean isOver = play(domain);
      faults.calm();
      violations.addAll(
          ChaosWorld.patiently(() ->
              new Invariants(chaos, setup, domain, story == Story.MAILBOXES ? LEFT : List.of())
                  .check(isOver)));
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("seed", seed).setCause(e).log("A run ended with an error");
      violations.add("ended with an error: " + e);
    } finally {
      chaos.runs().end(seed);
    }
    var seen = setup.isEmpty() ? null : look();
    return new RunLine(
        seed,
        commit,
        story.name(),
        seen == null ? "NOT_ORDERED" : seen.path("state").asText(),
        seen == null ? List.of() : causes(seen),
        faults.happened(),
        deaths(),
        setup.isEmpty() ? Map.of() : ChaosWorld.patiently(this::bill),
        decisions,
        Duration.between(began, Instant.now()).toMillis(),
        violations);
  }

  private Map<String, Integer> bill() {
    var labels =
        Set.copyOf(
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.label FROM server_order o JOIN setup s ON s.server_id = o.server_id
                    WHERE s.id = :setup
                    """)
                .param("setup", UUID.fromString(setup))
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

  private boolean play(DomainName domain) {
    var request = DemoTenant.of(chaos.world()).purchase(domain, BUDGET);
    var ordered = ask(() -> chaos.tenant().order(ChaosWorld.KEY + seed, request));
    require(ordered, 202);
    setup = ordered.body().path("id").asText();
    return switch (story) {
      case PROOF -> until(() -> isIn("DONE"));
      case CANCEL -> {
        var moment = began.plusMillis(faults.choice().random("cancel").nextInt(15_000));
        until(() -> Instant.now().isAfter(moment) || isIn("DONE"));
        yield (!isIn("DONE") && command("cancel") && until(() -> isIn("CANCELLED")))
            || isIn("DONE");
      }
      case RETIRE ->
          until(() -> isIn("DONE")) && command("retire") && until(() -> isIn("CANCELLED"));
      case MAILBOXES -> until(() -> isIn("DONE")) && changeMailboxes();
    };
  }

  /// Orders three more and takes the first of them away again.
  private boolean changeMailboxes() {
    var path = "/api/v1/domains/" + look().path("domain").path("id").asText() + "/mailboxes";
    var wanted = MORE.stream().map(part -> Map.of("localPart", part)).toList();
    require(ask(() -> chaos.tenant().post(path, "more-" + seed, Map.of("mailboxes", wanted))), 202);
    if (!until(() -> mailboxes(path, "READY").size() == 1 + MORE.size())) {
      return false;
    }
    var first =
        mailboxes(path, "READY").stream()
            .filter(one -> one.path("address").asText().startsWith(MORE.getFirst() + "@"))
            .findFirst()
            .orElseThrow();
    require(
        ask(() ->
            chaos
                .tenant()
                .delete("/api/v1/mailboxes/" + first.path("id").asText(), "gone-" + seed)),
        202);
    return until(() -> mailboxes(path, "").size() == MORE.size());
  }

  /// @param state empty: any
  private List<JsonNode> mailboxes(String path, String state) {
    return StreamSupport.stream(
            ask(() -> chaos.tenant().get(path + "?limit=100")).body().path("items").spliterator(),
            false)
        .filter(one -> state.isEmpty() || one.path("state").asText().equals(state))
        .toList();
  }

  private boolean command(String command) {
    var answer = ask(() -> chaos.tenant().command(setup, command, command + "-" + seed));
    if (answer.status() == 409 && isIn("DONE")) {
      return false; // it was proved in this very moment
    }
    require(answer, 202);
    return true;
  }

  /// Asks again, with the same key, while the API says that it cannot answer.
  private static Answer ask(Supplier<Answer> question) {
    var end = Instant.now().plus(AWAY_FOR_AT_MOST);
    var answer = question.get();
    while (answer.status() >= 500 && Instant.now().isBefore(end)) {
      ChaosWorld.pause(LOOK_AGAIN);
      answer = question.get();
    }
    return answer;
  }

  private static void require(Answer answer, int status) {
    if (answer.status() != status) {
      throw new IllegalStateException("answered " + answer.status() + ": " + answer.body());
    }
  }

  private boolean isIn(String state) {
    return look().path("state").asText().equals(state);
  }

  private JsonNode look() {
    return ask(() -> chaos.tenant().look(setup)).body();
  }

  private static List<String> causes(JsonNode setup) {
    return StreamSupport.stream(setup.path("attention").spliterator(), false)
        .map(one -> one.path("cause").asText())
        .toList();
  }

  /// Waits, and plays the staff who are asked meanwhile. In the end nothing goes wrong any more.
  private boolean until(BooleanSupplier reached) {
    var end = Instant.now().plus(limit);
    while (!reached.getAsBoolean()) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
      if (Duration.between(began, Instant.now()).compareTo(CALM_AFTER) > 0) {
        faults.calm();
      }
      var causes = causes(look());
      if (causes.contains("PURCHASE_UNCLEAR")) {
        lookUpPurchase();
      }
      if (causes.contains("ADDRESS_LISTED") || causes.contains("PORT_25_BLOCKED")) {
        clearAddress();
      }
      ChaosWorld.pause(LOOK_AGAIN);
    }
    return true;
  }

  private record Unclear(String server, String label, int attempt) {}

  /// As docs/operating.md has it: look the label up at the seller, and say what was found.
  private void lookUpPurchase() {
    ChaosWorld.pause(STAFF_LOOK);
    var unclear =
        ChaosWorld.patiently(() ->
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.server_id, o.label, p.try FROM server_order o
                    JOIN paid_call p ON p.order_id = o.id AND p.kind = 'PURCHASE'
                    JOIN setup s ON s.server_id = o.server_id
                    WHERE s.id = :setup AND p.outcome = 'UNCLEAR' AND o.provider_server_id IS NULL
                    ORDER BY p.try DESC LIMIT 1
                    """)
                .param("setup", UUID.fromString(setup))
                .query((row, _) ->
                    new Unclear(
                        row.getString("server_id"), row.getString("label"), row.getInt("try")))
                .optional());
    if (unclear.isEmpty()) {
      return; // it was cleared up meanwhile
    }
    var found = chaos.world().hostwinds().sold(unclear.get().label());
    if (found.isEmpty()) {
      staff(
          "not-bought",
          unclear.get().server(),
          "--try=" + unclear.get().attempt(),
          "--as=" + ChaosWorld.STAFF);
    } else {
      staff("adopt", unclear.get().server(), found.getFirst(), "--as=" + ChaosWorld.STAFF);
    }
  }

  /// Nothing more may be paid for: staff get the address off the list, or its port opened.
  private void clearAddress() {
    var labels =
        ChaosWorld.patiently(() ->
            chaos
                .rows()
                .sql(
                    """
                    SELECT o.label FROM server_order o JOIN setup s ON s.server_id = o.server_id
                    WHERE s.id = :setup AND o.parked_at IS NULL
                    """)
                .param("setup", UUID.fromString(setup))
                .query(String.class)
                .list());
    labels.stream()
        .flatMap(label -> chaos.world().hostwinds().sold(label).stream())
        .flatMap(server -> chaos.world().simulatedHosts().find(server).stream())
        .map(SimulatedHost::address)
        .filter(chaos::forgive)
        .forEach(_ -> decisions++);
  }

  private void staff(String... command) {
    var answer = chaos.staff(command);
    decisions += answer.code() == 0 ? 1 : 0;
    LOG.atInfo().addKeyValue("seed", seed).addKeyValue("code", answer.code()).log(answer.text());
  }
}
