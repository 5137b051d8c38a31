package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.Hashes;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.machine.Memory;
import com.penguinmails.sandbox.host.machine.Packages;
import com.penguinmails.sandbox.host.machine.Systemd;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a step has at hand: its inputs and files, and how steps look at a host and change it
/// (`facts.sh`).
final class StepContext {
  private static final String BEFORE = Places.STATE + "/before/";
  private static final String HELD = Places.STATE + "/held/";

  private final Machine machine;
  private final Bundle bundle;
  private final String name;
  private final Map<String, String> inputs;
  private final Installer installer;
  private boolean isChanged;

  StepContext(Machine machine, Bundle bundle, String name) {
    this.machine = machine;
    this.bundle = bundle;
    this.name = name;
    this.inputs = bundle.inputs(machine.disk(), name);
    this.installer = new Installer(machine);
  }

  String name() {
    return name;
  }

  Machine machine() {
    return machine;
  }

  Disk disk() {
    return machine.disk();
  }

  Systemd systemd() {
    return machine.systemd();
  }

  Packages packages() {
    return machine.packages();
  }

  Memory memory() {
    return machine.memory();
  }

  boolean isContainer() {
    return machine.hardware().isContainer();
  }

  String input(String variable) {
    return Optional.ofNullable(inputs.get(variable))
        .orElseThrow(() -> new StepFailed(variable + ": unbound variable"));
  }

  /// A blank-separated input.
  List<String> words(String variable) {
    return List.of(input(variable).strip().split("\\s+")).stream()
        .filter(word -> !word.isEmpty())
        .toList();
  }

  List<Bundle.ListedFile> files() {
    return bundle.files(disk(), name);
  }

  List<String> staleFiles() {
    return installer.stale(bundle, name);
  }

  Verdict verdict() {
    return new Verdict(this);
  }

  StepAnswer notApplicable(String reason) {
    return new StepAnswer(name, State.NOT_APPLICABLE, reason);
  }

  /// Puts the step's files in place. `isChanged` then tells whether a program must be told.
  void changeFiles() {
    installer.place(bundle, name);
    staleFiles().forEach(target -> installer.remove(name, target));
    isChanged |= installer.isPending(name);
  }

  boolean isChanged() {
    return isChanged;
  }

  void changed() {
    this.isChanged = true;
  }

  /// Enabled and running with the present files; reloaded or restarted when they changed.
  void runUnit(String unit) {
    disk().remove(HELD + unit.replaceFirst("\\.service$", "") + ".service");
    systemd().enable(unit);
    if (!systemd().isActive(unit)) {
      started(unit);
    } else if (isChanged) {
      check(unit, systemd().reload(unit));
    }
  }

  void started(String unit) {
    check(unit, systemd().start(unit));
  }

  private static void check(String unit, Optional<String> complaint) {
    if (complaint.isPresent()) {
      throw broken("%s did not start: %s".formatted(unit, complaint.get()));
    }
  }

  boolean isHeld(String unit) {
    return disk().exists(HELD + unit.replaceFirst("\\.service$", "") + ".service");
  }

  void hold(String unit) {
    disk().write(HELD + unit, "");
  }

  static StepFailed broken(String text) {
    return StepFailed.withCode("broken", text);
  }

  void needFreeMib(String below, int wanted) {
    int free = machine.conditions().diskFreeMib();
    if (free < wanted) {
      throw StepFailed.withCode(
          "disk-full",
          "%d MiB free below %s, %d MiB needed. Free some space, then try again."
              .formatted(free, below, wanted));
    }
  }

  private static String beforeOf(String file) {
    return BEFORE + file.replace('/', '%');
  }

  /// Before the first change of a file that is not ours to own.
  void keepBefore(String file) {
    var kept = beforeOf(file);
    if (disk().exists(kept) || disk().exists(kept + ".absent")) {
      return;
    }
    disk()
        .node(file)
        .ifPresentOrElse(node -> disk().put(kept, node), () -> disk().write(kept + ".absent", ""));
  }

  /// After each change.
  void markOurs(String file) {
    disk().write(beforeOf(file) + ".ours", hash(file));
  }

  /// Unless somebody else has changed it since.
  void putBack(String file) {
    var kept = beforeOf(file);
    if (disk().exists(file) && !hash(file).equals(disk().textOrEmpty(kept + ".ours"))) {
      return;
    }
    if (disk().exists(kept)) {
      disk().put(file, disk().node(kept).orElseThrow());
    } else if (disk().exists(kept + ".absent")) {
      disk().remove(file);
    }
  }

  private String hash(String file) {
    return disk().node(file).map(node -> Hashes.of(node.content())).orElse("");
  }
}
