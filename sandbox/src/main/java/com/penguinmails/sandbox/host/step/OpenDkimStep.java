package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.List;
import java.util.stream.Collectors;

/// `210-opendkim`: one key per domain and selector, the newest signs.
final class OpenDkimStep implements Step {
  private static final String KEYS = "/etc/opendkim/keys";
  private static final int PORT = 8891;

  private static List<String[]> rows(StepContext step, String table) {
    return step.disk()
        .textOrEmpty("/etc/opendkim/" + table)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("\\s+"))
        .toList();
  }

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    for (var row : rows(step, "KeyTable")) {
      var key = row[1].split(":", 3); // domain, selector, file
      if (step.disk().exists(key[2]) && !Pem.isKey(step.disk().textOrEmpty(key[2]))) {
        verdict.finds(
            State.DRIFT, "the key of %s._domainkey.%s cannot be read".formatted(key[1], key[0]));
      }
    }
    verdict.expectUnit("opendkim");
    if (verdict.isFine() && !step.machine().isOpen(PORT)) {
      verdict.finds(State.DRIFT, "nothing listens on 127.0.0.1:8891");
    }
    return verdict.answer(
        "signs for: "
            + rows(step, "SigningTable").stream()
                .map(row -> row[0])
                .collect(Collectors.joining(" ")));
  }

  @Override
  public void begin(StepContext step) {
    if (!step.machine().accounts().containsKey("opendkim")) {
      throw new StepFailed("install: invalid group: 'opendkim'");
    }
    step.disk().makeDirectory(KEYS, "root:opendkim", "0750");
    step.changeFiles();
  }

  @Override
  public void end(StepContext step) {
    begin(step);
    step.runUnit("opendkim");
  }
}
