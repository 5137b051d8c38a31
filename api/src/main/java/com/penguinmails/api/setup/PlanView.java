package com.penguinmails.api.setup;

import com.penguinmails.api.InstallationSettings;
import com.penguinmails.api.message.MessageCatalogue;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.TenantId;
import java.time.Instant;
import org.springframework.stereotype.Service;

/// Reads plans for answers, each in one read-only transaction of its tenant.
@Service
class PlanView {
  private final Tenancy tenancy;
  private final PlanStore plans;
  private final MessageCatalogue messages;
  private final InstallationSettings installation;

  PlanView(Tenancy tenancy, MessageCatalogue messages, InstallationSettings installation) {
    this.tenancy = tenancy;
    this.plans = new PlanStore(tenancy);
    this.messages = messages;
    this.installation = installation;
  }

  /// @throws ProblemException the tenant has no such plan
  PlanAnswer get(TenantId tenant, PlanId id) {
    return tenancy.reading(
        tenant,
        () -> {
          var plan = plans.find(id).orElseThrow(() -> ProblemException.notFound("plan"));
          return PlanAnswer.of(
              plan,
              plans.lines(id),
              plans.usual(plan.wish()),
              messages,
              installation.isTest(),
              Instant.now());
        });
  }
}
