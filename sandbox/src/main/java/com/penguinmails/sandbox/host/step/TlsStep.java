package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `240-tls`: the certificate of mail and web.
final class TlsStep implements Step {
  private static final String KEY = "/etc/ssl/penguin/mail.key";
  private static final String CHAIN = "/etc/ssl/penguin/mail.fullchain.pem";
  private static final String SITE = "/etc/nginx/sites-enabled/penguin.conf";
  private static final String POSTFIX = "postfix@-.service";
  private static final DateTimeFormatter AS_OPENSSL =
      DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// Units by the port they show a certificate on; those not set up yet show nothing.
  private static Map<Integer, String> serving(StepContext step) {
    var units = new LinkedHashMap<Integer, String>();
    if (step.systemd().isActive(POSTFIX)) {
      units.put(465, POSTFIX);
    }
    if (step.systemd().isActive("dovecot")) {
      units.put(993, "dovecot");
    }
    if (step.disk().exists(SITE) && step.systemd().isActive("nginx")) {
      units.put(443, "nginx");
    }
    return units;
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var name = step.input("FQDN");
    var verdict = step.verdict();
    verdict.expectFiles();
    var until = "";
    if (step.disk().exists(KEY) && step.disk().exists(CHAIN)) {
      var ours = step.disk().textOrEmpty(CHAIN);
      var leaf = Pem.leaf(ours);
      if (leaf.isEmpty() || !Pem.belongTogether(step.disk().textOrEmpty(KEY), leaf.get())) {
        verdict.finds(State.DRIFT, "key and chain do not belong together");
      }
      if (leaf.isEmpty() || leaf.get().getNotAfter().toInstant().isBefore(step.machine().clock())) {
        verdict.finds(State.DRIFT, "the certificate has expired");
      }
      if (leaf.isEmpty() || !Pem.isFor(leaf.get(), name)) {
        verdict.finds(State.DRIFT, "the certificate is not for " + name);
      }
      until = leaf.map(l -> AS_OPENSSL.format(l.getNotAfter().toInstant())).orElse("");
      if (verdict.isFine()) {
        expectServed(step, verdict, ours);
      }
    }
    return verdict.answer("%s until %s".formatted(name, until));
  }

  private static void expectServed(StepContext step, Verdict verdict, String ours) {
    serving(step)
        .forEach((port, unit) -> {
          var shown = step.systemd().hasRead(unit, CHAIN);
          if (shown.isEmpty()) {
            verdict.finds(State.DRIFT, "port %d shows no certificate".formatted(port));
          } else if (!Pem.leaf(shown.get()).equals(Pem.leaf(ours))) {
            verdict.finds(State.DRIFT, "port %d shows another certificate".formatted(port));
          }
        });
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    var leaf = Pem.leaf(step.disk().textOrEmpty(CHAIN));
    if (leaf.isEmpty() || !Pem.belongTogether(step.disk().textOrEmpty(KEY), leaf.get())) {
      throw StepContext.broken(
          "key and chain of the certificate for %s do not belong together"
              .formatted(step.input("FQDN")));
    }
    for (var unit : List.of("dovecot", "nginx", POSTFIX)) {
      var complaint = step.systemd().reload(unit);
      if (complaint.isPresent()) {
        throw StepContext.broken(unit + " did not take the new certificate");
      }
    }
  }
}
