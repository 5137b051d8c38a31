package com.penguinmails.sandbox.setup;

import static com.penguinmails.sandbox.world.TenantSetup.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.penguinmails.sandbox.host.HostView;
import com.penguinmails.sandbox.host.SimulatedHost;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.domain.OwnershipDecision;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.RecordName;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Rehearsing a set-up changes nothing anywhere; going ahead from its plan does what it said.
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(300)
class RehearsalIT {
  private static final String SIZE = "101"; // the seller's number of the size that is ordered
  private static final long PRICE = 999;

  /// What a rehearsal keeps: the plan, and in confidence what it was told. And it asks the seller,
  /// of which turns are counted.
  private static final List<String> KEPT = List.of("plan", "plan_line", "secret", "shared_rate");

  /// Every call to the seller that changes something there.
  private static final List<String> SELLING =
      List.of(
          "add_instance",
          "boot",
          "change_main_ip",
          "edit_instance",
          "reboot",
          "reinstall_instance",
          "set_rdns",
          "shutdown",
          "terminate",
          "upgrade_instance");

  private TestedProduct tested;
  private SandboxWorld world;

  @BeforeAll
  void start(@TempDir Path directory) {
    tested = TestedProduct.start(SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {}));
    world = tested.world();
  }

  @AfterAll
  void stop() {
    tested.close();
  }

  @BeforeEach
  void usualPrice() {
    world.hostwinds().price(SIZE, PRICE);
  }

  @Test
  void writesNothingAnywhereAndGoingAheadProves() {
    var domain = new DomainName("rehearsed.test");
    var request = DemoTenant.of(world).purchase(domain);
    var rows = rowsAtRest();
    var before = outside(domain);

    var plan = rehearsed("plan", request);

    untilNothingOfItRuns(plan.path("id").asText());
    assertThat(outside(domain)).isEqualTo(before);
    assertThat(rows()).isEqualTo(rows);
    assertThat(plan.path("price").path("amount").asText()).isEqualTo("9.99");
    assertThat(plan.path("price").path("currency").asText()).isEqualTo("USD");
    assertThat(plan.path("price").path("atMost").asText()).isEqualTo("12.00");
    assertThat(plan.path("minutes").path("runs").asInt()).isZero();
    assertThat(plan.path("minutes").path("said").asText()).contains("nothing can be foretold");
    assertThat(plan.path("risks")).isEmpty();
    assertThat(texts(plan.path("steps"), "step"))
        .containsSubsequence("server/reserve", "server/buy", "server/accept", "proof/receive")
        .contains("domain/publish", "certificate/issue", "server/260-postfix");
    assertThat(plan.path("effects").toString())
        .contains("One server is bought from hostwinds")
        .contains("rehearsed.test MX 10 mail.rehearsed.test")
        .contains("_acme-challenge.mail.rehearsed.test");

    var setup = tested.order("ahead", Map.of("plan", plan.path("id").asText()));
    assertThat(tested.order("ahead", Map.of("plan", plan.path("id").asText())).id())
        .isEqualTo(setup.id());
    setup.untilState("DONE");

    var done = setup.look();
    assertThat(texts(plan.path("steps"), "step"))
        .as("the rehearsal foretold every step")
        .containsAll(texts(done.path("steps"), "step"));
    assertThat(world.hostwinds().charges()).hasSize(before.charges() + 1);
    var used = plan(plan.path("id").asText());
    assertThat(used.path("state").asText()).isEqualTo("USED");
    assertThat(used.path("setup").asText()).isEqualTo(setup.id());
    assertThat(tested.client().order("twice", Map.of("plan", plan.path("id").asText())).status())
        .isEqualTo(409);
    var later = rehearsed("later", DemoTenant.of(world).purchase(new DomainName("later.test")));
    assertThat(later.path("minutes").path("runs").asInt()).isOne();
  }

  @Test
  void asksAgainWhenThePriceHasMoved() {
    var plan = rehearsed("moving", DemoTenant.of(world).purchase(new DomainName("moved.test")));
    world.hostwinds().price(SIZE, PRICE + 100);
    int charges = world.hostwinds().charges().size();

    var refused = tested.client().order("go", Map.of("plan", plan.path("id").asText()));

    assertThat(refused.status()).as("%s", refused).isEqualTo(409);
    assertThat(refused.body().path("type").asText()).isEqualTo("/problems/price-moved");
    assertThat(refused.body().path("plannedPrice").path("amount").asText()).isEqualTo("9.99");
    assertThat(refused.body().path("price").path("amount").asText()).isEqualTo("10.99");
    assertThat(world.hostwinds().charges()).hasSize(charges);
    var address = refused.body().path("plan").asText();
    var renewed = untilRehearsed(address.substring(address.lastIndexOf('/') + 1));
    assertThat(renewed.path("price").path("amount").asText()).isEqualTo("10.99");

    var setup = tested.order("go-on", Map.of("plan", renewed.path("id").asText()));
    assertThat(
            JdbcClient.create(world.database().superuser("penguin"))
                .sql(
                    """
                    SELECT ARRAY[agreed_price_cents, budget_cents] FROM server_order o JOIN setup s
                      ON s.server_id = o.server_id WHERE s.id = CAST(? AS uuid)
                    """)
                .param(setup.id())
                .query((row, _) -> (Long[]) row.getArray(1).getArray())
                .single())
        .as("for the purchase no more than the plan said, for everything what was allowed")
        .containsExactly(PRICE + 100, 1_200L);
    setup.cancel();
    setup.untilState("CANCELLED"); // what it writes is no other test's
  }

  @Test
  void saysWhatStandsAgainstIt() {
    var domain = new DomainName("risky.test");
    var request = DemoTenant.of(world).purchase(domain, "5.00");
    world.dns().put(domain, RecordName.of(domain), DnsRecord.Type.MX, "10 mx.elsewhere.test");
    world
        .dns()
        .put(domain, RecordName.of(domain), DnsRecord.Type.TXT, "v=spf1 ip4:192.0.2.77 -all");
    world.dns().put(domain, RecordName.of(domain), DnsRecord.Type.CAA, "0 issue \"other.test\"");

    var risks = rehearsed("risky", request).path("risks");

    assertThat(texts(risks, "cause"))
        .containsExactlyInAnyOrder(
            "PRICE_ABOVE_BUDGET",
            "DNS_FOREIGN_MX",
            "EXISTING_MX",
            "EXISTING_SPF",
            "CA_FORBIDDEN_BY_CAA");
    assertThat(risks)
        .filteredOn(risk -> risk.path("stops").asBoolean())
        .allSatisfy(risk -> assertThat(risk.path("nextStep").asText()).isNotEmpty())
        .hasSize(3);
  }

  @Test
  void leavesATenantsOwnServerAsItIs() {
    var domain = new DomainName("own.test");
    var password = "CANARY-own-" + domain;
    var host = world.simulatedHosts().rent("own", world.address(60), password);
    try {
      var request = new TreeMap<>(DemoTenant.of(world).purchase(domain));
      request.put(
          "server",
          Map.of("address", host.address().value(), "user", "root", "password", password));
      var before = look(host.view());

      var plan = rehearsed("own", request);

      assertThat(look(host.view())).isEqualTo(before);
      assertThat(texts(plan.path("steps"), "step")).contains("server/inspect", "server/contact");
      assertThat(texts(plan.path("risks"), "cause")).containsExactly("PROOF_REVERSE_NAME_WRONG");
      assertThat(plan.hasNonNull("price")).isFalse();
      assertThat(plan.toString()).doesNotContain(password);
    } finally {
      world.simulatedHosts().giveBack("own");
    }
  }

  @Test
  void namesTheProofThatTheSetUpAsksFor() {
    var domain = new DomainName("byhand.test");
    var request = new TreeMap<>(DemoTenant.of(world).purchase(domain));
    request.put("dns", Map.of("provider", "manual"));

    var plan = rehearsed("by-hand", request);

    var proof = OwnershipDecision.proof(domain, ownershipToken(plan));
    assertThat(texts(plan.path("risks"), "cause")).containsExactly("PROOF_NOT_ENTERED");
    assertThat(texts(plan.path("effects"), "what")).contains("You enter " + proof);

    world.dns().put(domain, proof.name(), proof.type(), proof.value());
    var again = rehearsed("by-hand-again", request);

    assertThat(again.path("risks")).isEmpty();

    var setup = tested.order("by-hand-ahead", Map.of("plan", again.path("id").asText()));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> setup.step("domain/own").path("state").asText().equals("DONE"));
    setup.cancel();
    setup.untilState("CANCELLED"); // what it writes is no other test's
  }

  private String ownershipToken(JsonNode plan) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT ownership_token FROM plan WHERE id = CAST(? AS uuid)")
        .param(plan.path("id").asText())
        .query(String.class)
        .single();
  }

  @Test
  void aMistypedRehearsalOrdersNothing() {
    var request = DemoTenant.of(world).purchase(new DomainName("mistyped.test"));
    long setups = tested.count("setup");

    var refused = tested.client().rehearseAs("yes", "mistyped", request);

    assertThat(refused.status()).isEqualTo(400);
    assertThat(tested.count("setup")).isEqualTo(setups);
  }

  private JsonNode rehearsed(String key, Map<String, ?> request) {
    var answer = tested.client().rehearse(key, request);
    assertThat(answer.status()).as("%s", answer).isEqualTo(202);
    return untilRehearsed(answer.body().path("id").asText());
  }

  private JsonNode untilRehearsed(String id) {
    await()
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(() ->
            assertThat(plan(id).path("state").asText()).as("%s", plan(id)).isEqualTo("READY"));
    return plan(id);
  }

  private JsonNode plan(String id) {
    return tested.client().plan(id).body();
  }

  /// What the rehearsal started ends with it.
  private void untilNothingOfItRuns(String plan) {
    for (var entity : List.of("server", "domain", "certificate")) {
      var run = tested.temporal().newUntypedWorkflowStub("rehearsal/" + entity + "/" + plan);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() ->
              assertThat(run.describe().getStatus())
                  .isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_TERMINATED));
    }
  }

  /// What anybody outside could have noticed.
  private Outside outside(DomainName domain) {
    return new Outside(
        world.hostwinds().charges().size(),
        world.hostwinds().labels(),
        SELLING.stream().collect(Collectors.toMap(Function.identity(), world.hostwinds()::calls)),
        world.dns().read(domain, RecordName.of(domain), DnsRecord.Type.SOA), // counts every change
        world.acmeFaults().requests("/").size(),
        world.simulatedHosts().all().stream().map(SimulatedHost::name).toList());
  }

  /// @param zone its SOA record, with the serial
  /// @param authority requests of any kind
  /// @param hosts to log in to, and to send mail from
  private record Outside(
      int charges,
      List<String> labels,
      Map<String, Integer> calls,
      List<DnsRecord> zone,
      int authority,
      List<String> hosts) {}

  /// The rows when the runs of other tests, which may have been cancelled a moment ago, are at
  /// rest.
  private Map<String, String> rowsAtRest() {
    var last = new AtomicReference<>(rows());
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          var now = rows();
          return now.equals(last.getAndSet(now));
        });
    return last.get();
  }

  /// How many rows each table has, and a hash of them; without those that a rehearsal keeps.
  private Map<String, String> rows() {
    var jdbc = JdbcClient.create(world.database().superuser("penguin"));
    return jdbc
        .sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        .query((row, _) -> row.getString(1))
        .list()
        .stream()
        .filter(table -> !KEPT.contains(table))
        .collect(
            Collectors.toMap(
                Function.identity(),
                table ->
                    jdbc.sql(
                            "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY"
                                + " t::text)), '') FROM "
                                + table
                                + " t")
                        .query(String.class)
                        .single()));
  }

  private static Map<String, Object> look(HostView host) {
    return Map.of(
        "units",
        host.activeUnits(),
        "files",
        host.filesBelow("/").stream()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    file ->
                        new String(host.file(file).orElseThrow(), StandardCharsets.ISO_8859_1))));
  }
}
