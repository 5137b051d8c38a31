package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.sandbox.host.machine.HostEvent.Kind;
import com.penguinmails.sandbox.temporal.TemporalServer;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.Staff;
import com.penguinmails.sandbox.world.TenantMailboxes;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.sandbox.world.WorkerProcess;
import com.penguinmails.workflows.model.DomainName;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Temporal's data is deleted, or restored from an older copy: one command of staff restarts
/// everything from the database. Nothing is bought again, nothing is installed again, and what was
/// proved stays proved.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(900)
class TemporalLostIT {
  private static final String MIDDLE = "server/020-packages";
  private static final Duration SOON = Duration.ofMinutes(4);

  private final List<String> applied = new CopyOnWriteArrayList<>();
  private TestedProduct tested;
  private SandboxWorld world;
  private TemporalFile file;
  private ConfigurableApplicationContext worker;
  private WorkflowServiceStubs temporal; // stays when the worker goes

  @BeforeEach
  void start(@TempDir Path directory) {
    tested =
        TestedProduct.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}),
            world -> RunningProduct.start(world, Map.of("penguin.api.cancel-grace", "10m")));
    world = tested.world();
    file = new TemporalFile(world.temporal());
    worker = tested.product().worker();
    temporal =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget(world.temporal().target())
                .validateAndBuildWithDefaults());
    SharedProduct.limitPurchases(world, SharedProduct.AMPLE);
  }

  @AfterEach
  void stop() {
    temporal.shutdownNow();
    worker.close();
    tested.close();
  }

  @Test
  void everythingGoesOnWhenTemporalHasForgottenAll() throws IOException {
    var done = order("lost-done.test");
    done.untilState("DONE");
    var held = order("lost-held.test");
    await().atMost(SOON).until(() -> held.hasBegun(MIDDLE));
    held.cancel();
    staff("purchases", "--stop=looked at", "--as=ada");
    var waiting = order("lost-waiting.test");
    await().atMost(SOON).until(() -> waiting.causes().contains("PURCHASES_STOPPED"));
    var before = World.of(this, done);
    worker.close();
    new TenantMailboxes(done).order("told-and-lost", List.of("anna"));
    listen();

    file.delete();
    staff("purchases", "--go", "--as=ada"); // nobody is there who would see it lifted
    worker = RunningProduct.startWorker(world);
    assertThat(staff("restart", "--dry-run"))
        .contains(
            "servers       1 would be started, 0 have a run",
            "domains       1 would be started, 0 have a run",
            "certificates  1 would be started, 0 have a run",
            "set-ups       2 would be started, 0 have a run");
    assertThat(staff("restart"))
        .contains("servers       1 started", "certificates  1 started", "set-ups       2 started");

    new TenantMailboxes(done).until("anna", "READY");
    waiting.untilState("DONE");
    assertThat(held.state()).isEqualTo("HELD");
    assertThat(tested.client().command(held.id(), "resume", "taken-back").status()).isEqualTo(202);
    held.untilState("DONE");
    for (var setup : List.of(done, held, waiting)) {
      assertThat(setup.causes()).as("of %s", setup.look()).isEmpty();
      assertThat(entities(setup)).allMatch(this::isRunning);
    }
    assertThat(staff("restart"))
        .contains(
            "servers       0 started, 3 had a run",
            "domains       0 started, 3 had a run",
            "certificates  0 started, 3 had a run",
            "set-ups       0 started, 0 had a run");
    assertThat(world.hostwinds().charges()).hasSize(before.charges() + 1);
    assertThat(World.of(this, done)).isEqualTo(before.withCharges(before.charges() + 1));
    assertThat(appliedTo(done)).as("the mailbox that was ordered").containsOnly("230-mailboxes");
  }

  @Test
  void anOlderCopyRepeatsNothing(@TempDir Path copies) throws IOException {
    worker.close(); // so that the first copy knows of no work
    var done = order("older-done.test");
    await().atMost(SOON).until(() -> isRunning("setup/" + done.id()));
    file.copyTo(copies.resolve("begin"));
    worker = RunningProduct.startWorker(world);
    await().atMost(SOON).until(() -> done.hasBegun(MIDDLE));
    file.copyTo(copies.resolve("middle"));
    done.untilState("DONE");
    var later = order("older-later.test"); // no copy knows of it
    later.untilState("DONE");
    var before = World.of(this, done);
    var beforeOfLater = World.of(this, later);
    listen();

    for (var copy : List.of("middle", "begin")) {
      file.restoreFrom(copies.resolve(copy));
      var _ = staff("restart");

      await().atMost(SOON).until(() -> !isRunning("setup/" + done.id()));
      for (var setup : List.of(done, later)) {
        assertThat(entities(setup)).as(copy).allMatch(this::isRunning);
        assertThat(setup.state()).isEqualTo("DONE");
        assertThat(setup.causes()).as("of %s", setup.look()).isEmpty();
      }
      assertThat(World.of(this, done)).as(copy).isEqualTo(before);
      assertThat(World.of(this, later)).as(copy).isEqualTo(beforeOfLater);
      assertThat(applied).as(copy).isEmpty();
    }
  }

  /// Nobody can read what is in Temporal any more; what tenants have is elsewhere.
  @Test
  void aLostCodecKeyCostsHistoriesOnly(@TempDir Path logs) throws Exception {
    var done = order("key-lost-done.test");
    done.untilState("DONE");
    staff("purchases", "--stop=looked at", "--as=ada");
    var waiting = order("key-lost-waiting.test");
    await().atMost(SOON).until(() -> waiting.causes().contains("PURCHASES_STOPPED"));
    var before = World.of(this, done);
    worker.close();
    listen();

    var key = Base64.getEncoder().encodeToString(SecureRandom.getSeed(32));
    Files.writeString(
        Path.of(Staff.of(world).environment().get("PENGUIN_WORKER_KEYS_CODEC")),
        "current = k2\nkey.k2 = " + key);
    try (var withOldHistories = WorkerProcess.start(world, logs, 1)) {
      await()
          .atMost(SOON)
          .untilAsserted(() ->
              assertThat(Files.readString(withOldHistories.log()))
                  .contains(
                      "which this process lacks; it has [k2]. Staff must put the old key back")
                  .contains("docs/operating.md, \"Loss of keys\""));
    }
    file.delete();
    worker = RunningProduct.startWorker(world);
    staff("purchases", "--go", "--as=ada");
    assertThat(staff("restart")).contains("servers       1 started", "set-ups       1 started");

    waiting.untilState("DONE");
    assertThat(waiting.causes()).isEmpty();
    assertThat(entities(done)).allMatch(this::isRunning);
    assertThat(World.of(this, done)).isEqualTo(before.withCharges(before.charges() + 1));
    assertThat(appliedTo(done)).isEmpty();
  }

  /// Steps that are applied from now on, with the host's name before each.
  private void listen() {
    world
        .simulatedHosts()
        .all()
        .forEach(host ->
            host.listen((view, event) -> {
              if (event.kind() == Kind.STEP_APPLIED) {
                applied.add(view.name() + "/" + event.name());
              }
            }));
  }

  private List<String> appliedTo(TenantSetup setup) {
    var host =
        JdbcClient.create(world.database().superuser("penguin"))
            .sql("SELECT provider_server_id FROM server_order WHERE label = ?")
            .param(tested.labels(setup).getFirst())
            .query(String.class)
            .single();
    return applied.stream()
        .filter(step -> step.startsWith(host + "/"))
        .map(step -> step.substring(host.length() + 1))
        .toList();
  }

  private TenantSetup order(String domain) {
    return tested.order(domain, DemoTenant.of(world).purchase(new DomainName(domain)));
  }

  private String staff(String... command) {
    return Staff.of(world).does(command);
  }

  /// Workflow ids of what lives on after a set-up.
  private List<String> entities(TenantSetup setup) {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql("SELECT server_id, domain_id, certificate_id FROM setup WHERE id = CAST(? AS uuid)")
        .param(setup.id())
        .query((row, _) ->
            Stream.of("server", "domain", "certificate")
                .map(kind -> kind + "/" + text(row, kind + "_id"))
                .toList())
        .single();
  }

  private static String text(ResultSet row, String column) {
    try {
      return row.getString(column);
    } catch (SQLException e) {
      throw new IllegalStateException(column, e);
    }
  }

  private boolean isRunning(String workflowId) {
    try {
      return WorkflowClient.newInstance(
                  temporal,
                  WorkflowClientOptions.newBuilder().setNamespace(TemporalServer.NAMESPACE).build())
              .newUntypedWorkflowStub(workflowId)
              .describe()
              .getStatus()
          == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
    } catch (WorkflowNotFoundException none) {
      return false;
    }
  }

  /// What must not be done again.
  ///
  /// @param charges of the seller, for everybody
  /// @param proof of the set-up, as its tenant reads it
  /// @param proofs how many messages of proof there were
  /// @param issues how often its certificate was issued
  private record World(int charges, String proof, long proofs, long issues, long dkimKeys) {
    static World of(TemporalLostIT test, TenantSetup setup) {
      var id = "'" + setup.id() + "'";
      return new World(
          test.world.hostwinds().charges().size(),
          setup.look().path("proof").toString(),
          test.tested.count("proof WHERE setup_id = " + id),
          test.tested.count(
              "certificate c, generate_series(1, c.issues) WHERE c.id ="
                  + " (SELECT certificate_id FROM setup WHERE id = "
                  + id
                  + ")"),
          test.tested.count(
              "dkim_key WHERE domain_id = (SELECT domain_id FROM setup WHERE id = " + id + ")"));
    }

    World withCharges(int others) {
      return new World(others, proof, proofs, issues, dkimKeys);
    }
  }
}
