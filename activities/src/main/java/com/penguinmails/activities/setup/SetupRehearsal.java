package com.penguinmails.activities.setup;

import com.penguinmails.store.setup.Plan;
import com.penguinmails.workflows.model.CertificateId;
import com.penguinmails.workflows.model.DomainId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.setup.SetupActivities;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import java.util.Optional;

/// A set-up that is rehearsed: its row is a plan, which is ready when the last stage is reached.
public final class SetupRehearsal implements SetupActivities {
  private final RehearsalBook book;

  public SetupRehearsal(RehearsalBook book) {
    this.book = book;
  }

  @Override
  public SetupFacts begin(ReadSetup order) {
    return facts(order);
  }

  @Override
  public SetupFacts facts(ReadSetup order) {
    var id = order.setup().value();
    var wish = book.plan(order.tenant(), id).wish();
    return new SetupFacts(
        Stage.STARTED,
        new ServerId(id),
        wish.server().provider(),
        new DomainId(id),
        wish.domain(),
        new CertificateId(id),
        1,
        1,
        !book.isDone(order.tenant(), id, "domain/own"),
        Optional.empty(),
        Optional.empty(),
        false,
        false);
  }

  @Override
  public SetupFacts moveDomain(MoveDomain order) {
    throw new IllegalStateException("plan " + order.setup() + " has no domain that could move");
  }

  @Override
  public void enter(EnterStage order) {
    if (order.stage() == Stage.PROVED) {
      book.finish(order.tenant(), order.setup().value(), Plan.State.READY);
    }
  }

  @Override
  public SetupFacts endHold(ReadSetup order) {
    throw new IllegalStateException("plan " + order.setup() + " cannot be cancelled");
  }

  @Override
  public RetireVersions wantRetired(ReadSetup order) {
    throw new IllegalStateException("plan " + order.setup() + " made nothing to take back");
  }
}
