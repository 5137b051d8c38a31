package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Settings;
import java.util.List;
import java.util.Map;

/// `260-postfix`: mail on 25, logins on 587 and 465, relaying for nobody.
final class PostfixStep implements Step {
  private static final String UNIT = "postfix";
  private static final String INSTANCE = "postfix@-.service";
  private static final List<Integer> GREETING = List.of(25, 587, 465);

  @Override
  public StepAnswer probe(StepContext step) {
    var name = step.input("FQDN");
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit(UNIT);
    if (verdict.isFine()) {
      if (!step.systemd().isActive(INSTANCE)) {
        verdict.finds(State.DRIFT, INSTANCE + " is not running");
      }
      var settings = Settings.of(step.disk().textOrEmpty("/etc/postfix/main.cf"));
      wanted(name)
          .forEach((setting, value) ->
              verdict.expectValue("postfix " + setting, settings.getOrDefault(setting, ""), value));
      for (int port : GREETING) {
        var line = step.machine().greeting(port);
        if (!line.startsWith("220 %s ESMTP".formatted(name))) {
          verdict.finds(
              State.DRIFT,
              "port %d says \"%s\"%s".formatted(port, line, port == 465 ? " over TLS" : ""));
        }
      }
    }
    return verdict.answer("220 %s ESMTP on 25, 587 and 465".formatted(name));
  }

  private static Map<String, String> wanted(String name) {
    return Map.of(
        "myhostname", name,
        "mynetworks", "127.0.0.0/8",
        "smtpd_relay_restrictions",
            "permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
        "smtpd_tls_auth_only", "yes",
        "smtpd_sasl_auth_enable", "no",
        "milter_default_action", "tempfail");
  }

  @Override
  public void begin(StepContext step) {
    step.needFreeMib("/var/spool", 100);
    if (!step.systemd().isActive(INSTANCE) && step.machine().isOpen(25)) {
      throw StepFailed.withCode(
          "foreign-mail",
          "port 25 is taken by another program: %s. Nothing of it was touched."
              .formatted(step.machine().greeting(25)));
    }
    step.changeFiles();
  }

  @Override
  public void end(StepContext step) {
    begin(step);
    PackagesStep.unmaskPostfixGenerator(step);
    step.runUnit(UNIT);
    step.started(INSTANCE);
  }
}
