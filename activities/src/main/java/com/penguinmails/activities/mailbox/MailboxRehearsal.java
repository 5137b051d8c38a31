package com.penguinmails.activities.mailbox;

import com.penguinmails.workflows.mailbox.MailboxActivities;

/// Mailboxes of a rehearsal: the set-up's own one gets its login with the domain's keys, and no
/// others were ordered on a server that is not there.
public final class MailboxRehearsal implements MailboxActivities {
  @Override
  public LoginsMade makeLogins(MakeLogins order) {
    throw noneOrdered();
  }

  @Override
  public GraceEnded endGrace(EndGrace order) {
    throw noneOrdered();
  }

  private static IllegalStateException noneOrdered() {
    return new IllegalStateException("nobody orders mailboxes in a rehearsal");
  }
}
