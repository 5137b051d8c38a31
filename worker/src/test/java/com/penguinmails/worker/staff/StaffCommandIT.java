package com.penguinmails.worker.staff;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.migration.Migrations;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.Cause.Helper;
import com.penguinmails.workflows.model.IncidentId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
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
        "purchases --go",
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
