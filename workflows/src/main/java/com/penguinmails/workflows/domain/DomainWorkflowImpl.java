package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.domain.DomainActivities.AwaitAddress;
import com.penguinmails.workflows.domain.DomainActivities.DomainPrepared;
import com.penguinmails.workflows.domain.DomainActivities.OwnDomain;
import com.penguinmails.workflows.domain.DomainActivities.PlanRecords;
import com.penguinmails.workflows.domain.DomainActivities.PrepareDomain;
import com.penguinmails.workflows.domain.DomainActivities.PublishRecords;
import com.penguinmails.workflows.domain.DomainActivities.ShowClaim;
import com.penguinmails.workflows.domain.DomainActivities.VerifyRecords;
import com.penguinmails.workflows.domain.DomainActivities.WithdrawRecords;
import com.penguinmails.workflows.setup.SetupWorkflow.Owned;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Requests;
import com.penguinmails.workflows.temporal.Stopped;
import com.penguinmails.workflows.temporal.Trouble;
import com.penguinmails.workflows.temporal.Wanted;
import com.penguinmails.workflows.temporal.WorkflowIds;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.List;
import java.util.Optional;

/// See [DomainWorkflow].
public final class DomainWorkflowImpl implements DomainWorkflow {
  private final BeginDomain order;
  private final String self;
  private final Requests requests;
  private final EntityLoop loop;
  private boolean isOwnedToBeTold; // also when the answer of the turn that saw it was lost
  private boolean isRetired;

  @WorkflowInit
  public DomainWorkflowImpl(BeginDomain order) {
    this.order = order;
    this.self = WorkflowIds.of(order.domain());
    var carried = order.carried().orElse(new DomainState(0, List.of(order.wanted())));
    this.requests =
        new Requests(self, order.wanted().setup(), carried.reached(), carried.waiting());
    this.loop =
        new EntityLoop(order.tenant(), self, requests, order.pace(), order.carried().isPresent());
  }

  @Override
  public void run(BeginDomain begin) {
    while (!isRetired) {
      loop.turn(this::makeAsWanted, Optional.empty());
      if (!isRetired && loop.isRunLong()) {
        Workflow.await(Workflow::isEveryHandlerFinished);
        Workflow.continueAsNew(
            new BeginDomain(
                order.tenant(),
                order.domain(),
                order.name(),
                order.wanted(),
                order.pace(),
                Optional.of(view())));
      }
    }
  }

  @Override
  public void wanted(Wanted wanted) {
    loop.wanted(wanted);
  }

  @Override
  public DomainState view() {
    return new DomainState(requests.reached(), requests.open());
  }

  private long makeAsWanted() {
    var domain = prepare();
    loop.makes(domain.desiredVersion());
    loop.hasOpenIncident(domain.isIncidentOpen());
    if (domain.isRetireWanted()) {
      withdraw(domain);
    } else {
      if (domain.isOwnershipAwaited()) {
        isOwnedToBeTold = true;
        own(); // before anything else is written into the zone
      }
      if (isOwnedToBeTold) {
        requests.tell("owned", new Owned(self)); // servers are bought and certificates ordered now
        isOwnedToBeTold = false;
      }
      if (domain.isAddressAwaited()) {
        awaitAddress();
      }
      plan();
      publish();
      verify();
      loop.says("Every record of " + order.name() + " is seen everywhere.");
    }
    return domain.desiredVersion();
  }

  private DomainPrepared prepare() {
    return activities(
            ActivityProfiles.secrets(
                "Reading how far " + order.name() + " is; making the keys it lacks", order.pace()))
        .prepare(new PrepareDomain(order.tenant(), order.domain(), requests.setup()));
  }

  private void own() {
    loop.says("Waiting for the proof that " + order.name() + " is the tenant's.");
    dns("Writing the proof that " + order.name() + " is the tenant's")
        .claim(new ShowClaim(order.tenant(), order.domain(), requests.setup()));
    loop.interruptible(() ->
        dns("Until " + order.name() + " is proved to be the tenant's")
            .own(
                new OwnDomain(
                    order.tenant(), order.domain(), requests.setup(), order.pace().poll())));
  }

  private void awaitAddress() {
    loop.says("Waiting for the address of the server of " + order.name() + ".");
    loop.interruptible(() ->
        activities(
                ActivityProfiles.store(
                    "Until the server of " + order.name() + " has an address", order.pace()))
            .awaitAddress(
                new AwaitAddress(
                    order.tenant(), order.domain(), requests.setup(), order.pace().poll())));
  }

  private void plan() {
    loop.says("Planning the records of " + order.name() + ".");
    var planned =
        loop.interruptible(() ->
            dns("Planning the records of " + order.name())
                .plan(new PlanRecords(order.tenant(), order.domain(), requests.setup())));
    planned.findings().stream()
        .findFirst()
        .ifPresent(finding -> {
          throw new Stopped(new Trouble(finding.cause(), finding.evidence()));
        });
  }

  private void publish() {
    dns("Writing the records of " + order.name())
        .publish(new PublishRecords(order.tenant(), order.domain(), requests.setup()));
  }

  private void verify() {
    loop.says("Waiting until every name server answers with the records of " + order.name() + ".");
    loop.interruptible(() ->
        dns("Waiting until every name server has the records of " + order.name())
            .verify(
                new VerifyRecords(
                    order.tenant(), order.domain(), requests.setup(), order.pace().poll())));
  }

  private void withdraw(DomainPrepared domain) {
    if (!domain.isRetired()) {
      loop.says("Taking the records of " + order.name() + " back.");
      dns("Taking the records of " + order.name() + " back")
          .withdraw(new WithdrawRecords(order.tenant(), order.domain(), requests.setup()));
    }
    isRetired = true;
  }

  private DomainActivities dns(String summary) {
    return activities(ActivityProfiles.dns(summary, order.pace()));
  }

  private static DomainActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(DomainActivities.class, options);
  }
}
