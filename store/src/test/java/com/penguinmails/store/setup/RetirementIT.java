package com.penguinmails.store.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.model.WorkspaceId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a cancelled set-up may take back.
class RetirementIT {
  private static PostgresForTests postgres;
  private static Tenancy tenancy;
  private static SetupStore setups;
  private static RetirementStore retirements;
  private TenantId tenant;
  private WorkspaceId workspace;

  @BeforeAll
  static void start() {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    setups = new SetupStore(tenancy);
    retirements = new RetirementStore(tenancy);
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void newTenant() {
    var made = new TenantStore(tenancy).create("Acme");
    tenant = made.id();
    workspace = made.workspace();
  }

  @Test
  void takesEverythingOfALoneSetup() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    long before = serverVersion(setup);

    assertThat(want(setup)).isTrue();
    assertThat(want(setup)).as("again").isTrue();

    assertThat(wanted(setup)).containsExactly(true, true, true);
    assertThat(serverVersion(setup)).isEqualTo(before + 1);
  }

  @Test
  void leavesAServerOnWhichAnotherDomainLives() {
    var setup = ordered("k1", "acme.test", "192.0.2.10");
    var other = ordered("k2", "other.test", "192.0.2.10");

    assertThat(want(setup)).isFalse();

    assertThat(wanted(setup)).containsExactly(true, false, false);
    assertThat(wanted(other)).containsExactly(false, false, false);
  }

  @Test
  void leavesWhatAnEarlierSetupProved() {
    var proved = ordered("k1", "acme.test", "192.0.2.10");
    tenancy.run(tenant, () -> setups.finish(proved.id(), Setup.State.DONE));
    var again = ordered("k2", "acme.test", "192.0.2.10");

    assertThat(want(again)).isFalse();

    assertThat(again.domain()).isEqualTo(proved.domain());
    assertThat(wanted(again)).containsExactly(false, false, false);
  }

  private Setup ordered(String key, String domain, String address) {
    var wanted = Samples.newSetup(workspace, key, domain, address);
    return tenancy.as(
        tenant,
        () -> {
          setups.request(wanted);
          return setups.get(wanted.id());
        });
  }

  private boolean want(Setup setup) {
    return tenancy.as(tenant, () -> retirements.want(setup));
  }

  private List<Boolean> wanted(Setup setup) {
    return tenancy.reading(
        tenant,
        () ->
            Stream.of(
                    retirements.isWanted(setup.domain()),
                    retirements.isWanted(setup.certificate()),
                    retirements.isWanted(setup.server()))
                .toList());
  }

  private long serverVersion(Setup setup) {
    return tenancy.reading(tenant, () -> setups.facts(setup.id()).server().desiredVersion());
  }
}
