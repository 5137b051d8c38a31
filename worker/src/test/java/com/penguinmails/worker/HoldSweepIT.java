package com.penguinmails.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.activities.setup.IncidentActivitiesImpl;
import com.penguinmails.activities.setup.SetupActivitiesImpl;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.setup.SetupWorkflow;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.SearchColumns;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import com.penguinmails.workflows.temporal.codec.PenguinDataConverter;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Set-ups that were cancelled while nobody could tell their runs: the row is all there is.
@Timeout(120)
class HoldSweepIT {
  private static final Duration NEVER_IN_A_TEST = Duration.ofHours(1);

  /// A run at this pace looks at its row of its own accord only when the test is long over.
  private static final Pace SLOW =
      new Pace(NEVER_IN_A_TEST, NEVER_IN_A_TEST, NEVER_IN_A_TEST, NEVER_IN_A_TEST, 0);

  private PostgresForTests postgres;
  private Stores stores;
  private NewTenant tenant;
  private TestWorkflowEnvironment temporal;
  private HoldSweep sweep;
  private SetupSweep lost;

  @BeforeEach
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    stores = Stores.on(postgres.tenancy());
    tenant = new TenantStore(stores.tenancy()).create("Acme");
    temporal =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setUseTimeskipping(false)
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(PenguinDataConverter.clear())
                        .build())
                .build());
    SearchColumns.ALL.forEach(
        column -> temporal.registerSearchAttribute(column.getName(), column.getValueType()));
    temporal
        .newWorker(TaskQueues.DECISIONS)
        .registerWorkflowImplementationTypes(TemporalConfiguration.workflowTypes());
    temporal
        .newWorker(TaskQueues.STORE)
        .registerActivitiesImplementations(
            new SetupActivitiesImpl(stores, secrets(directory)),
            new IncidentActivitiesImpl(stores));
    temporal.start();
    sweep =
        new HoldSweep(
            new SweepStore(postgres.sweep()), temporal.getWorkflowClient(), Duration.ZERO);
    lost =
        new SetupSweep(
            new SweepStore(postgres.sweep()),
            stores,
            temporal.getWorkflowClient(),
            SLOW,
            Duration.ZERO);
  }

  private SecretStore secrets(Path directory) {
    return new EmbeddedSecretStore(
        stores.tenancy(),
        new SecretRows(stores.tenancy()),
        KeyFile.openOrCreate(directory.resolve("master.key")));
  }

  @AfterEach
  void stop() {
    temporal.close();
    postgres.close();
  }

  @Test
  void tellsARunThatDidNotHearOfItsCancel() {
    var setup = ordered("acme.test", "192.0.2.10");
    begin(setup);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> row(setup).stage().equals(Stage.BUILDING.name()));
    cancelUntold(setup);

    sweep.sweep();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> row(setup).state() == Setup.State.CANCELLING);
    sweep.sweep(); // finds nothing: the row says that the run knows
    assertThat(row(setup).state()).isEqualTo(Setup.State.CANCELLING);
  }

  @Test
  void aSetUpWithoutARunKeepsNoOtherWaiting() {
    var alone = ordered("alone.test", "192.0.2.11");
    cancelUntold(alone);
    var setup = ordered("acme.test", "192.0.2.10");
    begin(setup);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> row(setup).stage().equals(Stage.BUILDING.name()));
    cancelUntold(setup);

    sweep.sweep();

    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> row(setup).state() == Setup.State.CANCELLING);
    assertThat(row(alone).state()).as("for staff to start again").isEqualTo(Setup.State.HELD);
  }

  /// Temporal was restored from before the run, or somebody terminated it.
  @Test
  void aSetUpGoesOnTakingBackWhenItsRunWasLost() {
    var setup = ordered("acme.test", "192.0.2.10");
    stores.tenancy().run(tenant.id(), () -> stores.setups().recordStarted(setup));
    stores.tenancy().as(tenant.id(), () -> stores.setups().requestCancel(setup));

    lost.sweepLostRuns();
    var first = run(setup);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> row(setup).stage().equals(Stage.CANCELLING.name()));
    lost.sweepLostRuns();
    assertThat(run(setup)).as("it has a run").isEqualTo(first);

    temporal.getWorkflowClient().newUntypedWorkflowStub(WorkflowIds.of(setup)).terminate("lost");
    lost.sweepLostRuns();
    assertThat(run(setup)).isNotEqualTo(first);
  }

  private String run(SetupId setup) {
    return temporal
        .getWorkflowClient()
        .newUntypedWorkflowStub(WorkflowIds.of(setup))
        .describe()
        .getExecution()
        .getRunId();
  }

  private SetupId ordered(String domain, String address) {
    var wanted = Samples.newSetup(tenant.workspace(), domain, domain, address);
    stores.tenancy().as(tenant.id(), () -> stores.setups().request(wanted));
    return wanted.id();
  }

  private void begin(SetupId setup) {
    var run =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(
                SetupWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(WorkflowIds.of(setup))
                    .build());
    WorkflowClient.start(
        run::run,
        new BeginSetup(tenant.id(), setup, row(setup).domainName(), SLOW, Optional.empty()));
  }

  /// What is left when whoever cancels dies before telling the run.
  private void cancelUntold(SetupId setup) {
    stores.tenancy().as(tenant.id(), () -> stores.holds().hold(setup, Duration.ZERO));
  }

  private Setup row(SetupId setup) {
    return stores.tenancy().reading(tenant.id(), () -> stores.setups().get(setup));
  }
}
