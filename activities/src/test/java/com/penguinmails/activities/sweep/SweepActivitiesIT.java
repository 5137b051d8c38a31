package com.penguinmails.activities.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.f4b6a3.uuid.UuidCreator;
import com.penguinmails.activities.server.OrderActivitiesImpl;
import com.penguinmails.activities.server.VpsProviders;
import com.penguinmails.activities.server.VpsProviders.Seller;
import com.penguinmails.activities.setup.Stores;
import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.server.OrderStore.NewOrder;
import com.penguinmails.store.server.ServerStore.NewServer;
import com.penguinmails.store.setup.NewSetup;
import com.penguinmails.store.staff.StaffStore;
import com.penguinmails.store.staff.StaffStore.Waiting;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.DesiredHost.Stack;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OrderId;
import com.penguinmails.workflows.model.OrderLabel;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.SecretRef;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.server.OrderActivities;
import com.penguinmails.workflows.server.OrderActivities.RecordFound;
import com.penguinmails.workflows.sweep.Repair;
import com.penguinmails.workflows.sweep.SweepActivities;
import com.penguinmails.workflows.sweep.SweepActivities.AccountSwept;
import com.penguinmails.workflows.sweep.SweepActivities.CompareAccount;
import com.penguinmails.workflows.sweep.SweepActivities.FindMend;
import com.penguinmails.workflows.sweep.SweepActivities.Mend;
import com.penguinmails.workflows.sweep.SweepActivities.RecordRepair;
import com.penguinmails.workflows.sweep.SweepActivities.RenameServer;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A sweep of an account, with the rows of two tenants. Each look is made twice, as when the first
/// answer is lost: it finds and writes the same.
class SweepActivitiesIT {
  private static final Instant FIRST = Instant.parse("2026-11-23T08:00:00Z");
  private static final Instant SECOND = FIRST.plus(Duration.ofHours(1));
  private static final Instant THIRD = SECOND.plus(Duration.ofHours(1));
  private static final Money PRICE = new Money(999, "USD");
  private static final Money A_DAY = new Money(33, "USD");

  private final Account account = new Account();
  private final Map<IpAddress, List<String>> pointers = new HashMap<>();
  private final Set<ServerId> idle = new TreeSet<>((a, b) -> a.value().compareTo(b.value()));
  private PostgresForTests postgres;
  private Stores stores;
  private StaffStore staff;
  private TestActivityEnvironment temporal;
  private SweepActivities sweep;
  private OrderActivities orders;
  private NewTenant acme;
  private NewTenant other;

  @BeforeEach
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    stores = Stores.on(postgres.tenancy());
    staff = new StaffStore(postgres.staff());
    acme = new TenantStore(stores.tenancy()).create("Acme");
    other = new TenantStore(stores.tenancy()).create("Other");
    var providers =
        new VpsProviders(
            "t3st01",
            List.of(
                new Seller(
                    account, "Debian 12", Duration.ZERO, Duration.ZERO, Duration.ZERO, PRICE)));
    temporal = TestActivityEnvironment.newInstance();
    temporal.registerActivitiesImplementations(
        new SweepActivitiesImpl(
            stores,
            new SweepStore(postgres.sweep()),
            providers,
            server -> !idle.contains(server),
            this::reverseNames),
        new OrderActivitiesImpl(
            stores,
            new EmbeddedSecretStore(
                stores.tenancy(),
                new SecretRows(stores.tenancy()),
                KeyFile.openOrCreate(directory.resolve("master.key"))),
            providers,
            _ -> List.of()));
    sweep = temporal.newActivityStub(SweepActivities.class);
    orders = temporal.newActivityStub(OrderActivities.class);
  }

  @AfterEach
  void stop() {
    temporal.close();
    postgres.close();
  }

  @Test
  void findsNothingWhereAllIsAsOrdered() {
    inUse(acme, "10");
    inUse(other, "11");
    account.put("50", "somebody's web server");

    var swept = swept(FIRST);

    assertThat(swept.listed()).isEqualTo(3);
    assertThat(swept.others()).isOne();
    assertThat(staff.incidents()).isEmpty();
  }

  @Test
  void tellsOfAServerThatNoOrderHasAndWhatItCostsUntilItIsGone() {
    var lost = new OrderId(new UUID(7, 7));
    account.put("60", label(lost).value());

    assertThat(swept(FIRST).strays()).isOne();
    assertThat(staff.incidents()).hasSize(1);
    var told = staff.incidents().getFirst();
    assertThat(told.cause()).isEqualTo("server-stray");
    assertThat(told.tenant()).isEmpty();
    assertThat(told.perDay()).contains(A_DAY);
    assertThat(told.orders()).containsExactly(label(lost) + " (60 there)");
    assertThat(told.proposal()).hasValueSatisfying(it -> assertThat(it).contains("Cancel it"));

    assertThat(swept(SECOND).closed()).isZero();
    assertThat(staff.incidents()).extracting(Waiting::id).containsExactly(told.id());

    account.remove("60");
    swept(THIRD);
    assertThat(staff.incidents()).isEmpty();
    assertThat(reasons("stray_server"))
        .containsExactly("Its seller lists it no more under a label that no order has.");
  }

  @Test
  void tellsOfAReleasedServerThatIsStillThere() {
    var order = inUse(acme, "10");
    run(acme, () -> stores.orders().park(order.id()));
    swept(FIRST);
    assertThat(staff.incidents().getFirst())
        .satisfies(parked -> {
          assertThat(parked.cause()).isEqualTo("server-parked");
          assertThat(parked.perDay()).contains(A_DAY);
        });
    assertThat(staff.release(label(order.id()), new StaffStore.Word("ada", "cancelled"))).isTrue();
    assertThat(staff.incidents()).isEmpty();

    swept(SECOND);
    assertThat(staff.incidents().getFirst())
        .satisfies(stray -> {
          assertThat(stray.cause()).isEqualTo("server-stray");
          assertThat(stray.tenant()).contains(acme.id());
          assertThat(stray.evidence()).contains("has ended", label(order.id()).value());
        });

    account.remove("10");
    swept(THIRD);
    assertThat(staff.incidents()).isEmpty();
    assertThat(reasons("incident")).contains("Its seller lists it no more.");
  }

  /// What staff were told of a parked server stays; what the account shows is added.
  @Test
  void addsToAParkedServerThatItIsGoneAtTheSeller() {
    var order = inUse(acme, "10");
    run(acme, () -> stores.orders().park(order.id()));
    swept(FIRST);

    account.remove("10");
    swept(SECOND);

    assertThat(staff.incidents())
        .singleElement()
        .satisfies(parked -> {
          assertThat(parked.evidence()).contains("lists");
          assertThat(parked.account())
              .hasValueSatisfying(now -> assertThat(now).contains("release it"));
          assertThat(parked.perDay()).contains(new Money(0, "USD"));
        });
  }

  @Test
  void callsAServerMissingInTheSecondSweepThatDoesNotFindItAndNotBefore() {
    var order = inUse(acme, "10");
    account.remove("10");

    swept(FIRST);
    assertThat(staff.incidents()).as("lists lag").isEmpty();

    swept(SECOND);
    assertThat(staff.incidents())
        .singleElement()
        .satisfies(missing -> {
          assertThat(missing.cause()).isEqualTo("server-missing");
          assertThat(missing.entity()).isEqualTo(order.id().value());
          assertThat(missing.tenant()).contains(acme.id());
        });

    account.put("10", label(order.id()).value());
    swept(THIRD);
    assertThat(staff.incidents()).isEmpty();
    assertThat(reasons("incident")).containsExactly("The server was found to be as it should.");
    account.remove("10");
    swept(THIRD.plusSeconds(1));
    assertThat(staff.incidents()).as("counted anew").isEmpty();
  }

  @Test
  void tellsOfAWrongReverseNameInTheSecondSweepUntilItIsRight() {
    var order = proved(inUse(acme, "10"));
    var address = new IpAddress("192.0.2.10");
    var ours = hostname(order);
    pointers.put(address, List.of(ours));
    swept(FIRST);

    pointers.put(address, List.of("host-10.seller.test"));
    swept(SECOND);
    assertThat(staff.incidents()).as("one look may meet a server that is behind").isEmpty();

    swept(THIRD);
    assertThat(staff.incidents())
        .singleElement()
        .satisfies(drift -> {
          assertThat(drift.cause()).isEqualTo("server-reverse-name-drifted");
          assertThat(drift.entity()).isEqualTo(order.id().value());
          assertThat(drift.evidence()).contains("192.0.2.10", "host-10.seller.test", ours);
        });

    pointers.remove(address);
    assertThat(swept(THIRD.plusSeconds(1)).open()).isOne();
    assertThat(staff.incidents()).as("silence says nothing").hasSize(1);

    pointers.put(address, List.of(ours));
    swept(THIRD.plusSeconds(2));
    assertThat(staff.incidents()).isEmpty();
    assertThat(reasons("incident")).containsExactly("The server was found to be as it should.");
    pointers.put(address, List.of());
    swept(THIRD.plusSeconds(3));
    assertThat(staff.incidents()).as("counted anew").isEmpty();
  }

  @Test
  void asksForNoReverseNameBeforeTheSetUpIsDone() {
    var _ = inUse(acme, "10");
    pointers.put(new IpAddress("192.0.2.10"), List.of("host-10.seller.test"));

    swept(FIRST);
    swept(SECOND);

    assertThat(staff.incidents()).isEmpty();
  }

  @Test
  void tellsOfAnotherAddress() {
    var order = inUse(acme, "10");
    JdbcClient.create(postgres.owner())
        .sql("UPDATE server SET address = '192.0.2.77' WHERE id = :id")
        .param("id", order.server().value())
        .update();

    swept(FIRST);

    assertThat(staff.incidents())
        .singleElement()
        .satisfies(drift -> {
          assertThat(drift.cause()).isEqualTo("server-address-drifted");
          assertThat(drift.evidence()).contains("192.0.2.10", "192.0.2.77");
          assertThat(drift.repair()).isEmpty();
        });
  }

  @Test
  void givesANameBackOnceAndWritesWhy() {
    var order = inUse(acme, "10");
    account.put("10", "renamed in the panel");
    var mend = swept(FIRST).mends().getFirst();
    assertThat(mend.repair()).isEqualTo(Repair.RENAME);

    var rename = rename(mend, Optional.empty());
    assertThat(sweep.rename(rename).isDone()).isTrue();
    assertThat(sweep.rename(rename).isDone()).as("again").isTrue();
    repaired(mend, "It is called so again.");
    repaired(mend, "It is called so again.");

    assertThat(account.all().getFirst().label()).isEqualTo(label(order.id()).value());
    assertThat(staff.incidents()).isEmpty();
    var decisions =
        stores.tenancy().reading(acme.id(), () -> stores.decisions().of(order.server().value()));
    assertThat(decisions).hasSize(1);
    assertThat(decisions.getFirst().decision().answer())
        .contains("renamed", "nobody need be asked");
    assertThat(swept(SECOND).mends()).isEmpty();
  }

  /// It may be the name that another installation gave to a server of its own.
  @Test
  void givesANameThatIsALabelBackOnAPersonsWordOnly() {
    var order = inUse(acme, "10");
    var foreign = "pm-0ther1-" + new UUID(5, 5);
    account.put("10", foreign);

    assertThat(swept(FIRST).mends()).isEmpty();
    var told = staff.incidents().getFirst();
    assertThat(told.repair()).contains("RENAME");
    assertThat(told.proposal())
        .hasValueSatisfying(it -> assertThat(it).contains("another installation"));
    var mend = sweep.mendOf(new FindMend(acme.id(), told.id())).orElseThrow();
    assertThat(mend.repair()).isEqualTo(Repair.RENAME);
    assertThat(sweep.rename(rename(mend, Optional.empty())).isDone()).isFalse();
    assertThat(account.all().getFirst().label()).isEqualTo(foreign);

    assertThat(sweep.rename(rename(mend, Optional.of("ada"))).isDone()).isTrue();
    assertThat(account.all().getFirst().label()).isEqualTo(label(order.id()).value());
    repaired(mend, "It is called so again.");
    assertThat(staff.incidents()).isEmpty();
    assertThat(sweep.mendOf(new FindMend(acme.id(), mend.incident()))).as("it is over").isEmpty();
  }

  @Test
  void hasARunStartedThatIsMissing() {
    var order = inUse(acme, "10");
    idle.add(order.server());

    var mend = swept(FIRST).mends().getFirst();

    assertThat(mend.repair()).isEqualTo(Repair.START_RUN);
    assertThat(mend.server()).isEqualTo(order.server());
    assertThat(mend.version()).isPositive();
    idle.clear();
    swept(SECOND);
    assertThat(staff.incidents()).isEmpty();
  }

  /// Named by mistake, or on purpose: the id says whose it is.
  @Test
  void refusesToAdoptAServerOfAnotherOrderWhateverItIsCalled() {
    var theirs = inUse(other, "11");
    var ours = reserved(acme);
    account.put("11", label(ours.id()).value());
    var adopt =
        new RecordFound(
            acme.id(), ours.server(), ours.id(), new ProviderServerId("11"), Optional.of("ada"));

    assertThatThrownBy(() -> orders.found(adopt))
        .hasStackTraceContaining("Server 11 is in use for another order");
    account.put("11", label(theirs.id()).value());
    assertThatThrownBy(() -> orders.found(adopt))
        .hasStackTraceContaining("Server 11 is in use for another order");

    var row = stores.tenancy().reading(acme.id(), () -> stores.orders().get(ours.id()));
    assertThat(row.found()).isEmpty();
  }

  /// Twice: the first answer may be lost.
  private AccountSwept swept(Instant at) {
    var first = sweep.compare(new CompareAccount("hostwinds", at));
    var before = staff.incidents();
    var second = sweep.compare(new CompareAccount("hostwinds", at));
    assertThat(staff.incidents()).isEqualTo(before);
    assertThat(second.open()).isEqualTo(first.open());
    assertThat(second.mends()).isEqualTo(first.mends());
    return first;
  }

  private static RenameServer rename(Mend mend, Optional<String> person) {
    return new RenameServer(mend.tenant(), mend.order(), mend.server(), person);
  }

  private void repaired(Mend mend, String evidence) {
    sweep.repaired(
        new RecordRepair(
            mend.tenant(),
            mend.order(),
            mend.server(),
            mend.incident(),
            mend.repair(),
            evidence,
            Optional.empty(),
            "run"));
  }

  private Ordered inUse(NewTenant tenant, String id) {
    var order = reserved(tenant);
    run(
        tenant,
        () -> {
          stores.orders().recordFound(order.id(), new ProviderServerId(id), Optional.empty());
          stores
              .orders()
              .accept(order.id(), new IpAddress("192.0.2." + id), new SecretRef("s/login", 1));
        });
    account.put(id, label(order.id()).value());
    return order;
  }

  private Map<IpAddress, List<String>> reverseNames(Collection<IpAddress> asked) {
    return asked.stream()
        .filter(pointers::containsKey)
        .collect(Collectors.toMap(Function.identity(), pointers::get));
  }

  private Ordered proved(Ordered order) {
    JdbcClient.create(postgres.owner())
        .sql("UPDATE setup SET state = 'DONE', finished_at = now() WHERE server_id = :id")
        .param("id", order.server().value())
        .update();
    return order;
  }

  private String hostname(Ordered order) {
    return JdbcClient.create(postgres.owner())
        .sql("SELECT hostname FROM server WHERE id = :id")
        .param("id", order.server().value())
        .query(String.class)
        .single();
  }

  private Ordered reserved(NewTenant tenant) {
    var order = new OrderId(UuidCreator.getTimeOrderedEpoch());
    var domain = "d" + order + ".test";
    var wanted = Samples.newSetup(tenant.workspace(), order.toString(), domain, "192.0.2.200");
    return stores
        .tenancy()
        .as(
            tenant.id(),
            () -> {
              var server = bought(wanted);
              stores
                  .orders()
                  .insert(
                      new NewOrder(
                          order, server, label(order), "101", "1", PRICE, Optional.empty()));
              stores.orders().reserve(order, PRICE);
              return new Ordered(order, server);
            });
  }

  /// A set-up whose server is one to be bought.
  private ServerId bought(NewSetup wanted) {
    stores.setups().request(wanted);
    var server = new ServerId(UuidCreator.getTimeOrderedEpoch());
    var _ =
        stores
            .servers()
            .insertOrdered(
                new NewServer(
                    server,
                    "hostwinds",
                    Stack.DEBIAN,
                    22,
                    wanted.domain().name().child("mail"),
                    "root",
                    Optional.empty()));
    stores
        .tenancy()
        .jdbc()
        .sql("UPDATE setup SET server_id = :server WHERE id = :id")
        .param("server", server.value())
        .param("id", wanted.id().value())
        .update();
    return server;
  }

  private void run(NewTenant tenant, Runnable work) {
    stores.tenancy().run(tenant.id(), work);
  }

  private List<String> reasons(String table) {
    return JdbcClient.create(postgres.owner())
        .sql(
            "SELECT closed_reason FROM %s WHERE closed_reason IS NOT NULL ORDER BY closed_at"
                .formatted(table))
        .query((row, number) -> row.getString(1))
        .list();
  }

  private static OrderLabel label(OrderId order) {
    return OrderLabel.of("t3st01", order);
  }

  private record Ordered(OrderId id, ServerId server) {}
}
