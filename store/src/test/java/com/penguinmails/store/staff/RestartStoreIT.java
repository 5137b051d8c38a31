package com.penguinmails.store.staff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.staff.RestartStore.ToRestart;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What should have a run is found over all tenants, and nothing else of them.
class RestartStoreIT {
  private static final List<EntityKind> ENTITIES =
      List.of(EntityKind.SERVER, EntityKind.DOMAIN, EntityKind.CERTIFICATE);

  private PostgresForTests postgres;
  private Tenancy tenancy;
  private RestartStore store;
  private NewTenant acme;
  private NewTenant other;
  private int orders;

  @BeforeEach
  void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    store = new RestartStore(postgres.staff());
    acme = new TenantStore(tenancy).create("Acme");
    other = new TenantStore(tenancy).create("Other");
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  /// What a set-up has not made yet, it begins itself, once the domain is proved to be the
  /// tenant's.
  @ParameterizedTest
  @CsvSource({
    "REQUESTED,  requested,  true,  false",
    "RUNNING,    BUILDING,   true,  false",
    "RUNNING,    PROVING,    true,  true",
    "HELD,       BUILDING,   true,  false",
    "CANCELLING, CANCELLING, true,  false",
    "DONE,       PROVED,     false, true",
    "CANCELLED,  CANCELLED,  false, false"
  })
  void whatLivesFollowsFromTheSetup(String state, String stage, boolean isOpen, boolean isMade) {
    order(acme, "acme.test", state, stage);

    assertThat(all(EntityKind.SETUP)).hasSize(isOpen ? 1 : 0);
    for (var kind : ENTITIES) {
      assertThat(all(kind)).as("%s", kind).hasSize(isMade ? 1 : 0);
    }
  }

  @Test
  void whatIsGoneStaysGone() {
    order(acme, "acme.test", "DONE", "PROVED");
    change("UPDATE server SET state = 'RETIRED'");
    change("UPDATE domain SET state = 'WITHDRAWN'");
    change("UPDATE certificate SET state = 'RETIRED'");

    for (var kind : ENTITIES) {
      assertThat(all(kind)).isEmpty();
    }
  }

  @Test
  void eachIsFoundOnceWithWhatItsRunIsTold() {
    order(acme, "acme.test", "DONE", "PROVED");
    order(other, "other.test", "DONE", "PROVED");
    change("UPDATE server SET desired_version = 7");

    var found = all(EntityKind.SERVER);

    assertThat(found).extracting(ToRestart::tenant).containsExactly(acme.id(), other.id());
    assertThat(found.getFirst())
        .satisfies(server -> {
          assertThat(server.id()).isEqualTo(server.server().value());
          assertThat(server.version()).isEqualTo(7);
          assertThat(server.domain().value()).isEqualTo("acme.test");
          assertThat(server.provider()).isEqualTo("existing");
          assertThat(server.setupState()).isEqualTo("DONE");
        });
  }

  @Test
  void pagesByKey() {
    for (int i = 0; i < 5; i++) {
      order(acme, "acme-" + i + ".test", "DONE", "PROVED");
    }

    var seen = new ArrayList<UUID>();
    var page = store.living(EntityKind.DOMAIN, Optional.empty(), 2);
    while (!page.isEmpty()) {
      assertThat(page).hasSizeLessThanOrEqualTo(2);
      page.forEach(domain -> seen.add(domain.id()));
      page = store.living(EntityKind.DOMAIN, Optional.of(seen.getLast()), 2);
    }

    assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void nobodyElseMayAsk() {
    var app = new RestartStore(postgres.app());

    assertThatThrownBy(() -> app.living(EntityKind.SETUP, Optional.empty(), 1))
        .isInstanceOf(DataAccessException.class);
  }

  private List<ToRestart> all(EntityKind kind) {
    return store.living(kind, Optional.empty(), 100);
  }

  private void order(NewTenant tenant, String domain, String state, String stage) {
    orders++;
    var setup = Samples.newSetup(tenant.workspace(), domain, domain, "192.0.2." + orders);
    tenancy.run(
        tenant.id(),
        () -> {
          var _ = new SetupStore(tenancy).request(setup);
        });
    boolean isFinal = List.of("DONE", "CANCELLED").contains(state);
    JdbcClient.create(postgres.owner())
        .sql(
            """
            UPDATE setup SET state = :state, stage = :stage,
              finished_at = CASE WHEN :final THEN now() END,
              resumable_until = CASE WHEN :state = 'HELD' THEN now() END
            WHERE id = :id
            """)
        .param("state", state)
        .param("stage", stage)
        .param("final", isFinal)
        .param("id", setup.id().value())
        .update();
  }

  private void change(String update) {
    JdbcClient.create(postgres.owner()).sql(update).update();
  }
}
