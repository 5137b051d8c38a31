package com.penguinmails.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.OrderStore.Reservation;
import com.penguinmails.store.server.PaidCall.Kind;
import com.penguinmails.store.server.PaidCall.Outcome;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Orders and the ledger: nothing is paid twice, and no cap is passed, whoever does it at once.
class OrderStoreIT {
  private static final Money PRICE = new Money(999, "USD");
  private static final Money BUDGET = new Money(1_200, "USD");
  private static final Money CHANGE = new Money(300, "USD");
  private static final IpAddress BAD = new IpAddress("192.0.2.66");

  private PostgresForTests postgres;
  private Tenancy tenancy;
  private OrderStore orders;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = new Tenancy(postgres.app());
    orders = new OrderStore(tenancy);
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    workspace = made.workspace();
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  private OrderId anOrder(TenantId owner) {
    return anOrder(owner, Optional.empty());
  }

  private OrderId anOrder(TenantId owner, Optional<Money> agreedPrice) {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    tenancy.run(
        owner,
        () -> {
          var _ =
              new ServerStore(tenancy)
                  .insertOrdered(
                      new NewServer(
                          server,
                          "hostwinds",
                          Stack.DEBIAN,
                          22,
                          new DomainName("mail.acme.test"),
                          "root",
                          Optional.empty()));
          orders.insert(
              new NewOrder(
                  order, server, OrderLabel.of("t3st01", order), "101", "1", BUDGET, agreedPrice));
        });
    return order;
  }

  private Reservation reserve(TenantId owner, OrderId order, Money price) {
    return tenancy.as(owner, () -> orders.reserve(order, price));
  }

  private void limit(long tenantCents, long installationCents) {
    JdbcClient.create(postgres.superuser())
        .sql("UPDATE purchase_limit SET tenant_monthly_cents = ?, installation_monthly_cents = ?")
        .params(tenantCents, installationCents)
        .update();
  }

  @Test
  void setsTheMoneyAsideOnceAtThePriceOfThen() {
    var order = anOrder(tenant);

    assertThat(reserve(tenant, order, PRICE)).isEqualTo(new Reservation.Reserved(PRICE));
    assertThat(reserve(tenant, order, new Money(5_000, "USD")))
        .as("a price that rose later")
        .isEqualTo(new Reservation.Reserved(PRICE));
  }

  @Test
  void asksAgainWhenThePriceIsAboveTheBudget() {
    var order = anOrder(tenant);
    var more = new Money(1_201, "USD");

    assertThat(reserve(tenant, order, more))
        .isEqualTo(new Reservation.AboveBudget(more, BUDGET, false));
    assertThat(tenancy.as(tenant, () -> orders.correctBudget(order, more))).isTrue();
    assertThat(reserve(tenant, order, more)).isEqualTo(new Reservation.Reserved(more));
    assertThat(tenancy.as(tenant, () -> orders.correctBudget(order, BUDGET)))
        .as("lower than what is set aside")
        .isFalse();
  }

  @Test
  void asksAgainWhenThePriceIsAboveTheOneAgreedTo() {
    var order = anOrder(tenant, Optional.of(PRICE));
    var more = new Money(1_000, "USD");

    assertThat(reserve(tenant, order, more))
        .isEqualTo(new Reservation.AboveBudget(more, PRICE, true));
    assertThat(tenancy.as(tenant, () -> orders.correctBudget(order, BUDGET))).isTrue();
    assertThat(reserve(tenant, order, more)).isEqualTo(new Reservation.Reserved(more));
  }

  /// The budget is for more than the purchase: another address, another server.
  @Test
  void thePriceAgreedToIsThatOfTheFirstPurchase() {
    var order = anOrder(tenant, Optional.of(PRICE));

    assertThat(reserve(tenant, order, PRICE)).isEqualTo(new Reservation.Reserved(PRICE));
    assertThat(tenancy.as(tenant, () -> orders.get(order)).budget()).isEqualTo(BUDGET);
    found(order, new ProviderServerId("700100"));
    replace(order, aSetup());

    var fresh = tenancy.as(tenant, () -> orders.openOf(orders.get(order).server())).orElseThrow();
    assertThat(fresh.agreedPrice()).isEmpty();
    assertThat(fresh.budget()).isEqualTo(BUDGET);
  }

  @Test
  void aBudgetMayBeRaisedUntilTheServerIsTakenOver() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));
    var higher = new Money(1_500, "USD");

    assertThat(correct(order, higher)).isTrue();
    assertThat(correct(order, higher)).as("again").isTrue();
    assertThat(correct(order, BUDGET)).as("lower").isFalse();
    assertThat(tenancy.as(tenant, () -> orders.get(order)).budget()).isEqualTo(higher);

    tenancy.run(
        tenant,
        () -> orders.accept(order, new IpAddress("192.0.2.40"), new SecretRef("server/x/l", 1)));
    assertThat(correct(order, new Money(2_000, "USD"))).as("too late").isFalse();
  }

  private boolean correct(OrderId order, Money budget) {
    return tenancy.as(tenant, () -> orders.correctBudget(order, budget));
  }

  @Test
  void stopsAllPurchases() {
    JdbcClient.create(postgres.superuser())
        .sql("UPDATE purchase_limit SET stopped_reason = 'the card is blocked'")
        .update();

    assertThat(reserve(tenant, anOrder(tenant), PRICE))
        .isEqualTo(new Reservation.Stopped("the card is blocked"));
  }

  @Test
  void keepsToTheTenantsCapAndTheInstallations() {
    var other = new TenantStore(tenancy).create("Rival").id();
    limit(1_998, 2_997);

    assertThat(reserve(tenant, anOrder(tenant), PRICE)).isInstanceOf(Reservation.Reserved.class);
    assertThat(reserve(tenant, anOrder(tenant), PRICE)).isInstanceOf(Reservation.Reserved.class);
    assertThat(reserve(tenant, anOrder(tenant), PRICE))
        .isEqualTo(new Reservation.CapReached(new Money(1_998, "USD"), true));
    assertThat(reserve(other, anOrder(other), PRICE)).isInstanceOf(Reservation.Reserved.class);
    assertThat(reserve(other, anOrder(other), PRICE))
        .isEqualTo(new Reservation.CapReached(new Money(2_997, "USD"), false));
  }

  @Test
  void countsWhatIsParkedAndNotWhatIsClosed() {
    limit(999, 99_999);
    var first = anOrder(tenant);
    reserve(tenant, first, PRICE);
    tenancy.run(tenant, () -> orders.park(first));

    var second = anOrder(tenant);
    assertThat(reserve(tenant, second, PRICE)).isInstanceOf(Reservation.CapReached.class);
    tenancy.run(tenant, () -> orders.close(first));
    assertThat(reserve(tenant, second, PRICE)).isInstanceOf(Reservation.Reserved.class);
  }

  @Test
  void neverPassesACapWhenManyReserveAtOnce() throws Exception {
    limit(5 * PRICE.cents(), 99_999);
    var all = IntStream.range(0, 12).mapToObj(_ -> anOrder(tenant)).toList();

    List<Callable<Reservation>> work =
        all.stream()
            .map(order -> (Callable<Reservation>) () -> reserve(tenant, order, PRICE))
            .toList();
    try (var threads = Executors.newFixedThreadPool(6)) {
      int reserved = 0;
      for (var done : threads.invokeAll(work)) {
        reserved += done.get() instanceof Reservation.Reserved ? 1 : 0;
      }
      assertThat(reserved).isEqualTo(5);
    }
  }

  @Test
  void letsOneCallerMakeATry() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);

    assertThat(claim(order, 1)).isEqualTo(new Claim.Claimed());
    assertThat(claim(order, 1))
        .as("a second attempt, or a run that was reset")
        .isEqualTo(new Claim.Begun());
    assertThat(claim(order, 2)).isEqualTo(new Claim.Claimed());
  }

  @Test
  void letsNobodyBuyWhatStaffHaveNamed() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    var named = new ProviderServerId("700100");
    found(order, named);

    assertThat(claim(order, 1)).isEqualTo(new Claim.Found(named));
    assertThat(ledger(order)).isEmpty();
    assertThat(claimChange(order))
        .as("what is there may be changed")
        .isEqualTo(new Claim.Claimed());
  }

  @Test
  void letsNobodyPayForAnOrderThatHasEnded() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    tenancy.run(tenant, () -> orders.close(order));
    var parked = anOrder(tenant);
    tenancy.run(tenant, () -> orders.park(parked));

    assertThat(claim(order, 1)).isEqualTo(new Claim.Ended());
    assertThat(claimChange(parked)).isEqualTo(new Claim.Ended());
    assertThat(ledger(order)).isEmpty();
    assertThat(ledger(parked)).isEmpty();
  }

  @Test
  void letsNobodyPayForAServerThatIsWantedAway() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    superuser("UPDATE server SET retire_wanted_at = now()");

    assertThat(claim(order, 1)).isEqualTo(new Claim.Leaving());
    assertThat(ledger(order)).isEmpty();
  }

  @Test
  void letsNobodyPayWhilePurchasesAreStopped() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    superuser("UPDATE purchase_limit SET stopped_reason = 'the card is blocked'");

    assertThat(claim(order, 1)).isEqualTo(new Claim.Stopped("the card is blocked"));
    assertThat(ledger(order)).isEmpty();

    superuser("UPDATE purchase_limit SET stopped_reason = NULL");
    assertThat(claim(order, 1)).isEqualTo(new Claim.Claimed());
  }

  /// Nobody may say "stopped, so nothing was bought" of a try that was made before the stop.
  @Test
  void saysOfABegunTryThatItWasBegunWhateverIsAgainstAnother() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    claim(order, 1);
    superuser("UPDATE purchase_limit SET stopped_reason = 'the card is blocked'");
    superuser("UPDATE server SET retire_wanted_at = now()");

    assertThat(claim(order, 1)).isEqualTo(new Claim.Begun());
  }

  /// Staff's word that is not committed yet is waited for, and counts.
  @Test
  void waitsForStaffsWordThatComesAtTheSameMoment() throws Exception {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    var named = new ProviderServerId("700100");
    var isWritten = new CountDownLatch(1);

    try (var threads = Executors.newFixedThreadPool(2)) {
      var staff =
          threads.submit(() ->
              tenancy.as(
                  tenant,
                  () -> {
                    var counts = orders.recordFound(order, named, Optional.empty());
                    isWritten.countDown();
                    untilSomebodyWaits();
                    return counts;
                  }));
      isWritten.await();
      var claimed = threads.submit(() -> claim(order, 1));

      assertThat(staff.get()).isEqualTo(named);
      assertThat(claimed.get()).isEqualTo(new Claim.Found(named));
    }
    assertThat(ledger(order)).isEmpty();
  }

  private void untilSomebodyWaits() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() ->
            JdbcClient.create(postgres.superuser())
                    .sql("SELECT count(*) FROM pg_locks WHERE NOT granted")
                    .query(Long.class)
                    .single()
                > 0);
  }

  private void superuser(String sql) {
    JdbcClient.create(postgres.superuser()).sql(sql).update();
  }

  private List<PaidCall> ledger(OrderId order) {
    return tenancy.as(tenant, () -> orders.paidCalls(order));
  }

  private Claim claimChange(OrderId order) {
    return tenancy.as(tenant, () -> orders.claimAddressChange(order, 1, CHANGE, BAD));
  }

  @Test
  void keepsWhatTheAddressWasBeforeItsChange() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));

    assertThat(claimChange(order)).isEqualTo(new Claim.Claimed());
    assertThat(claimChange(order)).as("a run that was reset").isEqualTo(new Claim.Begun());

    assertThat(ledger(order)).extracting(PaidCall::from).containsExactly(Optional.of(BAD));
    assertThat(tenancy.as(tenant, () -> orders.spentOn(order))).isEqualTo(PRICE.plus(CHANGE));
  }

  @Test
  void replacesAnOrderOnceAndCountsBoth() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));

    var setup = aSetup();
    assertThat(replace(order, setup)).isTrue();
    assertThat(replace(order, setup)).as("again").isFalse();

    var server = tenancy.as(tenant, () -> orders.get(order).server());
    assertThat(tenancy.as(tenant, () -> orders.allOf(server))).hasSize(2);
    var fresh = tenancy.as(tenant, () -> orders.openOf(server)).orElseThrow().id();
    assertThat(fresh).isNotEqualTo(order);
    assertThat(reserve(tenant, fresh, PRICE))
        .as("the first one is still paid for")
        .isEqualTo(new Reservation.AboveBudget(PRICE.plus(PRICE), BUDGET, false));
    assertThat(tenancy.as(tenant, () -> orders.correctBudget(fresh, PRICE.plus(PRICE)))).isTrue();
    assertThat(reserve(tenant, fresh, PRICE)).isEqualTo(new Reservation.Reserved(PRICE));
  }

  /// Whoever dies right after it: a server that is replaced and runs on is known to staff.
  @Test
  void tellsStaffOfAReplacedServerUntilItIsOff() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));
    var setup = aSetup();

    replace(order, setup);

    assertThat(tenancy.as(tenant, () -> orders.get(order)).mayRunUnused()).isTrue();
    assertThat(told(setup))
        .isEqualTo(
            "Server 700100 was replaced and is not switched off yet; it costs 9.99 USD a month until"
                + " it is given up.");

    tenancy.run(tenant, () -> orders.recordSwitchedOff(order, setup, "is switched off"));
    tenancy.run(tenant, () -> orders.recordSwitchedOff(order, setup, "is something else"));

    assertThat(tenancy.as(tenant, () -> orders.get(order)).mayRunUnused()).isFalse();
    assertThat(told(setup)).startsWith("Server 700100 was replaced and is switched off;");
  }

  @Test
  void aParkedServerIsOff() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));

    tenancy.run(tenant, () -> orders.park(order));

    assertThat(tenancy.as(tenant, () -> orders.get(order)).mayRunUnused()).isFalse();
  }

  private String told(SetupId setup) {
    return tenancy.as(tenant, () -> new IncidentStore(tenancy).openOf(setup)).stream()
        .filter(incident -> incident.cause().equals("server-parked"))
        .map(incident -> incident.params().get("evidence"))
        .findFirst()
        .orElseThrow();
  }

  private boolean replace(OrderId order, SetupId setup) {
    return tenancy.as(tenant, () -> orders.replace(order, setup));
  }

  private SetupId aSetup() {
    var wanted = Samples.newSetup(workspace, "key", "acme.test", "192.0.2.10");
    tenancy.as(tenant, () -> new SetupStore(tenancy).request(wanted));
    return wanted.id();
  }

  private Claim claim(OrderId order, int attempt) {
    return tenancy.as(tenant, () -> orders.claimPurchase(order, attempt, PRICE));
  }

  @Test
  void settlesATryOnce() {
    var order = anOrder(tenant);
    claim(order, 1);

    settle(order, Outcome.REFUSED, "none left");
    settle(order, Outcome.DONE, "later");

    assertThat(tenancy.as(tenant, () -> orders.paidCalls(order)))
        .extracting(PaidCall::outcome, PaidCall::evidence)
        .containsExactly(tuple(Outcome.REFUSED, "none left"));
  }

  private void settle(OrderId order, Outcome outcome, String evidence) {
    tenancy.run(
        tenant, () -> orders.settle(order, Kind.PURCHASE, 1, outcome, evidence, Optional.empty()));
  }

  @Test
  void becomesTheServerThatWasFoundFirst() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    claim(order, 1);
    var first = new ProviderServerId("700100");

    assertThat(found(order, first)).isEqualTo(first);
    assertThat(found(order, new ProviderServerId("700101"))).isEqualTo(first);

    assertThat(tenancy.as(tenant, () -> orders.paidCalls(order)))
        .extracting(PaidCall::outcome)
        .containsExactly(Outcome.DONE);
  }

  private ProviderServerId found(OrderId order, ProviderServerId server) {
    return tenancy.as(tenant, () -> orders.recordFound(order, server, Optional.empty()));
  }

  @Test
  void givesTheServerItsAddressAndFirstLogin() {
    var order = anOrder(tenant);
    reserve(tenant, order, PRICE);
    found(order, new ProviderServerId("700100"));
    var login = new SecretRef("server/x/first-login", 1);

    tenancy.run(tenant, () -> orders.accept(order, new IpAddress("192.0.2.40"), login));

    var server = tenancy.as(tenant, () -> new ServerStore(tenancy).get(orders.get(order).server()));
    assertThat(server.address()).isEqualTo(new IpAddress("192.0.2.40"));
    assertThat(server.firstLogin()).contains(login);
  }
}
