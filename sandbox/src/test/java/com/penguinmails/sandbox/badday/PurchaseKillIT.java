package com.penguinmails.sandbox.badday;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.vps.ApiKeyFile;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.vps.ProviderFault;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.Depth;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.SimulatedBlacklists;
import com.penguinmails.sandbox.world.TenantClient;
import com.penguinmails.sandbox.world.TenantSetup;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.sandbox.world.WorkerProcess;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.server.ServerWorkflow.ConfirmNotBought;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What must not be paid twice is not, whatever dies or forgets around the call: the worker in the
/// very call that buys a server or another address, a run that staff reset to before the purchase,
/// a Temporal whose file is from before it. In the end the ledger says what the bill says.
@Execution(ExecutionMode.CONCURRENT)
@Timeout(900)
class PurchaseKillIT {
  private static final String BUY = "Order.Buy";
  private static final String SERVER_ALONE = "12.00";
  private static final String ADDRESSES_TOO = "18.00"; // two even, but no second server

  private final List<ChildProcess> workers = new CopyOnWriteArrayList<>();
  private SandboxWorld world;
  private ConfigurableApplicationContext api;
  private TenantClient client;
  private Path logs;

  @BeforeEach
  void start(@TempDir Path directory) {
    world =
        SandboxWorld.start(
            SandboxWorld.Plan.in(directory.resolve("world"), Depth.SIMULATED, (_, _) -> {}));
    api = RunningProduct.startApi(world);
    client = DemoTenant.of(world).client();
    logs = directory.resolve("workers");
  }

  @AfterEach
  void stop() {
    workers.forEach(ChildProcess::kill);
    client.close();
    api.close();
    world.destroy();
  }

  /// Two set-ups: the first call to buy is not heard any more, the second one is. Who was just
  /// about to call when the worker died has called nobody either.
  @Test
  void buysOneEachThoughTheWorkerDiesInBothCalls() {
    startWorker();
    world
        .hostwinds()
        .plan("add_instance", new ProviderFault.Strikes(this::replaceWorker, false), 1);
    world.hostwinds().plan("add_instance", new ProviderFault.Strikes(this::replaceWorker, true), 1);
    var setups = List.of(order("killed-one.test"), order("killed-two.test"));

    var told = new HashSet<String>();
    await()
        .atMost(Duration.ofMinutes(9))
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          setups.stream()
              .filter(this::isNothingBought)
              .filter(setup -> told.add(setup.id()))
              .forEach(this::tellThatNothingIs);
          return setups.stream().allMatch(setup -> setup.state().equals("DONE"));
        });
    assertBoughtOnce(setups.size());
  }

  @Test
  void buysNothingWhenARunIsResetToBeforeThePurchase() {
    startWorker();
    var setup = order("reset.test");
    await().atMost(Duration.ofMinutes(2)).until(() -> setup.hasBegun("server/contact"));

    var run = TestedProduct.serverRun(world, setup);
    temporal()
        .getWorkflowServiceStubs()
        .blockingStub()
        .resetWorkflowExecution(
            ResetWorkflowExecutionRequest.newBuilder()
                .setNamespace(temporal().getOptions().getNamespace())
                .setWorkflowExecution(WorkflowExecution.newBuilder().setWorkflowId(run))
                .setWorkflowTaskFinishEventId(taskBeforePurchase(run))
                .setRequestId(UUID.randomUUID().toString())
                .setReason("a test forgets the purchase")
                .build());

    setup.untilState("DONE");
    assertBoughtOnce(1);
  }

  @Test
  void buysNothingWhenTemporalForgetsThePurchase(@TempDir Path elsewhere) throws IOException {
    var setup = order("restored.test"); // nobody works yet
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> temporal().listExecutions("DomainName = 'restored.test'").findAny().isPresent());
    new TemporalFile(world.temporal()).copyTo(elsewhere);
    startWorker();
    await().atMost(Duration.ofMinutes(2)).until(() -> setup.hasBegun("server/contact"));

    new TemporalFile(world.temporal()).restoreFrom(elsewhere);

    setup.untilState("DONE");
    assertBoughtOnce(1);
  }

  @Test
  void changesAnAddressOnceThoughTheWorkerDiesBeforeItsAnswer() {
    var seller = world.hostwinds();
    var good = seller.nextAddress(1);
    world.blacklists().add(SimulatedBlacklists.SOUND, seller.nextAddress());
    seller.plan("change_main_ip", new ProviderFault.Strikes(this::replaceWorker, true), 1);
    startWorker();

    var setup = order("killed-moved.test", ADDRESSES_TOO);
    setup.untilState("DONE");

    assertThat(setup.step("server/moved").path("evidence").asText()).contains(good.value());
    assertThat(seller.calls("change_main_ip")).isOne();
    assertPaid("add_instance 9.99 USD", "change_main_ip 3.00 USD");
  }

  /// The try may have been heard, for all that is known: it is not made again, and staff have the
  /// address changed at the seller's.
  @Test
  void changesNoAddressByItselfAfterTheWorkerDiedInACallThatWasNotHeard() {
    var seller = world.hostwinds();
    world.blacklists().add(SimulatedBlacklists.SOUND, seller.nextAddress());
    seller.plan("change_main_ip", new ProviderFault.Strikes(this::replaceWorker, false), 1);
    startWorker();

    var setup = order("killed-unmoved.test", ADDRESSES_TOO);
    await()
        .atMost(Duration.ofMinutes(5))
        .until(() -> setup.causes().contains(Cause.ADDRESS_LISTED.name()));
    assertThat(seller.calls("change_main_ip")).isOne();
    assertThat(bill()).containsExactly("add_instance 9.99 USD");
    assertThat(ledger())
        .containsExactly("add_instance 9.99 USD", "change_main_ip 3.00 USD, UNCLEAR");

    var panel = HostwindsVpsProvider.at(seller.url(), ApiKeyFile.open(world.hostwindsKey()));
    panel.changeMainAddress(panel.all().getFirst().id());

    setup.untilState("DONE");
    assertPaid("add_instance 9.99 USD", "change_main_ip 3.00 USD");
  }

  private long taskBeforePurchase(String run) {
    var events = temporal().fetchHistory(run).getEvents();
    var purchase =
        events.stream()
            .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
            .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
            .filter(scheduled -> scheduled.getActivityType().getName().equals(BUY))
            .findFirst()
            .orElseThrow();
    return purchase.getWorkflowTaskCompletedEventId();
  }

  /// As staff see it who were asked and looked at the seller.
  private boolean isNothingBought(TenantSetup setup) {
    return setup.causes().contains("PURCHASE_UNCLEAR")
        && TestedProduct.labels(world, setup).stream()
            .noneMatch(world.hostwinds().labels()::contains);
  }

  private void tellThatNothingIs(TenantSetup setup) {
    var _ =
        temporal()
            .newUntypedWorkflowStub(TestedProduct.serverRun(world, setup))
            .update("confirmNotBought", Object.class, new ConfirmNotBought("ada", 1));
  }

  private TenantSetup order(String domain) {
    return order(domain, SERVER_ALONE);
  }

  private TenantSetup order(String domain, String budget) {
    var request = DemoTenant.of(world).purchase(new DomainName(domain), budget);
    return TenantSetup.order(client, domain, request);
  }

  private void startWorker() {
    workers.add(WorkerProcess.start(world, logs, workers.size()));
  }

  private void replaceWorker() {
    workers.getLast().kill();
    startWorker();
  }

  private WorkflowClient temporal() {
    return api.getBean(WorkflowClient.class);
  }

  private void assertBoughtOnce(int setups) {
    assertPaid(Collections.nCopies(setups, "add_instance 9.99 USD").toArray(String[]::new));
  }

  private void assertPaid(String... calls) {
    assertThat(bill()).as("the bill").containsExactly(calls);
    assertThat(ledger()).as("the ledger").containsExactly(calls);
  }

  private List<String> bill() {
    return world.hostwinds().charges().stream()
        .map(charge -> charge.reason() + " " + charge.total())
        .toList();
  }

  /// What was or may have been paid, in the seller's words, and what is not known to have been.
  private List<String> ledger() {
    return JdbcClient.create(world.database().superuser("penguin"))
        .sql(
            """
            SELECT kind, amount_cents, currency, outcome FROM paid_call
            WHERE outcome NOT IN ('REFUSED', 'NOT_DONE') ORDER BY tried_at
            """)
        .query((row, _) ->
            (row.getString("kind").equals("PURCHASE") ? "add_instance " : "change_main_ip ")
                + new Money(row.getLong("amount_cents"), row.getString("currency"))
                + (row.getString("outcome").equals("DONE") ? "" : ", " + row.getString("outcome")))
        .list();
  }
}
