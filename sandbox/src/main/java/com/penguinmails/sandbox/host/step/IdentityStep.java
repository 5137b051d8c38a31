package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.ArrayList;
import java.util.List;

/// `010-identity`: host name, its line in `/etc/hosts`, and UTC.
final class IdentityStep implements Step {
  private static final String HOSTNAME = "/etc/hostname";
  private static final String HOSTS = "/etc/hosts";
  private static final String LOCALTIME = "/etc/localtime";
  private static final String ZONES = "/usr/share/zoneinfo/";
  private static final List<String> FILES = List.of(HOSTNAME, HOSTS, LOCALTIME, "/etc/timezone");

  @Override
  public StepAnswer probe(StepContext step) {
    var name = step.input("FQDN");
    var verdict = step.verdict();
    verdict.expectValue("kernel host name", step.memory().hostname(), name);
    verdict.expectValue(
        HOSTNAME, step.disk().textOrEmpty(HOSTNAME).lines().findFirst().orElse(""), name);
    if (!leadsToAddressAlone(step)) {
      verdict.finds(
          State.DRIFT,
          "/etc/hosts does not lead %s to %s alone".formatted(name, step.input("ADDRESS")));
    }
    verdict.expectValue(
        "time zone", step.disk().link(LOCALTIME).orElse(LOCALTIME).replace(ZONES, ""), "Etc/UTC");
    return verdict.answer("%s is %s, clock in UTC".formatted(name, step.input("ADDRESS")));
  }

  private static boolean leadsToAddressAlone(StepContext step) {
    var leading =
        step.disk()
            .textOrEmpty(HOSTS)
            .lines()
            .filter(line -> !line.strip().startsWith("#"))
            .map(line -> List.of(line.strip().split("\\s+")))
            .filter(words -> words.subList(1, words.size()).contains(step.input("FQDN")))
            .map(List::getFirst)
            .toList();
    return !leading.isEmpty() && leading.stream().allMatch(step.input("ADDRESS")::equals);
  }

  @Override
  public void end(StepContext step) {
    step.needFreeMib("/", 50);
    FILES.forEach(step::keepBefore);
    step.disk().write(HOSTNAME, step.input("FQDN") + "\n");
    step.memory().hostname(step.input("FQDN"));
    if (!leadsToAddressAlone(step)) {
      step.disk().write(HOSTS, hosts(step));
    }
    step.disk().writeLink(LOCALTIME, ZONES + "Etc/UTC");
    step.disk().write("/etc/timezone", "Etc/UTC\n");
    FILES.forEach(step::markOurs);
  }

  private static String hosts(StepContext step) {
    var name = step.input("FQDN");
    var shortName = name.substring(0, name.indexOf('.'));
    var lines = new StringBuilder();
    for (var line : step.disk().textOrEmpty(HOSTS).lines().toList()) {
      var words = new ArrayList<>(List.of(line.strip().split("\\s+")));
      if (line.isBlank() || line.strip().startsWith("#")) {
        lines.append(line).append('\n');
        continue;
      }
      var address = words.removeFirst();
      words.removeIf(
          word -> word.equals(name) || (address.startsWith("127.0.1.") && word.equals(shortName)));
      if (!words.isEmpty()) {
        lines.append(address).append(' ').append(String.join(" ", words)).append('\n');
      }
    }
    return lines + "%s %s %s\n".formatted(step.input("ADDRESS"), name, shortName);
  }

  @Override
  public void undo(StepContext step) {
    FILES.forEach(step::putBack);
    var name = step.disk().textOrEmpty(HOSTNAME).strip();
    if (!name.isEmpty()) {
      step.memory().hostname(name);
    }
  }
}
