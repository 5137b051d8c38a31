package com.penguinmails.store.staff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.incident.IncidentStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.staff.StaffStore.OrderStands;
import com.penguinmails.store.staff.StaffStore.Purchases;
import com.penguinmails.store.staff.StaffStore.Waiting;
import com.penguinmails.store.staff.StaffStore.Word;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IncidentId;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Staff see what waits for them whosever it is, and what they say is done, once, and written down.
class StaffStoreIT {
  private static final Money BUDGET = new Money(3_000, "USD"); // a parked server counts
  private static final Word DONE = new Word("ada", "cancelled at the seller");

  private PostgresForTests postgres;
  private Tenancy tenancy;
  private IncidentStore incidents;
  private OrderStore orders;
  private StaffStore staff;
  private NewTenant acme;
  private NewTenant other;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    incidents = new IncidentStore(tenancy);
    orders = new OrderStore(tenancy);
    staff = new StaffStore(postgres.staff());
    acme = new TenantStore(tenancy).create("Acme");
    other = new TenantStore(tenancy).create("Other");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void theySeeWhatWaitsForThemOfEveryTenantAndNothingElse() {
    var first = open(acme, aServer(acme), Cause.PURCHASE_DOUBLED);
    open(acme, aServer(acme), Cause.HOST_LOGIN_REFUSED); // the tenant's to mend
    var second = open(other, aServer(other), Cause.PURCHASE_UNCLEAR);

    assertThat(staff.incidents()).extracting(Waiting::id).containsExactly(first, second);
    assertThat(staff.incidents().getFirst())
        .satisfies(waiting -> {
          assertThat(waiting.cause()).isEqualTo("purchase-doubled");
          assertThat(waiting.evidence()).isEqualTo("seen");
          assertThat(waiting.tenant()).contains(acme.id());
          assertThat(waiting.kind()).isEqualTo(EntityKind.SERVER);
        });
  }

  @Test
  void anIncidentIsClosedOnceAndItIsWrittenDownByWhom() {
    var incident = open(acme, aServer(acme), Cause.PURCHASE_DOUBLED);

    assertThat(staff.close(incident, DONE)).isTrue();
    assertThat(staff.close(incident, DONE)).as("again").isFalse();

    assertThat(staff.incidents()).isEmpty();
    assertThat(audit("incident.closed"))
        .containsExactly("staff:ada purchase-doubled cancelled at the seller");
  }

  @Test
  void whatWasParkedAndGivenUpIsCountedNoLonger() {
    var server = aServer(acme);
    var earlier = reserved(acme, server);
    tenancy.run(acme.id(), () -> orders.park(earlier));
    var later = reserved(acme, server);
    tenancy.run(acme.id(), () -> orders.park(later));
    open(acme, server, Cause.SERVER_PARKED);
    assertThat(committed()).isEqualTo(2 * 999);

    assertThat(staff.incidents().getFirst().orders())
        .containsExactly(label(earlier).value(), label(later).value());
    assertThat(staff.release(label(earlier), DONE)).isTrue();
    assertThat(committed()).isEqualTo(999);
    assertThat(staff.incidents()).as("the other is paid for still").hasSize(1);

    assertThat(staff.release(label(later), DONE)).isTrue();
    assertThat(staff.release(label(later), DONE)).as("again").isFalse();
    assertThat(committed()).isZero();
    assertThat(staff.incidents()).isEmpty();
    assertThat(audit("server.order_closed"))
        .containsExactly(
            "staff:ada null cancelled at the seller", "staff:ada null cancelled at the seller");
  }

  @Test
  void aServerInUseCannotBeReleased() {
    var order = reserved(acme, aServer(acme));

    assertThat(staff.release(label(order), DONE)).isFalse();

    assertThat(committed()).isEqualTo(999);
    assertThat(staff.stands(label(order))).contains(new OrderStands(false, false, 0));
    assertThat(staff.stands(OrderLabel.of("t3st01", new OrderId(new UUID(1, 1))))).isEmpty();
  }

  @Test
  void aServerWithMailboxesInUseCannotBeReleasedAndStaffLearnWhy() {
    var setup = Samples.newSetup(acme.workspace(), "key", "used.test", "192.0.2.10");
    tenancy.run(acme.id(), () -> new SetupStore(tenancy).request(setup));
    var order = reserved(acme, setup.domain().server());

    assertThat(staff.release(label(order), DONE)).isFalse();

    assertThat(staff.stands(label(order)))
        .contains(new OrderStands(false, false, setup.mailboxes().size()));
    assertThat(tenancy.reading(acme.id(), () -> orders.get(order)).closedAt()).isEmpty();
    assertThat(audit("server.order_closed")).isEmpty();
  }

  @Test
  void whatMayBeBoughtIsTheirsToSayAndEachChangeIsKept() {
    var ofTenant = new Money(5_000, "USD");
    var ofAll = new Money(90_000, "USD");

    staff.stopPurchases(new Word("ada", "looking"));
    staff.cap(Optional.of(ofTenant), Optional.empty(), "cleo");
    staff.cap(Optional.empty(), Optional.of(ofAll), "cleo");
    assertThat(staff.purchases())
        .as("a cap undoes no stop")
        .isEqualTo(new Purchases(Optional.of("looking"), ofTenant, ofAll));
    staff.allowPurchases("ben");

    assertThat(staff.purchases()).isEqualTo(new Purchases(Optional.empty(), ofTenant, ofAll));
    assertThat(
            JdbcClient.create(postgres.staff())
                .sql(
                    "SELECT person || ' ' || coalesce(stopped_reason, 'goes')"
                        + " FROM purchase_limit_change ORDER BY id")
                .query((row, number) -> row.getString(1))
                .list())
        .containsExactly("ada looking", "cleo looking", "cleo looking", "ben goes");
  }

  @Test
  void nobodyElseMaySaySo() {
    var app = new StaffStore(postgres.app());

    assertThatThrownBy(app::incidents).isInstanceOf(DataAccessException.class);
    assertThatThrownBy(() -> app.allowPurchases("ada")).isInstanceOf(DataAccessException.class);
    var incident = open(acme, aServer(acme), Cause.PURCHASE_DOUBLED);
    assertThatThrownBy(() -> app.close(incident, DONE)).isInstanceOf(DataAccessException.class);
    var label = label(reserved(acme, aServer(acme)));
    assertThatThrownBy(() -> app.release(label, DONE)).isInstanceOf(DataAccessException.class);
  }

  @Test
  void noIncidentThatEndsByItselfIsClosedAndNoWordIsEmpty() {
    var unclear = open(acme, aServer(acme), Cause.PURCHASE_UNCLEAR);
    var doubled = open(acme, aServer(acme), Cause.PURCHASE_DOUBLED);

    assertThat(staff.close(unclear, DONE)).isFalse();
    for (var empty : List.of(new Word(" ", "done"), new Word("ada", ""))) {
      assertThatThrownBy(() -> staff.close(doubled, empty)).isInstanceOf(DataAccessException.class);
    }

    assertThat(staff.incidents()).hasSize(2);
  }

  private ServerId aServer(NewTenant tenant) {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
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
                          new DomainName("mail.acme.test"),
                          "root",
                          Optional.empty()));
        });
    return server;
  }

  private OrderId reserved(NewTenant tenant, ServerId server) {
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    tenancy.run(
        tenant.id(),
        () -> {
          orders.insert(
              new NewOrder(order, server, label(order), "101", "1", BUDGET, Optional.empty()));
          orders.reserve(order, new Money(999, "USD"));
        });
    return order;
  }

  private static OrderLabel label(OrderId order) {
    return OrderLabel.of("t3st01", order);
  }

  private IncidentId open(NewTenant tenant, ServerId server, Cause cause) {
    var key = server.toString();
    var setup = Samples.newSetup(tenant.workspace(), key, "d" + key + ".test", "192.0.2.10");
    return tenancy.as(
        tenant.id(),
        () -> {
          new SetupStore(tenancy).request(setup);
          return incidents.open(
              NewIncident.of(
                  EntityKind.SERVER,
                  server.value(),
                  new SetupId(setup.id().value()),
                  cause,
                  "seen"));
        });
  }

  private long committed() {
    return JdbcClient.create(postgres.app())
        .sql("SELECT committed_monthly_cents()")
        .query(Long.class)
        .single();
  }

  private List<String> audit(String action) {
    return JdbcClient.create(postgres.owner())
        .sql(
            """
            SELECT actor || ' ' || coalesce(detail ->> 'cause', 'null') || ' ' || (detail ->> 'reason')
            FROM audit_event WHERE action = :action ORDER BY id
            """)
        .param("action", action)
        .query((row, number) -> row.getString(1))
        .list();
  }
}
