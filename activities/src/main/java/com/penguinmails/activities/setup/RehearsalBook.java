package com.penguinmails.activities.setup;

import com.penguinmails.activities.failure.Area;
import com.penguinmails.activities.failure.Failures;
import com.penguinmails.store.domain.DomainStore;
import com.penguinmails.store.domain.DomainStore.FormerServer;
import com.penguinmails.store.setup.Plan;
import com.penguinmails.store.setup.Plan.Line;
import com.penguinmails.store.setup.PlanStore;
import com.penguinmails.store.tenancy.Tenancy;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.DomainName;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.Money;
import com.penguinmails.workflows.model.OutsideException;
import com.penguinmails.workflows.model.PlanId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.Tracked;
import io.temporal.activity.Activity;
import io.temporal.failure.ApplicationFailure;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// The one thing a rehearsal writes: the lines of its plan. They are its memory too: what was
/// rehearsed before is what a line says, whichever worker asks. Everything may be said twice.
public final class RehearsalBook {
  /// Stands for the address of a server nobody has bought; from a block nobody has (RFC 5737).
  public static final IpAddress FORETOLD = new IpAddress("192.0.2.1");

  private static final String FORETOLD_IN_WORDS = "<the server's address>";
  private static final int TRIES = 3; // what does not answer so often is a risk of the plan

  private final Tenancy tenancy;
  private final PlanStore plans;

  public RehearsalBook(Tenancy tenancy, PlanStore plans) {
    this.tenancy = tenancy;
    this.plans = plans;
  }

  /// The plan. Everything a rehearsal speaks of carries its id.
  public Plan plan(TenantId tenant, UUID id) {
    return tenancy.reading(tenant, () -> plans.get(new PlanId(id)));
  }

  /// The servers a domain of that name would leave, if the tenant has one already.
  public List<FormerServer> serversToLeave(TenantId tenant, DomainName domain) {
    return tenancy.reading(tenant, () -> new DomainStore(tenancy).serversToLeave(domain));
  }

  /// Whether the step was rehearsed before.
  public boolean isDone(TenantId tenant, UUID id, String step) {
    return lines(tenant, id).stream()
        .anyMatch(line -> line.kind() == Line.Kind.STEP && line.name().equals(step));
  }

  /// Everything noted so far.
  public List<Line> lines(TenantId tenant, UUID id) {
    return tenancy.reading(tenant, () -> plans.lines(new PlanId(id)));
  }

  /// The step is rehearsed.
  public void step(Tracked order, String said) {
    note(order, new Line(Line.Kind.STEP, order.step(), order.title(), inWords(said), false));
  }

  /// What the step would do outside.
  public void effect(Tracked order, String what) {
    var said = inWords(what);
    var name = order.step() + ": " + said;
    note(
        order,
        new Line(
            Line.Kind.EFFECT,
            name.substring(0, Math.min(name.length(), 500)),
            order.step(),
            said,
            false));
  }

  /// Something seen for which a set-up would wait until somebody has acted.
  public void obstacle(TenantId tenant, UUID id, Cause cause, String seen) {
    note(tenant, id, new Line(Line.Kind.RISK, cause.code(), cause.what(), inWords(seen), true));
  }

  /// Something seen that a set-up does not wait for, but the tenant should know.
  ///
  /// @param name stable, kebab-case
  public void remark(Tracked order, String name, String title, String seen) {
    note(order, new Line(Line.Kind.RISK, name, title, inWords(seen), false));
  }

  /// What the seller's list says.
  public void price(Tracked order, Money price) {
    tenancy.run(order.tenant(), () -> plans.recordPrice(new PlanId(order.setup().value()), price));
  }

  /// The rehearsal has ended.
  public void finish(TenantId tenant, UUID id, Plan.State state) {
    tenancy.run(tenant, () -> plans.finish(new PlanId(id), state));
  }

  /// Reads outside. What does not answer, or says no, is an obstacle of the plan, and the rehearsal
  /// goes on without it. Empty: that was so.
  public <T> Optional<T> read(Tracked order, Area area, Supplier<T> reading) {
    try {
      return Optional.of(reading.get());
    } catch (OutsideException | ApplicationFailure thrown) {
      var failure = Failures.of(thrown, area);
      if (!failure.isNonRetryable()
          && Activity.getExecutionContext().getInfo().getAttempt() < TRIES) {
        throw failure;
      }
      obstacle(
          order.tenant(),
          order.setup().value(),
          Failures.causeIn(failure),
          failure.getOriginalMessage());
      return Optional.empty();
    }
  }

  private void note(Tracked order, Line line) {
    note(order.tenant(), order.setup().value(), line);
  }

  private void note(TenantId tenant, UUID id, Line line) {
    tenancy.run(tenant, () -> plans.note(new PlanId(id), line));
  }

  private static String inWords(String said) {
    return said.replace(FORETOLD.value(), FORETOLD_IN_WORDS);
  }
}
