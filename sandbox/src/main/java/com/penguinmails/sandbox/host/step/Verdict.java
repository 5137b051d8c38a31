package com.penguinmails.sandbox.host.step;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepAnswer.State;
import java.util.ArrayList;
import java.util.List;

/// What a probe finds, judged as `facts.sh` does: DRIFT outweighs PARTIAL, PARTIAL ABSENT.
final class Verdict {
  private final StepContext step;
  private final List<String> found = new ArrayList<>();
  private State state = State.OK;

  Verdict(StepContext step) {
    this.step = step;
  }

  boolean isFine() {
    return state == State.OK;
  }

  State state() {
    return state;
  }

  void finds(State worse, String text) {
    state =
        switch (worse) {
          case DRIFT -> State.DRIFT;
          case PARTIAL -> state == State.DRIFT ? State.DRIFT : State.PARTIAL;
          case ABSENT -> state == State.OK ? State.ABSENT : state;
          case OK, NOT_APPLICABLE -> throw new IllegalArgumentException("not a finding: " + worse);
        };
    found.add(text);
  }

  /// Files of the step: all missing is ABSENT, anything else that differs is DRIFT.
  void expectFiles() {
    var drift = new ArrayList<String>();
    for (var file : step.files()) {
      var is = step.disk().look(file.target());
      if (is.isEmpty()) {
        drift.add("missing " + file.target());
      } else if (!is.equals(Installer.wanted(file))) {
        drift.add("changed " + file.target());
      }
    }
    step.staleFiles().forEach(target -> drift.add("stale " + target));
    if (!drift.isEmpty()) {
      finds(
          drift.stream().allMatch(line -> line.startsWith("missing")) ? State.ABSENT : State.DRIFT,
          String.join("\n", drift));
    }
  }

  /// Enabled and running.
  void expectUnit(String unit) {
    var active = step.systemd().activity(unit);
    var enabled = step.systemd().enablement(unit);
    if (active.equals("active") && enabled.equals("enabled")) {
      return;
    }
    if (step.isHeld(unit)) {
      finds(State.ABSENT, unit + " is held until it is configured");
    } else if (enabled.isEmpty()) {
      finds(State.ABSENT, unit + " is not there");
    } else {
      finds(State.DRIFT, "%s is %s, %s".formatted(unit, active, enabled));
    }
  }

  void expectValue(String name, String actual, String wanted) {
    if (!actual.equals(wanted)) {
      finds(State.DRIFT, "%s is \"%s\", not \"%s\"".formatted(name, actual, wanted));
    }
  }

  /// OK with the text, or what was found.
  StepAnswer answer(String text) {
    return new StepAnswer(step.name(), state, found.isEmpty() ? text : String.join("; ", found));
  }
}
