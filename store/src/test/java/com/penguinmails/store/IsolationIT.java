package com.penguinmails.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.certificate.ChallengeStore;
import com.penguinmails.store.decision.DecisionStore;
import com.penguinmails.store.decision.DecisionStore.NewDecision;
import com.penguinmails.store.domain.DkimKeyStore;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.RecordStateStore;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.proof.ProofStore;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.row.Helper;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.setup.Progress;
import com.penguinmails.store.setup.ProgressReport;
import com.penguinmails.store.setup.ProgressStore;
import com.penguinmails.store.setup.SetupCommands;
import com.penguinmails.store.setup.SetupCommands.Command;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DnsRecord;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.model.RecordName;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Two tenants with a row in every table: neither sees, changes or writes what is the other's. The
/// tables come from the catalogue, so a new one without a row here fails.
class IsolationIT {
  private static final PostgresForTests POSTGRES = PostgresForTests.freshDatabase();
  private static final Tenancy TENANCY = POSTGRES.tenancy();
  private static final JdbcClient OWNER = JdbcClient.create(POSTGRES.owner());
  private static TenantId one;
  private static TenantId two;

  @BeforeAll
  static void fillEveryTable() {
    one = tenantWithEverything("one.test");
    two = tenantWithEverything("two.test");
    // Both have a row; the grant of the second one is over.
    OWNER
        .sql(
            """
            UPDATE staff_access SET opened_at = now() - interval '2 hours',
              expires_at = now() - interval '1 hour' WHERE tenant_id = :id
            """)
        .param("id", two.value())
        .update();
  }

  @AfterAll
  static void stop() {
    POSTGRES.close();
  }

  static List<String> tenantTables() {
    return OWNER
        .sql(
            """
            SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
              AND c.relkind = 'r' AND c.relrowsecurity ORDER BY 1
            """)
        .query((row, number) -> row.getString(1))
        .list();
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void seesItsOwnRowsAndNoOther(String table) {
    var column = column(table);
    var all = OWNER.sql("SELECT DISTINCT " + column + " FROM " + table).query().listOfRows();

    var seen =
        TENANCY.reading(
            one,
            () ->
                TENANCY
                    .jdbc()
                    .sql("SELECT DISTINCT " + column + " FROM " + table)
                    .query(UUID.class)
                    .list());

    assertThat(all).as("both tenants have a row in %s", table).hasSize(2);
    assertThat(seen).containsExactly(one.value());
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void seesNothingWithoutATenant(String table) {
    var seen =
        TENANCY.global(
            () -> TENANCY.jdbc().sql("SELECT count(*) FROM " + table).query(Long.class).single());
    var outside =
        JdbcClient.create(POSTGRES.unpooledApp())
            .sql("SELECT count(*) FROM " + table)
            .query(Long.class)
            .single();

    assertThat(seen).isZero();
    assertThat(outside).isZero();
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void cannotGiveARowToAnotherTenant(String table) {
    var columns =
        OWNER
            .sql(
                """
                SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
                FROM information_schema.columns
                WHERE table_schema = 'public' AND table_name = :table AND column_name <> :column
                """)
            .param("table", table)
            .param("column", column(table))
            .query(String.class)
            .single();

    assertThatThrownBy(() ->
            TENANCY.run(
                one,
                () ->
                    TENANCY
                        .jdbc()
                        .sql(
                            "INSERT INTO %s (%s, %s) SELECT CAST(:other AS uuid), %s FROM %s"
                                .formatted(table, column(table), columns, columns, table))
                        .param("other", two.value())
                        .update()))
        .isInstanceOf(DataAccessException.class)
        .hasStackTraceContaining(
            "staff_access".equals(table) ? "permission denied" : "row-level security");
  }

  @ParameterizedTest
  @MethodSource("tenantTables")
  void staffSeeATenantOnlyWhileItIsOpened(String table) {
    var staff = JdbcClient.create(POSTGRES.staff());
    if ("secret".equals(table)) {
      assertThatThrownBy(() -> staff.sql("SELECT 1 FROM secret").query(Integer.class).list())
          .hasStackTraceContaining("permission denied");
      return;
    }
    var seen =
        staff.sql("SELECT DISTINCT " + column(table) + " FROM " + table).query(UUID.class).list();

    assertThat(seen).contains(one.value()).doesNotContain(two.value());
  }

  @Test
  void theOwnerSeesAllRowsForDataMigrations() {
    assertThat(OWNER.sql("SELECT count(*) FROM setup").query(Long.class).single()).isEqualTo(2);
  }

  private static String column(String table) {
    return "tenant".equals(table) ? "id" : "tenant_id";
  }

  private static TenantId tenantWithEverything(String domain) {
    var made = new TenantStore(TENANCY).create(domain);
    new TenantStore(TENANCY).createApiKey(made.id(), "first");
    TENANCY.run(
        made.id(),
        () -> {
          var wanted = Samples.newSetup(made.workspace(), "key", domain, "192.0.2.10");
          var setups = new SetupStore(TENANCY);
          setups.request(wanted);
          var facts = setups.facts(wanted.id());
          var ref = new SecretRef("dkim/" + domain, 1);
          new DkimKeyStore(TENANCY).insertOrFind(facts.domain().id(), "pm202611", ref, "AAAA");
          new RecordStateStore(TENANCY)
              .want(
                  facts.domain().id(),
                  List.of(
                      new DnsRecord(new RecordName(domain), DnsRecord.Type.TXT, "v=spf1", 300)));
          new RecordStateStore(TENANCY)
              .noteReplaced(
                  facts.domain().id(),
                  List.of(
                      new DnsRecord(new RecordName(domain), DnsRecord.Type.TXT, "v=spf1", 300)));
          new SecretRows(TENANCY).insertIfAbsent("dkim/" + domain, "k", new byte[] {1});
          new ProgressStore(TENANCY)
              .report(
                  wanted.id(),
                  ProgressReport.of(
                      EntityKind.SETUP,
                      wanted.id().value(),
                      "setup/start",
                      "Start",
                      Progress.State.DONE,
                      1,
                      ""));
          new DecisionStore(TENANCY)
              .record(
                  new NewDecision(
                      EntityKind.SETUP, wanted.id().value(), "s", Map.of(), "R", "a", "run"));
          new IncidentStore(TENANCY)
              .open(
                  new NewIncident(
                      EntityKind.SETUP,
                      wanted.id().value(),
                      Optional.of(wanted.id()),
                      "dns.servfail",
                      Map.of(),
                      "dns.ask-host",
                      Helper.TENANT));
          new SetupCommands(TENANCY).take(wanted.id(), Command.CANCEL, "cancel-once");
          new DomainStore(TENANCY).correctZoneKey(facts.domain().id(), Map.of(), ref);
          var proofs = new ProofStore(TENANCY);
          var proof = proofs.openOrFind(wanted.id());
          proofs.recordChecks(proof.id(), List.of(ProofCheck.passed("dkim", "pass")));
          var orders = new OrderStore(TENANCY);
          var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
          var price = new Money(999, "USD");
          orders.insert(
              new NewOrder(
                  order,
                  facts.server().id(),
                  OrderLabel.of("t3st01", order),
                  "101",
                  "1",
                  price,
                  Optional.of(price)));
          orders.claimPurchase(order, 1, price);
          new ChallengeStore(TENANCY)
              .allow(
                  setups.get(wanted.id()).certificate(),
                  wanted.id(),
                  List.of(
                      new DnsRecord(
                          new RecordName("_acme-challenge." + domain),
                          DnsRecord.Type.TXT,
                          "a",
                          60)));
          var plan = Samples.newPlan("key", domain);
          new PlanStore(TENANCY).request(plan);
          new PlanStore(TENANCY)
              .note(plan.id(), new Line(Line.Kind.STEP, "server/buy", "Buying", "one", false));
          TENANCY
              .jdbc()
              .sql(
                  """
                  INSERT INTO mailbox_command
                    (id, tenant_id, idempotency_key, request_hash, server_id, setup_id, version)
                  VALUES (:id, :tenant, 'key', 'hash', :server, :setup, 1)
                  """)
              .param("id", UuidCreator.getTimeOrderedEpoch())
              .param("tenant", made.id().value())
              .param("server", facts.server().id().value())
              .param("setup", wanted.id().value())
              .update();
        });
    openToStaff(made.id(), 60);
    return made.id();
  }

  private static void openToStaff(TenantId tenant, int minutes) {
    JdbcClient.create(POSTGRES.staff())
        .sql("SELECT open_staff_access(:tenant, 'pat', 'ticket 7', :minutes)")
        .param("tenant", tenant.value())
        .param("minutes", minutes)
        .query((row, number) -> true)
        .single();
  }
}
