package com.penguinmails.sandbox.host;

import static java.util.stream.Collectors.joining;

import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Bundle;
import com.penguinmails.sandbox.host.step.Manifest;
import com.penguinmails.sandbox.host.step.Places;
import com.penguinmails.sandbox.host.step.Steps;
import java.time.Duration;

/// What `penguin-step` does. Every answer is what it prints: JSON, one object a line.
final class StepHelper {
  private static final Duration FOR_PROBES = Duration.ofSeconds(20);
  private static final Duration LEAVING_TAKES = Duration.ofMillis(200); // 2 s on a real one

  private final Machine machine;
  private final Disk disk;
  private final Steps steps;
  private final Runs runs;
  private final UnitResults results;

  StepHelper(Machine machine, Steps steps, Runs runs) {
    this.machine = machine;
    this.disk = machine.disk();
    this.steps = steps;
    this.runs = runs;
    this.results = new UnitResults(machine);
  }

  private Bundle bundle(String hash) {
    if (!hash.matches("[0-9a-f]{64}")) {
      throw new HelperFailed(HelperFailed.WRONG_ARGUMENTS, "not a bundle: \"" + hash + "\"");
    }
    return machine
        .look(() -> Bundle.find(disk, hash))
        .orElseThrow(() ->
            new HelperFailed(HelperFailed.NO_BUNDLE, "no bundle %s on this host".formatted(hash)));
  }

  /// Whether the bundle may be applied here.
  void check(Bundle bundle) {
    var manifest = machine.look(() -> Manifest.read(disk));
    if (!manifest.server().equals(bundle.server())) {
      throw new HelperFailed(
          HelperFailed.OTHER_SERVER,
          "this host is server \"%s\", the bundle is for \"%s\""
              .formatted(manifest.server(), bundle.server()));
    }
    if (bundle.version() < manifest.version()) {
      throw new HelperFailed(
          HelperFailed.OLDER_VERSION,
          "version %d is older than %d, which this host already has"
              .formatted(bundle.version(), manifest.version()));
    }
  }

  void checkServer(String server) {
    if (!machine.look(() -> Manifest.read(disk)).server().equals(server)) {
      throw new HelperFailed(
          HelperFailed.OTHER_SERVER, "this host is not server \"%s\"".formatted(server));
    }
  }

  String probeAll(String hash) {
    var bundle = bundle(hash);
    if (!runs.tryLock(FOR_PROBES)) {
      throw new HelperFailed(HelperFailed.BUSY, "a step is being applied");
    }
    try {
      return machine.with(() -> {
        check(bundle);
        var rules = bundle.text(disk, "host/sudoers");
        if (!rules.isEmpty()) {
          disk.write(Places.RULES, rules, "root:root", "0440");
        }
        return bundle.steps().keySet().stream()
            .map(step -> UnitResults.line(steps.probe(bundle, step)) + "\n")
            .collect(joining());
      });
    } finally {
      runs.unlock();
    }
  }

  String start(String hash, String step, String token, int seconds) {
    var bundle = bundle(hash);
    var input = bundle.steps().get(step);
    if (input == null) {
      throw new HelperFailed(
          HelperFailed.NOT_ACCEPTABLE, "the bundle has no step \"%s\"".formatted(step));
    }
    check(bundle);
    var unit = "pm-%s-%s".formatted(step, input.substring(0, 12));
    startUnit(unit, token, new StepRun(this, unit, step, token, bundle));
    return status(unit, seconds);
  }

  String retire(String server, String token) {
    checkServer(server);
    startUnit("pm-retire", token, new RetireRun(this, server, token));
    return "{\"unit\":\"pm-retire\"}\n";
  }

  /// Unless there is something to attach to.
  private synchronized void startUnit(String unit, String token, Runs.Work work) {
    boolean isNew =
        !runs.isRunning(unit)
            && machine.with(() -> {
              if (results.hasSucceeded(unit, token)) {
                return false;
              }
              results.remove(unit);
              return true;
            });
    if (isNew) {
      runs.start(unit, work);
    }
  }

  String status(String unit, int seconds) {
    runs.awaitEnd(unit, Duration.ofSeconds(seconds));
    if (runs.isRunning(unit)) {
      return machine.look(() -> results.running(unit));
    }
    return machine
        .look(() -> results.find(unit))
        .orElseGet(() -> results.lost(unit, runs.result(unit)));
  }

  String settle(String server) {
    checkServer(server);
    return machine.with(() -> {
      machine.memory().timers().remove(Contact.REVERT);
      return "{\"settled\":%s}\n".formatted(disk.exists(Contact.DROP_IN));
    });
  }

  String leave(String server) {
    checkServer(server);
    machine.run(() -> {
      disk.write("/etc/systemd/system/" + Leaving.UNIT, "[Service]\nType=oneshot\n");
      machine.systemd().enable(Leaving.UNIT);
      machine.memory().timers().put(Leaving.UNIT, machine.now().plus(LEAVING_TAKES));
    });
    return "{\"leaving\":true}\n";
  }

  Machine machine() {
    return machine;
  }

  Steps steps() {
    return steps;
  }

  UnitResults results() {
    return results;
  }
}
