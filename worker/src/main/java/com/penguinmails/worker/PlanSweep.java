package com.penguinmails.worker;

import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.sweep.SweepStore;
import com.penguinmails.store.sweep.SweepStore.FoundPlan;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.OutsideException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.annotation.Scheduled;

/// Destroys what plans were told in confidence, when nobody can go ahead from them any more. First
/// the secrets, then the references, so that none is left when we die in between.
final class PlanSweep {
  private static final Logger LOG = LoggerFactory.getLogger(PlanSweep.class);
  private static final int AT_ONCE = 100;

  private final SweepStore found;
  private final Tenancy tenancy;
  private final PlanStore plans;
  private final SecretStore secrets;

  PlanSweep(SweepStore found, Tenancy tenancy, PlanStore plans, SecretStore secrets) {
    this.found = found;
    this.tenancy = tenancy;
    this.plans = plans;
    this.secrets = secrets;
  }

  @Scheduled(fixedDelayString = "10m")
  void sweep() {
    try {
      found.plansToForget(Plan.VALID, AT_ONCE).forEach(this::forget);
    } catch (DataAccessException | OutsideException away) {
      LOG.atWarn()
          .addKeyValue("reason", away.getClass().getSimpleName())
          .log("The sweep for old plans did not finish; it runs again");
    }
  }

  private void forget(FoundPlan old) {
    var wish = tenancy.reading(old.tenant(), () -> plans.get(old.plan())).wish();
    wish.secrets().forEach(reference -> secrets.destroy(old.tenant(), reference));
    tenancy.run(old.tenant(), () -> plans.forget(old.plan()));
  }
}
