package com.penguinmails.store;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.migration.Migrations;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What holds for every table, view, function and role: a new one that is on no list fails here.
class CatalogueIT {
  /// Tables without a tenant, and why.
  private static final Map<String, String> GLOBAL_TABLES =
      Map.of(
          "installation", "one row, the running product itself",
          "invoice_line", "an invoice is of an account, not of a tenant",
          "zone_lease", "a zone is one, whoever holds domains in it",
          "purchase_limit", "one row, what the installation may buy",
          "purchase_limit_change", "who changed that row",
          "shared_rate", "the limit is that of our access somewhere, whoever calls",
          "stray_server", "of no order that is known, so of no tenant",
          "flyway_schema_history", "which migrations were run");

  /// Functions that run with the owner's rights, and why.
  private static final Map<String, String> DEFINER_FUNCTIONS =
      Map.ofEntries(
          entry("tenant_of_api_key", "before the tenant is known; one row"),
          entry("committed_monthly_cents", "one sum over all tenants' orders, for the cap"),
          entry("usual_setup", "two numbers over all tenants' finished set-ups"),
          entry("owners_in_the_way", "which owners a claim challenges; ids only"),
          entry("staff_may_read", "staff may not read other grants"),
          entry("open_staff_access", "staff may not write grants themselves"),
          entry("incidents_for_staff", "whose it is, staff learn from it"),
          entry("entities_to_restart", "whose they are, staff learn from it; ids and names only"),
          entry("close_incident", "staff write no table; writes the audit"),
          entry("release_order", "staff write no table; writes the audit"),
          entry("ledger", "an invoice is for servers of all tenants; what they cost"),
          entry("sellers", "names of sellers only"),
          entry("record_invoice_lines", "staff write no table; keeps who did it"),
          entry("settle_by_invoice", "staff write no table; writes the audit"),
          entry("order_for_staff", "why a release is refused: two states and a count"),
          entry("is_another_orders_server", "one yes or no over all tenants' orders"),
          entry("limit_purchases", "staff write no table; writes who did it"));

  private static PostgresForTests postgres;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    jdbc = JdbcClient.create(postgres.superuser());
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void everyTableHasATenantOrIsOnTheListOfGlobalOnes() {
    var withoutTenant =
        names(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND c.relname <> 'tenant'
              AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid
                AND a.attname = 'tenant_id' AND a.attnotnull AND a.atttypid = 'uuid'::regtype)
            """);

    assertThat(withoutTenant).containsExactlyInAnyOrderElementsOf(GLOBAL_TABLES.keySet());
  }

  @Test
  void everyTenantTableForcesRowLevelSecurity() {
    var open =
        names(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
            """);

    assertThat(open).containsExactlyInAnyOrderElementsOf(GLOBAL_TABLES.keySet());
  }

  @Test
  void everyPolicyOfThePoolComparesTheTenantBothWays() {
    var policies =
        jdbc.sql(
                """
                SELECT tablename, cmd, qual, with_check FROM pg_policies
                WHERE schemaname = 'public' AND roles && ARRAY['penguin_app', 'public']::name[]
                """)
            .query()
            .listOfRows();

    assertThat(policies).hasSameSizeAs(tenantTables());
    assertThat(policies)
        .allSatisfy(policy -> {
          var column = "tenant".equals(policy.get("tablename")) ? "id" : "tenant_id";
          var rule = "(" + column + " = current_tenant())";
          assertThat(policy)
              .containsEntry("cmd", "ALL")
              .containsEntry("qual", rule)
              .containsEntry("with_check", rule);
        });
  }

  @Test
  void everyViewAsksWithTheRightsOfWhoReadsIt() {
    var views =
        names(
            """
            SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('v', 'm')
              AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
            """);

    assertThat(views).isEmpty();
  }

  @Test
  void definerFunctionsAreOnTheListWithAFixedSearchPathAndNotForEveryone() {
    var functions =
        jdbc.sql(
                """
                SELECT p.proname,
                  coalesce(array_to_string(p.proconfig, ',') LIKE 'search_path=%', false) AS fixed,
                  has_function_privilege('public', p.oid, 'EXECUTE') AS everyone
                FROM pg_proc p
                WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
                """)
            .query()
            .listOfRows();

    assertThat(functions)
        .extracting(row -> row.get("proname"))
        .containsExactlyInAnyOrderElementsOf(List.<Object>copyOf(DEFINER_FUNCTIONS.keySet()));
    assertThat(functions)
        .allSatisfy(
            row -> assertThat(row).containsEntry("fixed", true).containsEntry("everyone", false));
  }

  @Test
  void onlyTheOwnerOwnsAndNobodyStepsAroundThePolicies() {
    var owners =
        Set.copyOf(
            names(
                """
                SELECT DISTINCT pg_get_userbyid(c.relowner) FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace
                """));
    var mighty =
        names(
            """
            SELECT rolname FROM pg_roles WHERE rolname LIKE 'penguin%'
              AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)
            """);
    var members =
        names(
            "SELECT r.rolname FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member"
                + " WHERE r.rolname LIKE 'penguin%'");

    assertThat(owners).containsExactly(Migrations.OWNER);
    assertThat(mighty).isEmpty();
    assertThat(members).isEmpty();
  }

  @Test
  void sweepReadsIdsAndStatesOnlyAndWritesNothing() {
    var columns =
        Set.copyOf(
            names(
                """
                SELECT DISTINCT column_name FROM information_schema.column_privileges
                WHERE grantee = 'penguin_sweep' AND table_name <> 'installation'
                """));
    var writes =
        names(
            """
            SELECT table_name FROM information_schema.column_privileges
            WHERE grantee IN ('penguin_sweep', 'penguin_staff') AND privilege_type <> 'SELECT'
            """);

    assertThat(columns)
        .containsExactlyInAnyOrder(
            "id",
            "tenant_id",
            "state",
            "created_at",
            "started_at",
            "finished_at",
            "resumable_until",
            "forgotten_at",
            "desired_version",
            "applied_version",
            "told_at",
            "closed_at",
            "retire_wanted_at",
            "entity_kind",
            "entity_id");
    assertThat(writes).isEmpty();
  }

  @Test
  void staffNeverReadSecretsNorKeyHashes() {
    var readable =
        names(
            """
            SELECT table_name || '.' || column_name FROM information_schema.column_privileges
            WHERE grantee = 'penguin_staff'
              AND (table_name = 'secret' OR column_name IN ('hash', 'ciphertext'))
            """);

    assertThat(readable).isEmpty();
  }

  @Test
  void appendOnlyTablesCannotBeChangedByThePool() {
    var changeable =
        names(
            """
            SELECT table_name FROM information_schema.column_privileges
            WHERE grantee = 'penguin_app' AND privilege_type IN ('UPDATE', 'DELETE')
              AND table_name IN ('audit_event', 'decision', 'installation')
            UNION
            SELECT table_name FROM information_schema.table_privileges
            WHERE grantee = 'penguin_app' AND privilege_type IN ('DELETE', 'TRUNCATE')
            """);

    assertThat(changeable).isEmpty();
  }

  @Test
  void timesAreZonedAndMoneyIsWholeCents() {
    var wrong =
        names(
            """
            SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name <> 'flyway_schema_history'
              -- an invoice has a day, of nobody's zone
              AND (table_name, column_name) <> ('invoice_line', 'day')
              AND (data_type IN ('timestamp without time zone', 'date', 'money', 'real',
                  'double precision')
                OR (column_name LIKE '%cents' AND data_type <> 'bigint')
                OR (column_name LIKE '%\\_at' AND data_type <> 'timestamp with time zone'))
            """);

    assertThat(wrong).isEmpty();
  }

  private static List<String> tenantTables() {
    return names(
        """
        SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
          AND c.relkind = 'r' AND c.relrowsecurity
        """);
  }

  private static List<String> names(String sql) {
    return jdbc.sql(sql).query((row, number) -> row.getString(1)).list();
  }
}
