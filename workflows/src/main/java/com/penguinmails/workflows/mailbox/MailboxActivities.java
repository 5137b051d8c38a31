package com.penguinmails.workflows.mailbox;

import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.temporal.TenantScoped;
import io.temporal.activity.ActivityInterface;
import java.time.Instant;
import java.util.Optional;

/// What a server's workflow asks of the database before it converges, for the mailboxes on it.
/// Every method may be run more than once.
@ActivityInterface(namePrefix = "Mailbox.")
public interface MailboxActivities {
  /// Makes the logins of some mailboxes that were ordered, and raises the server's desired version.
  LoginsMade makeLogins(MakeLogins order);

  /// Wants the mail of mailboxes gone whose time of grace is over, and raises the server's desired
  /// version.
  GraceEnded endGrace(EndGrace order);

  /// What the mailboxes of a server ask for.
  ///
  /// @param withoutLogin ordered, and without a login yet
  /// @param nextRemoval when the next time of grace ends
  record MailboxFacts(int withoutLogin, Optional<Instant> nextRemoval) {}

  /// @param atMost how many; making one costs a processor some 30 ms
  record MakeLogins(TenantId tenant, ServerId server, int atMost) implements TenantScoped {}

  record LoginsMade(int made) {}

  /// @param now as the workflow sees it: whoever waits and whoever looks must agree
  record EndGrace(TenantId tenant, ServerId server, Instant now) implements TenantScoped {}

  record GraceEnded(int ended) {}
}
