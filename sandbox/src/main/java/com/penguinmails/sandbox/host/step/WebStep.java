package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;

/// `270-web`: nginx serves MTA-STS policies and autoconfig over HTTPS.
final class WebStep implements Step {
  private static final String SITE = "/etc/nginx/sites-enabled/penguin.conf";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    verdict.expectUnit("nginx");
    if (verdict.isFine()) {
      for (var name : step.words("NAMES")) {
        var path =
            name.startsWith("mta-sts.") ? "/.well-known/mta-sts.txt" : "/mail/config-v1.1.xml";
        int code = answer(step, name, path);
        if (code != 200) {
          verdict.finds(State.DRIFT, "https://%s%s answers %03d".formatted(name, path, code));
        }
      }
    }
    return verdict.answer("served over https: " + step.input("NAMES"));
  }

  private static int answer(StepContext step, String name, String path) {
    var site = step.systemd().hasRead("nginx", SITE);
    if (site.isEmpty()) {
      return 0;
    }
    boolean isServed =
        site.get()
            .lines()
            .map(String::strip)
            .anyMatch(line ->
                line.startsWith("server_name ")
                    && " %s ".formatted(line.replace(";", "")).contains(" " + name + " "));
    return isServed && step.disk().isFile("/var/www/penguin/" + name + path) ? 200 : 404;
  }

  @Override
  public void end(StepContext step) {
    step.changeFiles();
    step.runUnit("nginx");
  }
}
