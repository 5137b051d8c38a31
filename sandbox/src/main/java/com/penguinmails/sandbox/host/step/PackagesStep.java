package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.List;

/// `020-packages`: all packages of the host, none of their services started.
final class PackagesStep implements Step {
  private static final String POLICY = "/usr/sbin/policy-rc.d";
  private static final String POLICY_MARK = "# written by penguin for one apt run";
  private static final String SECURITY = "/etc/apt/sources.list.d/penguin-security.list";
  private static final String GENERATOR =
      "/run/systemd/system-generators/postfix-instance-generator";
  private static final String MASK = Places.STATE + "/masked-generator";

  @Override
  public StepAnswer probe(StepContext step) {
    var verdict = step.verdict();
    verdict.expectFiles();
    var broken = step.packages().unfinished();
    if (!broken.isEmpty()) {
      verdict.finds(State.PARTIAL, "half installed: " + String.join(" ", broken));
    }
    if (isHolding(step)) {
      verdict.finds(State.PARTIAL, "policy-rc.d of an interrupted apt run is still there");
    }
    if (!hasSecurity(step)) {
      verdict.finds(State.ABSENT, "no source of security updates");
    }
    int wanted = step.words("PACKAGES").size();
    var missing = missing(step);
    if (missing.size() == wanted) {
      verdict.finds(State.ABSENT, "none of the %d packages is installed".formatted(wanted));
    } else if (!missing.isEmpty()) {
      verdict.finds(State.PARTIAL, "not installed: " + String.join(" ", missing));
    }
    return verdict.answer("all %d packages are installed".formatted(wanted));
  }

  private static boolean isHolding(StepContext step) {
    return step.disk().textOrEmpty(POLICY).contains(POLICY_MARK);
  }

  private static boolean hasSecurity(StepContext step) {
    return step.disk().below("/etc/apt").stream()
        .filter(path -> path.startsWith("/etc/apt/sources.list"))
        .flatMap(path -> step.disk().textOrEmpty(path).lines())
        .anyMatch(
            line -> line.matches("(deb |URIs:).*(debian-security|security\\.debian\\.org).*"));
  }

  private static List<String> missing(StepContext step) {
    return step.words("PACKAGES").stream()
        .filter(name -> !step.packages().isInstalled(name))
        .toList();
  }

  private static void endHold(StepContext step) {
    if (isHolding(step)) {
      step.disk().remove(POLICY);
    }
  }

  private static boolean isDone(StepContext step) {
    return missing(step).isEmpty() && step.packages().unfinished().isEmpty() && hasSecurity(step);
  }

  /// Up to where apt has begun: one package is unpacked by half.
  @Override
  public void begin(StepContext step) {
    endHold(step);
    if (isDone(step)) {
      step.changeFiles();
      return;
    }
    step.needFreeMib("/var", 700);
    if (!hasSecurity(step)) {
      step.disk()
          .write(SECURITY, "deb http://deb.debian.org/debian-security bookworm-security main\n");
    }
    step.words("HELD_UNITS").stream()
        .filter(unit -> !step.systemd().exists(unit))
        .forEach(step::hold);
    step.changeFiles();
    maskPostfixGenerator(step);
    Apt.check(step.machine().conditions(), step.input("LOCK_SECONDS"));
    if (!step.disk().exists(POLICY)) {
      step.disk().write(POLICY, "#!/bin/sh\n" + POLICY_MARK + "\nexit 101\n", "root:root", "0755");
    }
    listPackages(step);
    missing(step).stream().findFirst().ifPresent(step.packages()::unpackByHalf);
  }

  /// For the helper, which counts what came.
  static void listPackages(StepContext step) {
    var before = Places.STATE + "/packages-before-" + step.name();
    if (!step.disk().exists(before)) {
      step.disk().write(before, String.join("\n", step.packages().installed()) + "\n");
    }
  }

  private static void maskPostfixGenerator(StepContext step) {
    if (step.words("PACKAGES").contains("postfix")
        && !step.disk().exists("/etc/postfix/main.cf")
        && !step.disk().exists(GENERATOR)) {
      step.disk().write(MASK, "");
      step.disk().writeLink(GENERATOR, MASK);
    }
  }

  static void unmaskPostfixGenerator(StepContext step) {
    if (step.disk().link(GENERATOR).filter(MASK::equals).isPresent()) {
      step.disk().remove(GENERATOR);
    }
  }

  @Override
  public void end(StepContext step) {
    if (isDone(step)) {
      step.changeFiles();
      return;
    }
    try {
      Apt.check(step.machine().conditions(), step.input("LOCK_SECONDS"));
      step.packages().purge(step.words("REMOVABLE"));
      step.packages().install(step.packages().unfinished());
      step.packages().install(missing(step));
    } finally {
      endHold(step);
    }
  }

  @Override
  public void undo(StepContext step) {
    step.disk().remove(SECURITY);
    endHold(step);
    unmaskPostfixGenerator(step);
  }
}
