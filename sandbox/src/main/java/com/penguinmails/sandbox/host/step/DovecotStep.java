package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Settings;

/// `250-dovecot`: IMAP over TLS on 993, LMTP and logins for Postfix.
final class DovecotStep implements Step {
  private static final String CONFIGURATION = "/etc/dovecot/dovecot.conf";
  private static final String SOCKETS = "/var/spool/postfix/private";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit("dovecot");
    var settings = Settings.of(step.disk().textOrEmpty(CONFIGURATION));
    if (verdict.isFine()) {
      verdict.expectValue("dovecot ssl", settings.getOrDefault("ssl", ""), "required");
      verdict.expectValue("dovecot protocols", settings.getOrDefault("protocols", ""), "imap lmtp");
      if (!step.machine().greeting(993).startsWith("* OK")) {
        verdict.finds(State.DRIFT, "no IMAP greeting on port 993: \"\"");
      }
      if (!step.disk().isDirectory(SOCKETS)) {
        verdict.finds(State.DRIFT, "the sockets for Postfix are missing");
      }
    }
    return verdict.answer("greets on 993: " + settings.getOrDefault("login_greeting", ""));
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    if (!step.disk().isDirectory(SOCKETS)) {
      step.disk().makeDirectory(SOCKETS, "postfix:root", "0700");
    }
    step.runUnit("dovecot");
  }
}
