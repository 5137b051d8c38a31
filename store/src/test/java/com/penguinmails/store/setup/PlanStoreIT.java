package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.Plan.Source;
import com.penguinmails.store.setup.Plan.State;
import com.penguinmails.store.setup.PlanStore.NewPlan;
import com.penguinmails.store.setup.PlanStore.Requested;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundPlan;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Plans: made once, written by their rehearsal alone, used once, and forgotten in time.
class PlanStoreIT {
  private PostgresForTests postgres;
  private Tenancy tenancy;
  private PlanStore plans;
  private NewTenant tenant;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = new Tenancy(postgres.app());
    plans = new PlanStore(tenancy);
    tenant = new TenantStore(tenancy).create("Acme");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void theSameRequestTwiceIsOnePlanAndAnotherOneAConflict() {
    var wanted = Samples.newPlan("key", "acme.test");

    var first = in(() -> plans.request(wanted));
    var again = in(() -> plans.request(Samples.newPlan("key", "acme.test")));
    var other = in(() -> plans.request(Samples.newPlan("key", "other.test")));

    assertThat(first).isInstanceOf(Requested.Created.class);
    assertThat(again)
        .isInstanceOfSatisfying(
            Requested.Same.class, same -> assertThat(same.plan().id()).isEqualTo(wanted.id()));
    assertThat(other).isInstanceOf(Requested.KeyConflict.class);
    assertThat(in(() -> plans.get(wanted.id())).wish()).isEqualTo(wanted.wish());
  }

  @Test
  void keepsAnOwnServerAsItWasGiven() {
    var bought = Samples.newPlan("key", "acme.test");
    var wish = bought.wish();
    var own =
        new Source.Own(
            new IpAddress("192.0.2.10"), 2222, "admin", Optional.of(new SecretRef("plan/x/l", 1)));
    var wanted =
        new NewPlan(
            bought.id(),
            "key",
            "hash",
            new Plan.Wish(
                wish.request(),
                wish.names(),
                wish.domain(),
                wish.zone(),
                wish.zoneProvider(),
                wish.zoneSettings(),
                Optional.of(new SecretRef("plan/x/z", 1)),
                true,
                "token",
                wish.mailbox(),
                own));

    in(() -> plans.request(wanted));

    assertThat(in(() -> plans.get(wanted.id())).wish()).isEqualTo(wanted.wish());
    assertThat(wanted.wish().secrets()).hasSize(3);
  }

  @Test
  void theProofOfOneDayIsOneForAllPlans() {
    var plan = made("key");

    assertThat(in(() -> plans.ownershipToken(new DomainName("acme.test")))).contains("token");
    assertThat(in(() -> plans.ownershipToken(new DomainName("other.test")))).isEmpty();

    JdbcClient.create(postgres.owner())
        .sql("UPDATE plan SET created_at = now() - interval '25 hours' WHERE id = ?")
        .param(plan.value())
        .update();
    assertThat(in(() -> plans.ownershipToken(new DomainName("acme.test")))).isEmpty();
  }

  @Test
  void fewRehearsalsOfOneTenantAtOnce() {
    for (int number = 0; number < 5; number++) {
      var _ = made("key-" + number);
    }

    var sixth = in(() -> plans.request(Samples.newPlan("key-5", "acme.test")));

    assertThat(sixth).isInstanceOf(Requested.TooMany.class);
  }

  @Test
  void aLineSaidTwiceIsOneAndNoneIsAddedAfterTheEnd() {
    var plan = made("key");

    in(() -> note(plan, "server/reserve", "once"));
    in(() -> note(plan, "server/buy", "one"));
    in(() -> note(plan, "server/reserve", "twice"));
    in(() -> finish(plan, State.READY));
    in(() -> note(plan, "server/late", "too late"));
    in(() -> note(plan, "server/buy", "two"));
    in(() -> finish(plan, State.STOPPED));

    assertThat(in(() -> plans.lines(plan)))
        .extracting(Line::name, Line::said)
        .containsExactly(tuple("server/reserve", "twice"), tuple("server/buy", "one"));
    assertThat(in(() -> plans.get(plan)).state()).isEqualTo(State.READY);
  }

  @Test
  void aPriceIsThatOfTheList() {
    var plan = made("key");

    in(() -> price(plan, new Money(999, "USD")));
    in(() -> price(plan, new Money(1, "EUR")));

    var read = in(() -> plans.get(plan));
    assertThat(read.price()).contains(new Money(999, "USD"));
    assertThat(read.priceReadAt()).isPresent();
  }

  @Test
  void isUsedOnce() {
    var plan = made("key");
    var first = setup("a", "a.test", "192.0.2.1");
    var second = setup("b", "b.test", "192.0.2.2");

    assertThat(in(() -> plans.recordUsed(plan, first.id()))).as("not ready").isFalse();
    in(() -> finish(plan, State.READY));

    assertThat(in(() -> plans.recordUsed(plan, first.id()))).isTrue();
    assertThat(in(() -> plans.recordUsed(plan, first.id()))).as("twice").isTrue();
    assertThat(in(() -> plans.recordUsed(plan, second.id()))).isFalse();
    in(() -> forget(plan));
    var used = in(() -> plans.get(plan));
    assertThat(used.setup()).contains(first.id());
    assertThat(used.state()).isEqualTo(State.USED);
    assertThat(used.wish().secrets()).isEmpty();
  }

  @Test
  void theSweepFindsWhatIsTooOldUntilItIsForgotten() {
    var old = made("old");
    var _ = made("new");
    JdbcClient.create(postgres.owner())
        .sql("UPDATE plan SET created_at = now() - interval '25 hours' WHERE id = :id")
        .param("id", old.value())
        .update();
    var sweep = new SweepStore(postgres.sweep());

    assertThat(in(() -> plans.get(old)).stateAt(Instant.now())).isEqualTo(State.STOPPED);
    assertThat(sweep.plansToForget(Plan.VALID, 10))
        .containsExactly(new FoundPlan(tenant.id(), old));
    in(() -> forget(old));

    assertThat(sweep.plansToForget(Plan.VALID, 10)).isEmpty();
    assertThat(in(() -> plans.get(old)).state()).isEqualTo(State.ENDED);
  }

  /// Whoever went ahead died before they were forgotten.
  @Test
  void theSweepFindsWhatIsUsedAndStillKeepsSecrets() {
    var plan = made("key");
    in(() -> finish(plan, State.READY));
    var sweep = new SweepStore(postgres.sweep());
    assertThat(sweep.plansToForget(Plan.VALID, 10)).as("may still be used").isEmpty();

    in(() -> plans.recordUsed(plan, setup("a", "a.test", "192.0.2.1").id()));

    assertThat(sweep.plansToForget(Plan.VALID, 10))
        .containsExactly(new FoundPlan(tenant.id(), plan));
    in(() -> forget(plan));
    assertThat(sweep.plansToForget(Plan.VALID, 10)).isEmpty();
    assertThat(in(() -> plans.get(plan)).state()).isEqualTo(State.USED);
  }

  @Test
  void tellsHowLongFinishedSetUpsOfTheKindTook() {
    var plan = made("key");
    assertThat(in(() -> plans.usual(plans.get(plan).wish())).runs()).isZero();

    for (int number = 1; number <= 3; number++) {
      finished("key-" + number, number + ".test", number * 100);
    }
    var own = in(() -> setups().facts(setup("o", "o.test", "192.0.2.9").id()));

    var usual =
        in(() -> {
          var wish = plans.get(plan).wish();
          return plans.usual(
              new Plan.Wish(
                  wish.request(),
                  wish.names(),
                  wish.domain(),
                  wish.zone(),
                  own.domain().zoneProvider(),
                  wish.zoneSettings(),
                  wish.zoneSecret(),
                  false,
                  "token",
                  wish.mailbox(),
                  new Source.Own(new IpAddress("192.0.2.8"), 22, "root", Optional.empty())));
        });
    assertThat(usual).isEqualTo(new Plan.Usual(3, Duration.ofSeconds(200)));
  }

  private void finished(String key, String domain, int seconds) {
    var setup = setup(key, domain, "192.0.2." + (100 + seconds / 100));
    JdbcClient.create(postgres.owner())
        .sql(
            """
            INSERT INTO progress (tenant_id, setup_id, entity_kind, entity_id, step, title, state,
              started_at, since, created, sequence)
            VALUES (:tenant, :setup, 'SETUP', :setup, 'a', 'a', 'DONE', now(), now(), 1, 1),
              (:tenant, :setup, 'SETUP', :setup, 'b', 'b', 'DONE', now(),
               now() + make_interval(secs => :seconds), 2, 2)
            """)
        .param("tenant", tenant.id().value())
        .param("setup", setup.id().value())
        .param("seconds", seconds)
        .update();
    JdbcClient.create(postgres.owner())
        .sql("UPDATE setup SET state = 'DONE', finished_at = now() WHERE id = :setup")
        .param("setup", setup.id().value())
        .update();
  }

  private SetupStore setups() {
    return new SetupStore(tenancy);
  }

  private NewSetup setup(String key, String domain, String address) {
    var wanted = Samples.newSetup(tenant.workspace(), key, domain, address);
    in(() -> setups().request(wanted));
    return wanted;
  }

  private PlanId made(String key) {
    var wanted = Samples.newPlan(key, "acme.test");
    assertThat(in(() -> plans.request(wanted))).isInstanceOf(Requested.Created.class);
    return wanted.id();
  }

  private boolean note(PlanId plan, String step, String said) {
    plans.note(plan, new Line(Line.Kind.STEP, step, "title", said, false));
    return true;
  }

  private boolean price(PlanId plan, Money price) {
    plans.recordPrice(plan, price);
    return true;
  }

  private boolean finish(PlanId plan, State state) {
    plans.finish(plan, state);
    return true;
  }

  private boolean forget(PlanId plan) {
    plans.forget(plan);
    return true;
  }

  private <T> T in(Supplier<T> work) {
    return tenancy.as(tenant.id(), work);
  }
}
