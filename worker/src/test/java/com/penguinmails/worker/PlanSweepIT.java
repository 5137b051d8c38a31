package com.penguinmails.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.secret.KeyFile;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.ports.secret.embedded.EmbeddedSecretStore;
import com.penguinmails.store.PostgresForTests;
import com.penguinmails.store.Samples;
import com.penguinmails.store.secret.SecretRows;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.State;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.setup.PlanStore.NewPlan;
import com.penguinmails.store.setup.SetupStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.store.tenant.TenantStore;
import com.penguinmails.store.tenant.TenantStore.NewTenant;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.SecretRef;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What a plan was told in confidence is gone when nobody can go ahead from it.
class PlanSweepIT {
  private PostgresForTests postgres;
  private Tenancy tenancy;
  private PlanStore plans;
  private SecretStore secrets;
  private NewTenant tenant;
  private PlanSweep sweep;

  @BeforeEach
  void start(@TempDir Path directory) {
    postgres = PostgresForTests.freshDatabase();
    tenancy = postgres.tenancy();
    plans = new PlanStore(tenancy);
    secrets =
        new EmbeddedSecretStore(
            tenancy,
            new SecretRows(tenancy),
            KeyFile.openOrCreate(directory.resolve("master.key")));
    tenant = new TenantStore(tenancy).create("Acme");
    sweep = new PlanSweep(new SweepStore(postgres.sweep()), tenancy, plans, secrets);
  }

  @AfterEach
  void stop() {
    postgres.close();
  }

  @Test
  void destroysWhatAPlanKeepsThatIsTooOld() {
    var old = made("old");
    var young = made("young");
    JdbcClient.create(postgres.owner())
        .sql("UPDATE plan SET created_at = now() - interval '25 hours' WHERE id = :id")
        .param("id", old.id().value())
        .update();

    sweep.sweep();
    sweep.sweep();

    assertDestroyed(old);
    assertThat(row(old).state()).isEqualTo(State.ENDED);
    assertThat(secrets.get(tenant.id(), order(young))).containsEntry("body", "{}");
  }

  /// Whoever went ahead died between the set-up and forgetting.
  @Test
  void destroysWhatAUsedPlanStillKeeps() {
    var used = made("used");
    tenancy.run(tenant.id(), () -> plans.finish(used.id(), State.READY));
    var setup = Samples.newSetup(tenant.workspace(), "key", "acme.test", "192.0.2.10");
    tenancy.as(tenant.id(), () -> new SetupStore(tenancy).request(setup));
    tenancy.as(tenant.id(), () -> plans.recordUsed(used.id(), setup.id()));

    sweep.sweep();
    sweep.sweep();

    assertDestroyed(used);
    assertThat(row(used).state()).isEqualTo(State.USED);
    assertThat(row(used).setup()).contains(setup.id());
  }

  private NewPlan made(String key) {
    var wanted = Samples.newPlan(key, "acme.test");
    tenancy.as(tenant.id(), () -> plans.request(wanted));
    assertThat(secrets.putIfAbsent(tenant.id(), order(wanted).path(), Map.of("body", "{}")))
        .isEqualTo(order(wanted));
    return wanted;
  }

  private void assertDestroyed(NewPlan plan) {
    assertThat(row(plan).wish().secrets()).isEmpty();
    assertThatThrownBy(() -> secrets.get(tenant.id(), order(plan))).isInstanceOf(Refused.class);
  }

  private Plan row(NewPlan plan) {
    return tenancy.reading(tenant.id(), () -> plans.get(plan.id()));
  }

  private static SecretRef order(NewPlan plan) {
    return plan.wish().request().orElseThrow();
  }
}
