package com.penguinmails.workflows.server;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.ProviderServerId;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.SetupId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.OrderActivities.AddressTry;
import com.penguinmails.workflows.server.OrderActivities.OrderFacts;
import com.penguinmails.workflows.server.TriageActivities.AddressChange;
import com.penguinmails.workflows.server.TriageActivities.AwaitMoved;
import com.penguinmails.workflows.server.TriageActivities.ChangeAddress;
import com.penguinmails.workflows.server.TriageActivities.ProbeOutgoing;
import com.penguinmails.workflows.server.TriageActivities.ReplaceServer;
import com.penguinmails.workflows.server.TriageActivities.SwitchOff;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Pace;
import com.penguinmails.workflows.temporal.Stopped;
import com.penguinmails.workflows.temporal.Trouble;
import io.temporal.activity.ActivityOptions;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.TimerOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// What is done when mail may not be sent from what was bought: first another address, once; then
/// another server, once; both within the budget. A try that was refused for certain is none. What
/// is left is for staff to decide, while it is looked at again. Every turn begins with the rows;
/// staff are told of what is replaced when that is written.
final class ServerTriage {
  private final TenantId tenant;
  private final ServerId server;
  private final Pace pace;
  private final EntityLoop loop;
  private final Supplier<SetupId> setup;
  private final Supplier<Optional<OrderFacts>> rows;

  /// @param setup on whose page the work appears
  /// @param rows the order as it is now
  ServerTriage(
      TenantId tenant,
      ServerId server,
      Pace pace,
      EntityLoop loop,
      Supplier<SetupId> setup,
      Supplier<Optional<OrderFacts>> rows) {
    this.tenant = tenant;
    this.server = server;
    this.pace = pace;
    this.loop = loop;
    this.setup = setup;
    this.rows = rows;
  }

  /// The address that counts after a change that was tried: the other one, once it shows. One that
  /// does not show in the seller's usual time is waited for no longer, only looked at.
  IpAddress settled(OrderFacts order, ProviderServerId found, IpAddress seen) {
    var change = order.addressTry().filter(AddressTry::isUnclear);
    if (change.isEmpty()) {
      return seen;
    }
    var from = change.get().from();
    var left = Duration.between(now(), change.get().triedAt().plus(order.grace()));
    boolean isMoved = !seen.equals(from);
    if (!isMoved && !left.isPositive()) {
      return seen;
    }
    loop.says("Waiting until server %s has another address than %s.".formatted(found, from));
    try {
      return loop.interruptible(() ->
              activities(
                      ActivityProfiles.vpsWithin(
                          "Waiting until " + found + " has another address",
                          order.provider(),
                          pace,
                          isMoved ? pace.patience() : left))
                  .awaitMoved(
                      new AwaitMoved(
                          tenant,
                          server,
                          order.order(),
                          setup.get(),
                          found,
                          change.get().attempt(),
                          from,
                          pace.poll())))
          .address();
    } catch (ActivityFailure failure) {
      if (failure.getRetryState() == RetryState.RETRY_STATE_TIMEOUT && !isMoved) {
        return seen;
      }
      throw failure;
    }
  }

  /// What speaks against sending from the server's port 25; empty when it is open. After a change
  /// of address a server is silent for ten minutes and more: that alone speaks against nothing.
  Optional<Trouble> outgoing(OrderFacts order, ProviderServerId found, IpAddress address) {
    try {
      var probed =
          loop.interruptible(() ->
              activities(
                      ActivityProfiles.sshWithin(
                          "Trying whether " + address + " may send mail",
                          pace,
                          order.builtWithin()))
                  .probeOutgoing(
                      new ProbeOutgoing(
                          tenant,
                          server,
                          order.order(),
                          setup.get(),
                          found,
                          address,
                          pace.poll())));
      return probed.isOpen()
          ? Optional.empty()
          : Optional.of(new Trouble(Cause.PORT_25_BLOCKED, probed.evidence()));
    } catch (ActivityFailure failure) {
      var trouble = Trouble.of(failure);
      if (trouble.cause() != Cause.SERVER_SILENT) {
        throw failure;
      }
      throw new Stopped(
          new Trouble(
              Cause.PROVIDER_SERVER_FAILED,
              "Silent for %d s, and still tried. %s"
                  .formatted(order.builtWithin().toSeconds(), trouble.evidence())));
    }
  }

  /// Ends when there is, or may be, another address or another order: read the rows again.
  ///
  /// @throws Stopped neither can be had; the evidence says why, and what to decide
  void replace(OrderFacts order, ProviderServerId found, IpAddress address, Trouble why) {
    String noAddress = "";
    var counts = order.addressTry().filter(last -> last.refused().isEmpty());
    if (counts.isEmpty()) {
      switch (change(order, found, address)) {
        case AddressChange.Ordered _, AddressChange.Unclear _, AddressChange.Outdated _ -> {
          return;
        }
        case AddressChange.Later later -> {
          waitFor(later);
          return;
        }
        case AddressChange.NotMade not -> noAddress = not.evidence();
      }
    } else {
      noAddress = changedBefore(counts.get(), address);
    }
    var replaced =
        activities(
                ActivityProfiles.vps(
                    "Replacing " + found + ": " + why.cause(), order.provider(), pace))
            .replaceServer(new ReplaceServer(tenant, server, order.order(), setup.get(), found));
    if (!replaced.isReplaced()) {
      throw new Stopped(
          new Trouble(
              why.cause(),
              "%s. %s %s To decide: have it put right at the seller, or cancel."
                  .formatted(why.evidence(), noAddress, replaced.evidence())));
    }
  }

  /// Comes before anything else is done about the order, and so in every turn until its seller has
  /// answered: what was replaced does not run on for want of a second try.
  void switchEarlierOff(OrderFacts order) {
    order
        .earlier()
        .ifPresent(earlier ->
            activities(
                    ActivityProfiles.vps(
                        "Switching " + earlier.found() + " off, which was replaced",
                        order.provider(),
                        pace))
                .switchOff(
                    new SwitchOff(tenant, server, earlier.order(), setup.get(), earlier.found())));
  }

  private static String changedBefore(AddressTry change, IpAddress address) {
    return change.from().equals(address)
        ? "Another address was ordered, and it is still %s.".formatted(address)
        : "It has got another address already: %s before.".formatted(change.from());
  }

  /// As long as the seller asks for, and no shorter than between two looks.
  ///
  /// @throws Stopped it asks and asks: somebody is told, and the run may continue as new
  private void waitFor(AddressChange.Later later) {
    var after = later.after().compareTo(pace.poll()) > 0 ? later.after() : pace.poll();
    loop.says("Waiting until the seller takes orders again. " + later.evidence());
    loop.interruptible(() ->
        Workflow.newTimer(
                after,
                TimerOptions.newBuilder().setSummary("Until the seller takes orders again").build())
            .get());
    if (loop.isRunLong()) {
      throw new Stopped(new Trouble(Cause.PROVIDER_UNREACHABLE, later.evidence()));
    }
  }

  /// One attempt for ever, as with a purchase.
  private AddressChange change(OrderFacts order, ProviderServerId found, IpAddress address) {
    int attempt = order.addressTry().map(AddressTry::attempt).orElse(0) + 1;
    try {
      return activities(
              ActivityProfiles.vpsOnce("Changing the address of " + found, order.provider(), pace))
          .changeAddress(
              new ChangeAddress(
                  tenant, server, order.order(), setup.get(), found, attempt, address));
    } catch (ActivityFailure failure) {
      if (failure.getCause() instanceof CanceledFailure) {
        throw failure;
      }
      var trouble = Trouble.of(failure);
      var begun = rows.get().flatMap(OrderFacts::addressTry).map(AddressTry::attempt);
      if (begun.filter(last -> last >= attempt).isEmpty()) {
        throw new Stopped(trouble); // nobody was asked to change anything
      }
      return new AddressChange.Unclear("The try was cut off: " + trouble.evidence());
    }
  }

  private static Instant now() {
    return Instant.ofEpochMilli(Workflow.currentTimeMillis());
  }

  private static TriageActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(TriageActivities.class, options);
  }
}
