package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.BuyServer;
import com.penguinmails.workflows.server.OrderActivities.Listing;
import com.penguinmails.workflows.server.ServerWorkflow.AdoptServer;
import com.penguinmails.workflows.server.ServerWorkflow.ConfirmNotBought;
import com.penguinmails.workflows.server.TriageActivities.AddressChange;
import com.penguinmails.workflows.setup.InMemoryProvider.Fault;
import com.penguinmails.workflows.setup.SetupWorkflow.BeginSetup;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.TaskQueues;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A set-up whose server is bought: exactly one, or an incident that says what to decide.
@Timeout(60)
class PurchaseWorkflowTest {
  private static final Pace PACE =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofSeconds(30), // the authority waits for the purchase and must not complain
          0);

  private static final Pace IMPATIENT =
      new Pace(PACE.askAgain(), PACE.recheck(), PACE.poll(), Duration.ofSeconds(2), 0);

  private final InMemoryWorld world = new InMemoryWorld();
  private final InMemoryProvider provider = new InMemoryProvider();
  private final SetupId setup = new SetupId(new UUID(2, 1));
  private final TenantId tenant = new TenantId(new UUID(2, 2));
  private TestWorkflowEnvironment temporal;

  @BeforeEach
  void start() {
    world.provider = Optional.of(provider);
    temporal = world.inMemoryTemporal();
  }

  @AfterEach
  void stop() {
    temporal.close();
  }

  @Test
  void buysOneServerAndMakesItAMailServer() {
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1);
    assertThat(world.decisions)
        .contains("reserve: reserved", "purchase: buy: try 1", "reconcile: take server: 700100");
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void findsWhatItBoughtWhenTheAnswerWasLost() {
    provider.faults.add(Fault.ANSWER_LOST);
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.bought).isOne();
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void findsWhatItBoughtWhenTheWorkerDied() {
    provider.faults.add(Fault.DIED);
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.bought).isOne();
  }

  @Test
  void triesAgainAfterAReadableNo() {
    provider.faults.add(Fault.REFUSED);
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1, 2);
    assertThat(provider.bought).isOne();
    assertThat(world.incidents).containsExactly(Cause.PROVIDER_REFUSED);
  }

  @Test
  void tellsWhatIsWrongWhenNothingWasTried() {
    provider.faults.add(Fault.NOT_TRIED);
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1);
    assertThat(world.incidents).containsExactly(Cause.PROVIDER_UNREACHABLE);
  }

  @Test
  void triesAgainWhenAnEarlierRunOfTheTryWasRefused() {
    provider.faults.add(Fault.REFUSED_BEFORE);
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1, 2);
    assertThat(provider.bought).isOne();
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void neverBuysAgainByItselfWhenNobodyKnows() {
    provider.faults.add(Fault.NEVER_HEARD);
    begin();

    untilIncident(Cause.PURCHASE_UNCLEAR);
    await().during(Duration.ofSeconds(3)).until(() -> provider.calls.size() == 1);

    server().update("confirmNotBought", Object.class, new ConfirmNotBought("ada", 1));
    untilProved();
    assertThat(provider.calls).containsExactly(1, 2);
    assertThat(provider.bought).isOne();
  }

  @Test
  void takesAServerThatAppearsAfterEveryGracePeriod() {
    provider.isListed = false;
    provider.faults.add(Fault.ANSWER_LOST);
    begin();
    untilIncident(Cause.PURCHASE_UNCLEAR);

    provider.isListed = true;

    untilProved();
    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.bought).isOne();
    assertThat(looks()).as("looking is one activity a grace period").isLessThanOrEqualTo(2);
  }

  /// Looking would take an hour: whoever knows better is heard at once.
  @Test
  void stopsLookingWhenStaffSayThatNothingWasBought() {
    provider.longGrace = Duration.ofHours(1);
    provider.faults.add(Fault.NEVER_HEARD);
    begin();
    untilLookedFor();

    server().update("confirmNotBought", Object.class, new ConfirmNotBought("ada", 1));

    untilProved();
    assertThat(provider.calls).containsExactly(1, 2);
    assertThat(provider.bought).isOne();
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void stopsLookingWhenStaffNameTheServer() {
    provider.isListed = false;
    provider.longGrace = Duration.ofHours(1);
    provider.faults.add(Fault.ANSWER_LOST);
    begin();
    untilLookedFor();

    server().update("adopt", Object.class, new AdoptServer(new ProviderServerId("700100"), "ada"));

    untilProved();
    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.found).contains(new ProviderServerId("700100"));
  }

  @Test
  void saysToStaffThatTheProviderCouldNotBeAsked() {
    provider.isListed = false;
    provider.isAway = true;
    provider.faults.add(Fault.ANSWER_LOST);
    begin(IMPATIENT);
    untilIncident(Cause.PURCHASE_UNCLEAR);
    var adopted = new AdoptServer(new ProviderServerId("700100"), "ada");

    assertThatThrownBy(() -> server().update("adopt", Object.class, adopted))
        .hasStackTraceContaining("no answer");
    assertThat(provider.found).isEmpty();

    provider.isAway = false;
    server().update("adopt", Object.class, adopted);
    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void takesNobodysWordWhileItBuys() {
    provider.answers.drainPermits();
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls.size() == 1);

    assertThatThrownBy(
            () -> server().update("confirmNotBought", Object.class, new ConfirmNotBought("ada", 1)))
        .hasStackTraceContaining("is being bought at this moment");

    provider.answers.release();
    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void buysNothingWhenStaffNamedTheServerWhileTheLabelWasLookedUp() {
    var named = new ProviderServerId("700300");
    beginAndStopAtTheFirstLook();

    server().update("adopt", Object.class, new AdoptServer(named, "ada"));
    provider.looks.release(1_000);

    untilProved();
    assertThat(provider.calls).isEmpty();
    assertThat(provider.found).contains(named);
    assertThat(provider.active).containsOnly(named);
  }

  /// Staff's word comes first: what was listed meanwhile is told to them, not used.
  @Test
  void usesTheServerThatStaffNamedWhileAnotherWasListed() {
    var named = new ProviderServerId("700300");
    provider.bought = 1;
    beginAndStopAtTheFirstLook();

    server().update("adopt", Object.class, new AdoptServer(named, "ada"));
    provider.looks.release(1_000);

    untilProved();
    assertThat(provider.calls).isEmpty();
    assertThat(provider.active).containsOnly(named);
    assertThat(world.incidents).containsExactly(Cause.PURCHASE_DOUBLED);
  }

  @Test
  void buysNothingWhenTheOrderWasCancelledWhileTheLabelWasLookedUp() {
    beginAndStopAtTheFirstLook();

    cancel();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.isLeaving);
    provider.looks.release(1_000);

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.calls).isEmpty();
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void buysNothingWhenPurchasesWereStoppedWhileTheLabelWasLookedUp() {
    beginAndStopAtTheFirstLook();

    provider.against = Optional.of(Cause.PURCHASES_STOPPED);
    provider.looks.release(1_000);
    untilIncident(Cause.PURCHASES_STOPPED);
    assertThat(provider.calls).isEmpty();

    provider.against = Optional.empty();
    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  private void beginAndStopAtTheFirstLook() {
    provider.looks.drainPermits();
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.looks.hasQueuedThreads());
  }

  private void untilLookedFor() {
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls.size() == 1 && looks() > 0);
  }

  private long looks() {
    return temporal
        .getWorkflowClient()
        .fetchHistory(WorkflowIds.of(world.server))
        .getEvents()
        .stream()
        .filter(event ->
            event
                .getActivityTaskScheduledEventAttributes()
                .getActivityType()
                .getName()
                .equals("Order.AwaitListed"))
        .count();
  }

  @Test
  void takesTheServerAMemberOfStaffNames() {
    provider.isListed = false;
    provider.faults.add(Fault.ANSWER_LOST);
    begin();
    untilIncident(Cause.PURCHASE_UNCLEAR);

    server().update("adopt", Object.class, new AdoptServer(new ProviderServerId("700100"), "ada"));

    untilProved();
    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.found).contains(new ProviderServerId("700100"));
  }

  @Test
  void takesTheOlderOfTwoAndTellsStaff() {
    provider.faults.add(Fault.TWICE);
    begin();

    untilProved();

    assertThat(provider.found).contains(new ProviderServerId("700100"));
    assertThat(world.incidents).containsExactly(Cause.PURCHASE_DOUBLED);
  }

  @Test
  void buysNothingWhileSomethingIsAgainstIt() {
    provider.against = Optional.of(Cause.PRICE_ABOVE_BUDGET);
    begin();
    untilIncident(Cause.PRICE_ABOVE_BUDGET);
    assertThat(provider.calls).isEmpty();

    provider.against = Optional.empty();

    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void doesNotUseAnAddressThatIsListedUntilItIsNot() {
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    begin();
    untilIncident(Cause.ADDRESS_LISTED);
    assertThat(provider.isAccepted).isFalse();

    provider.listings = List.of();

    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void getsAnotherAddressForOneThatIsListed() {
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    provider.isChangeAffordable = true;
    begin();

    untilProved();

    assertThat(provider.addressCalls).containsExactly(1);
    assertThat(provider.calls).containsExactly(1);
    assertThat(world.incidents).isEmpty();
  }

  /// As long as it asks for: nobody is told, and nothing is replaced meanwhile.
  @Test
  void changesTheAddressAfterTheSellerAskedToWait() {
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    provider.isChangeAffordable = true;
    provider.isReplacementAffordable = true;
    provider.addressRefusals.add(new AddressChange.Later(Duration.ofSeconds(2), "too many"));
    var begun = Instant.now();
    begin();

    untilProved();

    assertThat(provider.addressCalls).containsExactly(1, 2);
    assertThat(Duration.between(begun, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
    assertThat(provider.calls).containsExactly(1);
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void changesTheAddressAfterAReadableNo() {
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    provider.isChangeAffordable = true;
    provider.addressRefusals.add(new AddressChange.NotMade("none left"));
    begin();

    untilProved();

    assertThat(provider.addressCalls).containsExactly(1, 2);
    assertThat(provider.calls).containsExactly(1);
    assertThat(world.incidents).containsExactly(Cause.ADDRESS_LISTED);
  }

  @Test
  void changesTheAddressOnceThoughTheSuccessWasNone() {
    provider.listings = List.of(new Listing("zen.spamhaus.org", true, "spam source"));
    provider.isChangeAffordable = true;
    provider.isChangeReal = false;
    begin();
    untilIncident(Cause.ADDRESS_LISTED);

    provider.address = InMemoryProvider.OTHER; // it comes late
    provider.listings = List.of();

    untilProved();
    assertThat(provider.addressCalls).containsExactly(1);
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void replacesAServerThatMayNotSendMailAndSwitchesTheFirstOff() {
    provider.isPortBlocked = true;
    provider.isReplacementAffordable = true;
    begin();

    untilProved();

    assertThat(provider.bought).isEqualTo(2);
    assertThat(provider.found).contains(new ProviderServerId("700101"));
    assertThat(provider.switchedOff).containsExactly(new ProviderServerId("700100"));
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void buysNoOtherServerBeforeTheReplacedOneIsOff() {
    provider.isPortBlocked = true;
    provider.isReplacementAffordable = true;
    provider.isPowerStuck = true;
    begin();
    untilIncident(Cause.PROVIDER_UNREACHABLE);
    assertThat(provider.bought).isOne();

    provider.isPowerStuck = false;

    untilProved();
    assertThat(provider.switchedOff).containsExactly(new ProviderServerId("700100"));
    assertThat(provider.bought).isEqualTo(2);
  }

  @Test
  void switchesTheReplacedServerOffBeforeACancelEnds() {
    provider.isPortBlocked = true;
    provider.isReplacementAffordable = true;
    provider.isPowerStuck = true;
    begin();
    untilIncident(Cause.PROVIDER_UNREACHABLE);

    cancel();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.isLeaving);
    provider.isPowerStuck = false;

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.switchedOff).containsExactly(new ProviderServerId("700100"));
    assertThat(provider.bought).isOne();
  }

  @Test
  void tellsStaffWhenTheServerMayNotSendMailAndNothingIsAffordable() {
    provider.isPortBlocked = true;
    begin();
    untilIncident(Cause.PORT_25_BLOCKED);
    assertThat(provider.isAccepted).isFalse();

    provider.isPortBlocked = false;

    untilProved();
    assertThat(provider.calls).containsExactly(1);
    assertThat(provider.addressCalls).isEmpty();
  }

  @Test
  void tellsStaffOfAServerThatIsNotBuiltAndLooksOn() {
    provider.isNeverBuilt = true;
    begin();
    untilIncident(Cause.PROVIDER_SERVER_FAILED);
    assertThat(world.incidents).containsOnly(Cause.PROVIDER_SERVER_FAILED);

    provider.isNeverBuilt = false;

    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  /// As after a change of address, when it takes ten minutes, or for ever.
  @Test
  void tellsStaffOfAServerThatStaysSilentAndTriesOn() {
    provider.isSilent = true;
    begin();
    untilIncident(Cause.PROVIDER_SERVER_FAILED);
    assertThat(world.incidents).containsOnly(Cause.PROVIDER_SERVER_FAILED);

    provider.isSilent = false;

    untilProved();
    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void troublesNobodyWithAServerThatIsSilentForAShortWhile() {
    provider.builtWithin = Duration.ofMinutes(1);
    provider.isSilent = true;
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.silences.get() > 1);

    provider.isSilent = false;

    untilProved();
    assertThat(world.incidents).isEmpty();
  }

  @Test
  void takesUpWhatARunBeforeItBought() {
    provider.isReserved = true;
    provider.buy(new BuyServer(tenant, world.server, provider.facts().order(), setup, 1));
    begin();

    untilProved();

    assertThat(provider.calls).containsExactly(1);
  }

  @Test
  void parksABoughtServerInsteadOfDestroyingIt() {
    world.faults.put("Server.Contact", Cause.HOST_UNREACHABLE);
    begin();
    untilIncident(Cause.HOST_UNREACHABLE);

    cancel();

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.isParked).isTrue();
    assertThat(world.incidents).contains(Cause.SERVER_PARKED);
  }

  @Test
  void cancelsWithoutACostWhileNothingIsBought() {
    provider.against = Optional.of(Cause.PURCHASES_STOPPED);
    begin();
    untilIncident(Cause.PURCHASES_STOPPED);

    cancel();

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.calls).isEmpty();
    assertThat(world.incidents).doesNotContain(Cause.SERVER_PARKED);
  }

  /// A seller may have said no and sold all the same.
  @Test
  void looksForAnOrphanBeforeItCancels() {
    provider.faults.addAll(Collections.nCopies(100, Fault.REFUSED));
    begin();
    untilIncident(Cause.PROVIDER_REFUSED);

    provider.bought = 1;
    cancel();

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.found).contains(new ProviderServerId("700100"));
    assertThat(world.incidents).contains(Cause.SERVER_PARKED);
  }

  /// A cancel while nobody knows what was bought must find out first.
  @Test
  void findsOutWhatWasBoughtBeforeItCancels() {
    provider.isListed = false;
    provider.longGrace = Duration.ofHours(1);
    provider.faults.add(Fault.ANSWER_LOST);
    begin();
    await().atMost(Duration.ofSeconds(20)).until(() -> provider.calls.size() == 1);

    cancel();
    provider.isListed = true;

    await().atMost(Duration.ofSeconds(30)).until(() -> world.stage == Stage.CANCELLED);
    assertThat(provider.isParked).isTrue();
    assertThat(provider.calls).containsExactly(1);
    assertThat(world.incidents).contains(Cause.SERVER_PARKED);
  }

  private void begin() {
    begin(PACE);
  }

  private void begin(Pace pace) {
    var stub =
        temporal
            .getWorkflowClient()
            .newWorkflowStub(
                SetupWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setTaskQueue(TaskQueues.DECISIONS)
                    .setWorkflowId(WorkflowIds.of(setup))
                    .build());
    WorkflowClient.start(
        stub::run,
        new BeginSetup(
            tenant, setup, new DomainName("acme-outreach.test"), pace, Optional.empty()));
  }

  private WorkflowStub server() {
    return temporal.getWorkflowClient().newUntypedWorkflowStub(WorkflowIds.of(world.server));
  }

  private void cancel() {
    temporal
        .getWorkflowClient()
        .newUntypedWorkflowStub(WorkflowIds.of(setup))
        .update("cancel", Object.class);
  }

  private void untilProved() {
    temporal
        .getWorkflowClient()
        .newUntypedWorkflowStub(WorkflowIds.of(setup))
        .getResult(Void.class);
    assertThat(world.stage).isEqualTo(Stage.PROVED);
    assertThat(provider.isAccepted).isTrue();
  }

  private void untilIncident(Cause cause) {
    await().atMost(Duration.ofSeconds(20)).until(() -> world.incidents.contains(cause));
  }
}
