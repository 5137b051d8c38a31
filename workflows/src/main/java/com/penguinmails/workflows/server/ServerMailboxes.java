package com.penguinmails.workflows.server;

import com.penguinmails.workflows.mailbox.MailboxActivities;
import com.penguinmails.workflows.mailbox.MailboxActivities.EndGrace;
import com.penguinmails.workflows.mailbox.MailboxActivities.MailboxFacts;
import com.penguinmails.workflows.mailbox.MailboxActivities.MakeLogins;
import com.penguinmails.workflows.model.ServerId;
import com.penguinmails.workflows.model.TenantId;
import com.penguinmails.workflows.server.ServerActivities.ServerFacts;
import com.penguinmails.workflows.temporal.ActivityProfiles;
import com.penguinmails.workflows.temporal.EntityLoop;
import com.penguinmails.workflows.temporal.Pace;
import io.temporal.activity.ActivityOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/// The mailboxes of a server, before the host is compared: logins are made, and removals fall due.
/// However many there are, the host converges once afterwards. Part of the server's workflow.
final class ServerMailboxes {
  private static final int AT_ONCE = 50;

  private final TenantId tenant;
  private final ServerId server;
  private final Pace pace;
  private final Supplier<ServerFacts> read;
  private Optional<Instant> nextRemoval;

  /// @param read asks how far the server is
  /// @param nextRemoval as the run before knew it
  ServerMailboxes(
      TenantId tenant,
      ServerId server,
      Pace pace,
      Supplier<ServerFacts> read,
      Optional<Instant> nextRemoval) {
    this.tenant = tenant;
    this.server = server;
    this.pace = pace;
    this.read = read;
    this.nextRemoval = nextRemoval;
  }

  /// Does what the facts ask for until they ask for nothing more, and answers the last ones: those
  /// given when there was nothing to do.
  ServerFacts settled(ServerFacts given) {
    var facts = given;
    while (!facts.isRetireWanted() && isDone(facts)) {
      facts = read.get();
    }
    nextRemoval = facts.mailboxes().flatMap(MailboxFacts::nextRemoval);
    return facts;
  }

  /// Whether anything was asked for, and is done now.
  private boolean isDone(ServerFacts facts) {
    if (facts.mailboxes().isEmpty()) {
      return false;
    }
    var asked = facts.mailboxes().get();
    var now = Instant.ofEpochMilli(Workflow.currentTimeMillis());
    if (asked.withoutLogin() > 0) {
      activities(
              ActivityProfiles.secrets(
                  "Making passwords for mailboxes on " + facts.hostname(), pace))
          .makeLogins(new MakeLogins(tenant, server, AT_ONCE));
      return true;
    }
    if (asked.nextRemoval().filter(at -> !at.isAfter(now)).isPresent()) {
      activities(
              ActivityProfiles.store(
                  "The time of grace of removed mailboxes on " + facts.hostname() + " is over",
                  pace))
          .endGrace(new EndGrace(tenant, server, now));
      return true;
    }
    return false;
  }

  /// When there is work without a request; rounded up, so that it is due when the timer fires.
  Optional<EntityLoop.Due> due() {
    return nextRemoval.map(at ->
        new EntityLoop.Due(
            Duration.ofMillis(Math.max(1, at.toEpochMilli() + 1 - Workflow.currentTimeMillis())),
            "Until the time of grace of a removed mailbox is over"));
  }

  /// To be carried to the next run.
  Optional<Instant> nextRemoval() {
    return nextRemoval;
  }

  private static MailboxActivities activities(ActivityOptions options) {
    return Workflow.newActivityStub(MailboxActivities.class, options);
  }
}
