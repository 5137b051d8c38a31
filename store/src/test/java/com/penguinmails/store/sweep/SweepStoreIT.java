package com.penguinmails.store.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.server.OrderStore;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.sweep.FindingStore.NewFinding;
import com.penguinmails.store.sweep.FindingStore.SweptOrder;
import com.penguinmails.store.sweep.SweepStore.FoundDomain;
import com.penguinmails.store.sweep.SweepStore.FoundOrder;
import com.penguinmails.store.sweep.SweepStore.FoundServer;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A sweep finds the orders of all tenants by id alone, and reads them under their tenants.
class SweepStoreIT {
  private static final Money PRICE = new Money(999, "USD");
  private static final Instant FIRST = Instant.parse("2026-11-23T08:00:00Z");

  private PostgresForTests postgres;
  private Tenancy tenancy;
  private FindingStore findings;
  private SweepStore sweep;
  private TenantId acme;
  private TenantId other;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    findings = new FindingStore(tenancy);
    sweep = new SweepStore(postgres.sweep());
    acme = new TenantStore(tenancy).create("Acme").id();
    other = new TenantStore(tenancy).create("Other").id();
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void findsWhatIsOpenWhatIsNamedAndWhatHasAnIncident() {
    var open = order(acme);
    var closed = closed(order(other));
    var told = closed(order(other));
    tenancy.run(other, () -> findings.note(finding(told.order(), Cause.SERVER_STRAY)));

    assertThat(sweep.ordersToCompare(List.of())).containsExactlyInAnyOrder(open, told);
    assertThat(sweep.ordersToCompare(List.of(closed.order())))
        .containsExactlyInAnyOrder(open, closed, told);
  }

  @Test
  void findsProvedDomainsOfAllTenantsPageByPage() {
    var first = domain(acme, "one.test");
    var second = domain(other, "two.test");
    var claimed = domain(acme, "claimed.test");
    var leaving = domain(other, "leaving.test");
    mark("state = 'VERIFIED'", first, second, leaving);
    mark("retire_wanted_at = now()", leaving);

    var page = sweep.domainsToLookAt(Optional.empty(), 1);
    var rest = sweep.domainsToLookAt(Optional.of(page.getFirst().domain()), 10);

    assertThat(page).containsExactly(first);
    assertThat(rest).containsExactly(second).doesNotContain(claimed);
    assertThatThrownBy(() ->
            JdbcClient.create(postgres.sweep()).sql("SELECT name FROM domain").query().listOfRows())
        .as("ids and states, no names")
        .isInstanceOf(DataAccessException.class);
  }

  @Test
  void findsConvergedServersOfAllTenantsPageByPage() {
    var first = server(acme, "READY");
    var second = server(other, "READY");
    var met = server(acme, "BOOTSTRAPPED");
    var gone = server(other, "RETIRED");

    var page = sweep.hostsToLookAt(Optional.empty(), 1);
    var rest = sweep.hostsToLookAt(Optional.of(page.getFirst().server()), 10);

    assertThat(page).containsExactly(first);
    assertThat(rest).containsExactly(second).doesNotContain(met, gone);
  }

  private FoundServer server(TenantId tenant, String state) {
    var order = order(tenant);
    var server =
        JdbcClient.create(postgres.superuser())
            .sql(
                """
                UPDATE server SET state = :state
                WHERE id = (SELECT server_id FROM server_order WHERE id = :order) RETURNING id
                """)
            .param("state", state)
            .param("order", order.order().value())
            .query(UUID.class)
            .single();
    return new FoundServer(tenant, new ServerId(server));
  }

  @Test
  void seesIdsAndNoMore() {
    order(acme);

    for (var column : List.of("label", "price_cents", "provider_server_id", "server_id")) {
      assertThatThrownBy(() ->
              JdbcClient.create(postgres.sweep())
                  .sql("SELECT " + column + " FROM server_order")
                  .query()
                  .listOfRows())
          .isInstanceOf(DataAccessException.class);
    }
    assertThatThrownBy(() ->
            JdbcClient.create(postgres.sweep())
                .sql("SELECT params FROM incident")
                .query()
                .listOfRows())
        .isInstanceOf(DataAccessException.class);
  }

  @Test
  void readsUnderTheTenantOnlyWhatIsTheirs() {
    var theirs = order(other);

    assertThat(tenancy.reading(acme, () -> findings.orders("hostwinds", List.of(theirs.order()))))
        .isEmpty();
    assertThat(tenancy.reading(other, () -> findings.orders("elsewhere", List.of(theirs.order()))))
        .as("of another seller")
        .isEmpty();
  }

  @Test
  void keepsSinceWhenAServerIsMissedUntilItIsListed() {
    var id = order(acme).order();
    var later = FIRST.plusSeconds(3_600);

    missed(List.of(id), FIRST);
    missed(List.of(id), later);
    assertThat(row(id).missedAt()).contains(FIRST);
    missed(List.of(), later);
    assertThat(row(id).missedAt()).isEmpty();
  }

  private void missed(List<OrderId> missed, Instant at) {
    var all = sweep.ordersToCompare(List.of()).stream().map(FoundOrder::order).toList();
    tenancy.run(acme, () -> findings.recordMissed(all, missed, at));
  }

  @Test
  void hasOneOpenIncidentForEachOrderAndCause() {
    var id = order(acme).order();

    var first = tenancy.as(acme, () -> findings.note(finding(id, Cause.SERVER_MISSING)));
    var again = tenancy.as(acme, () -> findings.note(finding(id, Cause.SERVER_MISSING)));
    var drift = tenancy.as(acme, () -> findings.note(finding(id, Cause.SERVER_SIZE_DRIFTED)));
    tenancy.run(acme, () -> findings.close(first, "listed again"));
    tenancy.run(acme, () -> findings.close(first, "listed again"));

    assertThat(again).isEqualTo(first);
    assertThat(tenancy.reading(acme, () -> findings.open(List.of(id))))
        .extracting(FindingStore.OpenFinding::id)
        .containsExactly(drift);
    assertThat(tenancy.as(acme, () -> findings.note(finding(id, Cause.SERVER_MISSING))))
        .as("opened anew")
        .isNotEqualTo(first);
  }

  private SweptOrder row(OrderId id) {
    return tenancy.reading(acme, () -> findings.orders("hostwinds", List.of(id))).getFirst();
  }

  private static NewFinding finding(OrderId order, Cause cause) {
    return new NewFinding(
        order, cause, "seen", "look", Optional.of(PRICE), Optional.empty(), FIRST);
  }

  private FoundOrder closed(FoundOrder order) {
    tenancy.run(order.tenant(), () -> new OrderStore(tenancy).close(order.order()));
    return order;
  }

  private FoundDomain domain(TenantId tenant, String name) {
    return tenancy.as(
        tenant,
        () -> {
          var workspace = new TenantStore(tenancy).defaultWorkspace(tenant);
          var wanted = Samples.newSetup(workspace, name, name, "192.0.2.10");
          var setups = new SetupStore(tenancy);
          setups.request(wanted);
          return new FoundDomain(tenant, setups.get(wanted.id()).domain());
        });
  }

  private void mark(String assignment, FoundDomain... domains) {
    for (var domain : domains) {
      JdbcClient.create(postgres.superuser())
          .sql("UPDATE domain SET " + assignment + " WHERE id = :id")
          .param("id", domain.domain().value())
          .update();
    }
  }

  private FoundOrder order(TenantId tenant) {
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    tenancy.run(
        tenant,
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
          new OrderStore(tenancy)
              .insert(
                  new NewOrder(
                      order,
                      server,
                      OrderLabel.of("t3st01", order),
                      "101",
                      "1",
                      PRICE,
                      Optional.empty()));
        });
    return new FoundOrder(tenant, order);
  }
}
