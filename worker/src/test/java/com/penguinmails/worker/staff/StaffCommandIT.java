package com.penguinmails.worker.staff;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.Cause.Helper;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `./penguin staff`, as a member of staff types it. What it says to a running workflow is shown by
/// the bad days of purchases.
@Timeout(120)
class StaffCommandIT {
  private static final String AWAY = "127.0.0.1:1"; // nobody listens there
  private static PostgresForTests postgres;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @Test
  void showsWhatWaitsAndClosesWhatStaffClearedUp() {
    var doubled = open(Cause.PURCHASE_DOUBLED, "doubled.test");
    var unclear = open(Cause.PURCHASE_UNCLEAR, "unclear.test");

    assertThat(run("incidents")).isZero();
    assertThat(out.toString())
        .contains(doubled + "  PURCHASE_DOUBLED  since ", "seen: under one label")
        .contains(unclear + "  PURCHASE_UNCLEAR")
        .contains(Cause.PURCHASE_DOUBLED.what());

    assertThat(run("repair", doubled.toString(), "--as=ada")).isEqualTo(1);
    assertThat(err.toString()).contains("nothing that a program can do about PURCHASE_DOUBLED");
    assertThat(run("repair", new UUID(1, 1).toString(), "--as=ada")).isEqualTo(1);
    assertThat(err.toString()).contains("No open incident of staff's has the id");

    assertThat(run("close", doubled.toString(), "--as=ada", "--reason=cancelled")).isZero();
    assertThat(run("close", unclear.toString(), "--as=ada", "--reason=seen it")).isEqualTo(1);
    assertThat(err.toString()).contains("ends by itself when the work goes on");
    assertThat(run("close", doubled.toString(), "--as=ada", "--reason=cancelled")).isEqualTo(1);
    assertThat(err.toString()).contains("No open incident");
  }

  @Test
  void stopsPurchasesAndChangesCaps() {
    assertThat(run("purchases", "--stop=the bill is wrong", "--tenant=50.00", "--as=ada")).isZero();
    assertThat(out.toString())
        .contains("Stopped: the bill is wrong", "for 50.00 USD a month by each tenant");

    assertThat(run("purchases", "--go", "--as=ada")).isZero();
    assertThat(out.toString()).contains("Servers may be bought,", "for 50.00 USD");
    assertThat(run("purchases", "--all=many", "--as=ada")).isEqualTo(1);
    assertThat(err.toString()).contains("not a sum in cents: \"many\"");
  }

  @Test
  void comparesWhatASellerChargedWithTheLedger(@TempDir Path directory) throws IOException {
    var label = bought("ledger.test", "7001");
    var today = LocalDate.now(ZoneOffset.UTC);

    assertThat(run("ledger")).isZero();
    assertThat(out.toString())
        .contains("%s  PURCHASE ".formatted(today), " 9.99 USD  until ", label + " (7001 there)")
        .contains("1 entries from %s to %s: 9.99 USD.".formatted(today.withDayOfMonth(1), today));
    assertThat(run("ledger", "--since=2020-01-01", "--until=2020-01-31")).isZero();
    assertThat(out.toString()).contains("0 entries", "nothing");

    assertThat(run("invoices")).isEqualTo(1);
    assertThat(err.toString()).contains("No invoice of hostwinds is here yet.");
    var bill = directory.resolve("bill.csv");
    Files.writeString(
        bill,
        """
        invoice,day,server,amount,currency,text
        A-1,%1$s,7001,9.99,USD,"monthly, in advance"
        """
            .formatted(today));
    assertThat(run("invoices", bill.toString(), "--as=ada")).isZero();
    assertThat(out.toString())
        .contains("1 lines of hostwinds are kept.", "1 lines agree with the ledger: 9.99 USD.");
    assertThat(run("invoices", bill.toString(), "--as=ada", "--seller=hostwinds")).isZero();

    Files.writeString(
        bill,
        """
        invoice,day,server,amount,currency
        A-2,%1$s,7001,9.99,USD
        A-2,%1$s,6666,4.99,USD
        """
            .formatted(today));
    assertThat(run("invoices", bill.toString(), "--as=ada")).isEqualTo(1);
    assertThat(out.toString())
        .contains("Without a reason: 9.99 USD for 7001, invoice A-2, line 1")
        .contains("Of no order: 4.99 USD for 6666, invoice A-2, line 2");

    Files.writeString(
        bill, "invoice,day,server,amount,currency\nA-1,%s,7001,1.00,USD\n".formatted(today));
    assertThat(run("invoices", bill.toString(), "--as=ada")).isEqualTo(1);
    assertThat(err.toString()).contains("Of invoice A-1 other lines are here already");
    assertThat(run("invoices", "--seller=nobody")).isEqualTo(1);
    assertThat(err.toString()).contains("No server was ever ordered from \"nobody\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "adopt",
        "adopt not-an-id 7001 --as=ada",
        "adopt 01933b5e-0000-7000-8000-000000000000 7001",
        "not-bought 01933b5e-0000-7000-8000-000000000000 --as=ada",
        "close 01933b5e-0000-7000-8000-000000000000 --as=ada",
        "release my-server --as=ada --reason=gone",
        "repair 01933b5e-0000-7000-8000-000000000000",
        "purchases --go",
        "ledger --since=yesterday",
        "ledger --since=2026-11-02 --until=2026-11-01",
        "invoices bill.csv",
        "purchases --go --stop=no --as=ada",
        "restart --per-second=0",
        "restart everything",
        "destroy"
      })
  void refusesWrongUsage(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
    assertThat(err.toString()).isNotBlank();
  }

  @Test
  void saysWhatIsAwayOrMissing(@TempDir Path directory) throws IOException {
    var noDatabase = environment();
    noDatabase.put("SPRING_DATASOURCE_URL", "jdbc:postgresql://" + AWAY + "/penguin");
    assertThat(run(noDatabase, "incidents")).isEqualTo(1);
    assertThat(err.toString()).contains("database at jdbc:postgresql://" + AWAY);

    assertThat(run(Map.of(), "incidents")).isEqualTo(1);
    assertThat(err.toString()).contains("PENGUIN_STAFF_PASSWORD is not set");

    var server = "01933b5e-0000-7000-8000-000000000000";
    assertThat(run("not-bought", server, "--try=1", "--as=ada")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("Not done: The keys of the payloads are needed")
        .contains("is missing")
        .hasLineCount(1);
    assertThat(run("purchases", "--go", "--as= ")).isEqualTo(1);
    assertThat(err.toString()).contains("--as is empty").hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"restart", "restart --dry-run"})
  void restartsNothingWhileTemporalIsAway(String line, @TempDir Path directory) throws IOException {
    var keys = directory.resolve("codec.keys");
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Files.createFile(keys, ownerOnly);
    var key = Base64.getEncoder().encodeToString(new byte[32]);
    Files.writeString(keys, "current = k1\nkey.k1 = %s\n".formatted(key));
    var environment = environment();
    environment.put("PENGUIN_WORKER_KEYS_CODEC", keys.toString());

    assertThat(run(environment, line.split(" "))).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("Not done: Temporal at " + AWAY + " is away.")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theGuideTellsWhatToDoAboutEveryCauseThatIsStaffs() throws IOException {
    var guide = Files.readString(Path.of("..", "docs", "operating.md"));

    assertThat(Arrays.stream(Cause.values()).filter(cause -> cause.helper() == Helper.STAFF))
        .hasSizeGreaterThan(10)
        .allSatisfy(cause -> assertThat(guide).contains("| `" + cause + "` |"));
  }

  @Test
  void theScriptTellsEveryCommand() throws IOException {
    var script = Files.readString(Path.of("..", "penguin"));
    var help = script.substring(script.indexOf("help_staff"), script.indexOf("help_doctor"));

    assertThat(StaffCommand.commands())
        .contains("incidents", "adopt")
        .allSatisfy(command -> assertThat(help).contains("\n  " + command + " "));
  }

  private int run(String... command) {
    return run(environment(), command);
  }

  private int run(Map<String, String> environment, String... command) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return StaffCommand.run(
        environment, new PrintWriter(out, true), new PrintWriter(err, true), command);
  }

  private static Map<String, String> environment() {
    return new TreeMap<>(
        Map.of(
            "SPRING_DATASOURCE_URL",
            postgres.jdbcUrl(),
            "PENGUIN_STAFF_PASSWORD",
            Migrations.STAFF,
            "TEMPORAL_ADDRESS",
            AWAY,
            "PENGUIN_WORKER_KEYS_CODEC",
            "/nowhere/codec.keys"));
  }

  /// @return the label of an order whose server was found
  private static String bought(String domain, String found) {
    var tenancy = postgres.tenancy();
    var tenant = new TenantStore(tenancy).create(domain);
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    var label = OrderLabel.of("t3st01", order);
    tenancy.run(
        tenant.id(),
        () -> {
          var _ =
              new ServerStore(tenancy)
                  .insertOrdered(
                      new NewServer(
                          server,
                          "hostwinds",
                          Stack.DEBIAN,
                          22,
                          new DomainName("mail." + domain),
                          "root",
                          Optional.empty()));
          var orders = new OrderStore(tenancy);
          orders.insert(
              new NewOrder(
                  order, server, label, "101", "1", new Money(3_000, "USD"), Optional.empty()));
          orders.reserve(order, new Money(999, "USD"));
          orders.claimPurchase(order, 1, new Money(999, "USD"));
          orders.recordFound(order, new ProviderServerId(found), Optional.empty());
        });
    return label.value();
  }

  private static IncidentId open(Cause cause, String domain) {
    var tenancy = postgres.tenancy();
    var tenant = new TenantStore(tenancy).create(domain);
    var setup = Samples.newSetup(tenant.workspace(), domain, domain, "192.0.2.10");
    return tenancy.as(
        tenant.id(),
        () -> {
          new SetupStore(tenancy).request(setup);
          return new IncidentStore(tenancy)
              .open(
                  NewIncident.of(
                      EntityKind.SERVER,
                      UuidCreator.getTimeOrderedEpoch(),
                      setup.id(),
                      cause,
                      "under one label"));
        });
  }
}
