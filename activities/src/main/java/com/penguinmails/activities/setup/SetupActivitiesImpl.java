package com.penguinmails.activities.setup;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.ports.secret.SecretStore;
import com.penguinmails.store.incident.IncidentStore.NewIncident;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.store.setup.RetirementStore.Retirement;
import com.penguinmails.store.setup.Setup;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.setup.SetupActivities;
import com.penguinmails.workflows.setup.SetupWorkflow.Stage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// See [SetupActivities].
public final class SetupActivitiesImpl implements SetupActivities {
  private static final Duration ASK_AGAIN = Duration.ofSeconds(20);

  private final Stores stores;
  private final SecretStore secrets;

  public SetupActivitiesImpl(Stores stores, SecretStore secrets) {
    this.stores = stores;
    this.secrets = secrets;
  }

  @Override
  public SetupFacts begin(ReadSetup order) {
    stores
        .tenancy()
        .run(
            order.tenant(),
            () -> {
              stores.holds().endRetiring(order.setup());
              if (stores.setups().get(order.setup()).state() == Setup.State.REQUESTED) {
                enterInside(new EnterStage(order.tenant(), order.setup(), Stage.BUILDING));
              }
            });
    return facts(order); // in a transaction of its own: of one moment
  }

  @Override
  public SetupFacts facts(ReadSetup order) {
    return stores.tenancy().reading(order.tenant(), () -> factsInside(order));
  }

  @Override
  public SetupFacts endHold(ReadSetup order) {
    return stores
        .tenancy()
        .as(
            order.tenant(),
            () -> {
              stores.holds().end(order.setup());
              return factsInside(order);
            });
  }

  private SetupFacts factsInside(ReadSetup order) {
    var setup = stores.setups().get(order.setup());
    var server = stores.servers().get(setup.server());
    var domain = stores.domains().get(setup.domain());
    return new SetupFacts(
        stageOf(setup),
        setup.server(),
        server.provider(),
        setup.domain(),
        setup.domainName(),
        setup.certificate(),
        server.desiredVersion(),
        domain.desiredVersion(),
        domain.ownedAt().isEmpty(),
        Optional.of(stores.certificates().get(setup.certificate()).desiredVersion()),
        setup.resumableUntil(),
        !domain.server().equals(setup.server()) || stores.setups().hasMoved(setup.id()),
        stores.servers().isUsable(setup.server()));
  }

  @Override
  public SetupFacts moveDomain(MoveDomain order) {
    boolean isThere =
        stores.tenancy().as(order.tenant(), () -> stores.setups().moveDomain(order.setup()));
    var now = facts(new ReadSetup(order.tenant(), order.setup()));
    boolean isOver = now.stage() == Stage.PROVED || now.stage() == Stage.CANCELLED;
    if (!isThere && !isOver) {
      throw Failures.notYet(
          Cause.SETUP_HELD, "The set-up is cancelled: the domain stays.", order.poll());
    }
    return now;
  }

  @Override
  public void enter(EnterStage order) {
    if (order.stage() == Stage.CANCELLED) {
      destroySpentSecrets(order.tenant(), order.setup());
    }
    stores.tenancy().run(order.tenant(), () -> enterInside(order));
    if (order.stage() == Stage.PROVED) { // that it works is said first
      destroySpentSecrets(order.tenant(), order.setup());
      stores
          .tenancy()
          .run(order.tenant(), () -> stores.incidents().closeAllOf(order.setup().value()));
    }
  }

  /// Only now: until it is proved, or everything is taken back, somebody may read them. Each is
  /// forgotten after it is destroyed, so that none is left when we die in between. The run has no
  /// way to tell staff that the secret store is closed, so it is told here, and asked again for as
  /// long as it takes.
  private void destroySpentSecrets(TenantId tenant, SetupId id) {
    var spent =
        stores
            .tenancy()
            .reading(tenant, () -> stores.spentSecrets().after(stores.setups().get(id)));
    try {
      for (var secret : spent) {
        secrets.destroy(tenant, secret.reference());
        stores.tenancy().run(tenant, () -> stores.spentSecrets().forget(secret));
      }
    } catch (OutsideException closed) {
      var cause = closed.ownCause().orElse(Cause.SECRET_STORE_REFUSED);
      var evidence = String.valueOf(closed.getMessage());
      var told = NewIncident.of(EntityKind.SETUP, id.value(), id, cause, evidence);
      stores.tenancy().as(tenant, () -> stores.incidents().open(told));
      throw Failures.notYet(cause, evidence, ASK_AGAIN);
    }
  }

  private void enterInside(EnterStage order) {
    var setup = stores.setups().get(order.setup());
    if (setup.state().isFinal() || order.stage().compareTo(stageOf(setup)) < 0) {
      return;
    }
    stores.setups().recordStarted(order.setup());
    stores.setups().enterStage(order.setup(), order.stage().name());
    switch (order.stage()) {
      case PROVED -> finishProved(order);
      case CANCELLED -> {
        stores.setups().finish(order.setup(), Setup.State.CANCELLED);
        stores.incidents().closeAllOf(order.setup().value());
      }
      case CANCELLING -> stores.setups().requestCancel(order.setup());
      case STARTED, BUILDING, PROVING -> {}
    }
  }

  /// The rows have the last word on whether it is proved.
  private void finishProved(EnterStage order) {
    var proof = stores.proofs().newestOf(order.setup());
    if (proof.isEmpty() || !stores.proofs().finish(proof.get().id())) {
      throw new IllegalStateException("set-up " + order.setup() + " has no proof that passed");
    }
    stores.setups().finish(order.setup(), Setup.State.DONE);
  }

  @Override
  public RetireVersions wantRetired(ReadSetup order) {
    return stores
        .tenancy()
        .as(
            order.tenant(),
            () -> {
              var setup = stores.setups().get(order.setup());
              return versions(setup, stores.retirements().want(setup));
            });
  }

  /// What was not touched is not asked for: it may have troubles of its own.
  private RetireVersions versions(Setup setup, Retirement wanted) {
    boolean isAnythingChanged = wanted.isServerLeaving() || wanted.isDomainChanged();
    long server = stores.servers().get(setup.server()).desiredVersion();
    long domain = stores.domains().get(setup.domain()).desiredVersion();
    long certificate = stores.certificates().get(setup.certificate()).desiredVersion();
    return new RetireVersions(
        isAnythingChanged ? server : RetireVersions.NOTHING,
        wanted.isDomainChanged() ? domain : RetireVersions.NOTHING,
        !isAnythingChanged
            ? RetireVersions.NOTHING
            : wanted.isServerLeaving() ? certificate + 1 : certificate,
        wanted
            .back()
            .map(stores.servers()::get)
            .map(earlier ->
                new EarlierServer(earlier.id(), earlier.provider(), earlier.desiredVersion())));
  }

  static Stage stageOf(Setup setup) {
    return switch (setup.state()) {
      case DONE -> Stage.PROVED;
      case CANCELLED, FAILED -> Stage.CANCELLED;
      case CANCELLING -> Stage.CANCELLING;
      case REQUESTED, RUNNING, HELD ->
          Arrays.stream(Stage.values())
              .filter(stage -> stage.name().equals(setup.stage()))
              .findFirst()
              .orElse(Stage.STARTED);
    };
  }
}
