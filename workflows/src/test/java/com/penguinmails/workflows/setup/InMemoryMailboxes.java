package com.penguinmails.workflows.setup;

import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The mailboxes of the world's one server, as far as its workflow sees them.
final class InMemoryMailboxes implements MailboxActivities {
  final AtomicInteger withoutLogin = new AtomicInteger();
  final AtomicInteger comeWithTheNextVersion = new AtomicInteger();
  final AtomicInteger calls = new AtomicInteger();
  final AtomicInteger loginsOnHost = new AtomicInteger();
  final AtomicInteger removedFromHost = new AtomicInteger();
  volatile boolean areSecretsSealed;
  volatile Optional<Instant> nextRemoval = Optional.empty();
  private final AtomicLong serverVersion;
  private int logins;
  private int gone;

  InMemoryMailboxes(AtomicLong serverVersion) {
    this.serverVersion = serverVersion;
  }

  Optional<MailboxFacts> facts() {
    return withoutLogin.get() == 0 && nextRemoval.isEmpty()
        ? Optional.empty()
        : Optional.of(new MailboxFacts(withoutLogin.get(), nextRemoval));
  }

  /// A newer version is wanted, and what comes with it.
  synchronized void versionRaised() {
    withoutLogin.addAndGet(comeWithTheNextVersion.getAndSet(0));
  }

  /// The host has what was there when it was compared with the newest version.
  synchronized void applied(long version) {
    if (version == serverVersion.get()) {
      loginsOnHost.set(logins);
      removedFromHost.set(gone);
    }
  }

  @Override
  public synchronized LoginsMade makeLogins(MakeLogins order) {
    if (areSecretsSealed) {
      throw ApplicationFailure.newFailure(
          "sealed", FailureType.UNAVAILABLE.name(), Cause.SECRET_STORE_UNAVAILABLE.name());
    }
    calls.incrementAndGet();
    int made = Math.min(withoutLogin.get(), order.atMost());
    logins += made;
    withoutLogin.addAndGet(-made);
    serverVersion.incrementAndGet();
    return new LoginsMade(made);
  }

  @Override
  public synchronized GraceEnded endGrace(EndGrace order) {
    calls.incrementAndGet();
    if (nextRemoval.filter(at -> !at.isAfter(order.now())).isEmpty()) {
      return new GraceEnded(0);
    }
    nextRemoval = Optional.empty();
    gone++;
    serverVersion.incrementAndGet();
    return new GraceEnded(1);
  }
}
