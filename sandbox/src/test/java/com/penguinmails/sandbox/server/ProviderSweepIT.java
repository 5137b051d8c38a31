package com.penguinmails.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.ports.vps.CallRate;
import com.penguinmails.ports.vps.VpsProvider;
import com.penguinmails.ports.vps.VpsProvider.Purchase;
import com.penguinmails.ports.vps.hostwinds.HostwindsVpsProvider;
import com.penguinmails.sandbox.setup.LostAnswers;
import com.penguinmails.sandbox.world.DemoTenant;
import com.penguinmails.sandbox.world.RunningProduct;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.Staff;
import com.penguinmails.sandbox.world.TestedProduct;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.schedules.ScheduleClient;
import io.temporal.client.schedules.ScheduleClientOptions;
import io.temporal.client.schedules.ScheduleHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A seller's account that is not as the orders say, and a sweep that comes by itself: what is
/// found is told to staff with what it costs, what may be repaired is, and nothing is bought or
/// given up. Every activity is done twice.
@Timeout(600)
public class ProviderSweepIT {
  /// What nothing else needs; the rest is of [com.penguinmails.sandbox.setup.LostAnswersIT].
  public static final Set<String> COVERED =
      Set.of(
          "Sweep.Compare",
          "Sweep.Rename",
          "Sweep.SetReverseName",
          "Sweep.MendOf",
          "Sweep.Repaired");

  private static final Duration UNTIL_SEEN = Duration.ofMinutes(2);

  @Test
  void findsWhatIsLeakedMissingAndOtherThanOrdered(@TempDir Path directory) throws IOException {
    var lost = new LostAnswers();
    var often = Map.of("penguin.worker.account-sweep-every", "2s");
    try (var tested =
        TestedProduct.start(
            SandboxWorld.Plan.instant(directory),
            world -> RunningProduct.start(world, lost, often, Map.of()))) {
      var world = tested.world();
      var hostwinds = atTheSeller(world);
      var setup =
          tested.order("sweep", DemoTenant.of(world).purchase(new DomainName("swept.test")));
      setup.untilState("DONE");
      var label = tested.labels(setup).getFirst();
      var used = new ProviderServerId(world.hostwinds().sold(label).getFirst());
      assertThat(Staff.of(world).does("incidents")).contains("Nothing waits for staff.");

      var leaked =
          OrderLabel.of(
              new OrderLabel(label).installation(), new OrderId(UuidCreator.getTimeOrderedEpoch()));
      buy(hostwinds, leaked);
      hostwinds.rename(used, "renamed in the panel");
      tested.server(setup).terminate("as after a loss of Temporal");
      int bought = world.hostwinds().charges().size();

      untilStaffRead(world, "SERVER_STRAY", leaked + " (", "cost: 0.33 USD a day", "helps: ");
      await().atMost(UNTIL_SEEN).until(() -> world.hostwinds().labels().contains(label));
      untilStaffReadNothingOf(world, "SERVER_NAME_DRIFTED");
      untilStaffReadNothingOf(world, "SERVER_WITHOUT_RUN");
      assertThat(
              tested.count(
                  "decision WHERE step = 'sweep/repair' AND answer LIKE '%nobody need be asked%'"))
          .isEqualTo(2);
      var _ = tested.server(setup).query("view", Object.class); // it has a run again

      var address = hostwinds.get(used).address().orElseThrow();
      hostwinds.setReverseName(used, address, new DomainName("renamed.seller.test"));
      await()
          .atMost(UNTIL_SEEN)
          .until(
              () -> tested.count("decision WHERE answer LIKE 'reverse name ordered again%'") > 0);
      untilStaffReadNothingOf(world, "SERVER_REVERSE_NAME_DRIFTED");

      hostwinds.rename(used, OrderLabel.of("c0py01", new OrderLabel(label).order()).value());
      untilStaffRead(world, "SERVER_NAME_DRIFTED", "is a label of another installation");
      var waiting = incident(Staff.of(world).does("incidents"), "SERVER_NAME_DRIFTED");
      assertThat(Staff.of(world).does("repair", waiting, "--as=ada"))
          .startsWith("Server %s ".formatted(used)); // done twice: it has its name by then
      assertThat(world.hostwinds().labels()).contains(label);
      untilStaffReadNothingOf(world, "SERVER_NAME_DRIFTED");

      hostwinds.changeMainAddress(used);
      untilStaffRead(world, "SERVER_ADDRESS_DRIFTED", "the rows and the tenant's records say");

      hostwinds.terminate(used);
      untilStaffRead(world, "SERVER_MISSING", "is not listed by its seller, and was not at");
      untilStaffReadNothingOf(world, "SERVER_ADDRESS_DRIFTED");
      hostwinds.terminate(new ProviderServerId(world.hostwinds().sold(leaked.value()).getFirst()));
      untilStaffReadNothingOf(world, "SERVER_STRAY");

      assertThat(world.hostwinds().charges())
          .as("the sweep bought nothing; the address was ours here")
          .hasSize(bought + 1);
      assertThat(setup.causes()).as("the tenant is not troubled").isEmpty();
      assertThat(lost.types()).containsAll(COVERED);
      assertPausable(tested);
    }
  }

  /// A worker that starts brings the Schedule up to date, and leaves it paused.
  private static void assertPausable(TestedProduct tested) {
    schedule(tested.temporal()).pause("somebody looks at the seller");
    tested.product().close();
    try (var worker = RunningProduct.startWorker(tested.world())) {
      var schedule = schedule(worker.getBean(WorkflowClient.class));
      await()
          .atMost(UNTIL_SEEN)
          .untilAsserted(() -> {
            var now = schedule.describe().getSchedule();
            assertThat(now.getSpec().getIntervals()).as("of this worker's settings").isEmpty();
            assertThat(now.getState().isPaused()).isTrue();
          });
    }
  }

  private static ScheduleHandle schedule(WorkflowClient client) {
    return ScheduleClient.newInstance(client.getWorkflowServiceStubs(), options(client))
        .getHandle(WorkflowIds.sweepOf("hostwinds"));
  }

  private static ScheduleClientOptions options(WorkflowClient client) {
    return ScheduleClientOptions.newBuilder()
        .setNamespace(client.getOptions().getNamespace())
        .setDataConverter(client.getOptions().getDataConverter())
        .build();
  }

  private static void untilStaffRead(SandboxWorld world, String... words) {
    await()
        .atMost(UNTIL_SEEN)
        .untilAsserted(() -> assertThat(Staff.of(world).does("incidents")).contains(words));
  }

  private static void untilStaffReadNothingOf(SandboxWorld world, String cause) {
    await()
        .atMost(UNTIL_SEEN)
        .untilAsserted(() -> assertThat(Staff.of(world).does("incidents")).doesNotContain(cause));
  }

  private static String incident(String said, String cause) {
    return said.lines()
        .filter(line -> line.contains("  " + cause + "  "))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .findFirst()
        .orElseThrow();
  }

  private static void buy(VpsProvider hostwinds, OrderLabel label) {
    hostwinds.buy(
        new Purchase(
            label,
            hostwinds.plans().getFirst().id(),
            hostwinds.places().getFirst().id(),
            hostwinds.images().getFirst().id()));
  }

  /// As a person with the account's key does it, beside the product.
  private static VpsProvider atTheSeller(SandboxWorld world) throws IOException {
    var key = Files.readString(world.hostwindsKey());
    return HostwindsVpsProvider.at(
        world.hostwinds().url(), () -> key, CallRate.perSecond(1000), Duration.ofSeconds(10));
  }
}
