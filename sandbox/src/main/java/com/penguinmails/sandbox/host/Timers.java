package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Reverts;
import java.util.List;

/// What goes off by itself on a host.
final class Timers {
  private Timers() {}

  /// Lets go off what is due.
  ///
  /// @return whether our login has gone
  static boolean fire(Machine machine, Staging staging) {
    boolean isAnyDue =
        machine.look(() ->
            machine.isOn()
                && machine.memory().timers().values().stream()
                    .anyMatch(due -> !due.isAfter(machine.now())));
    return isAnyDue && machine.with(() -> fireDue(machine, staging));
  }

  private static boolean fireDue(Machine machine, Staging staging) {
    boolean hasLeft = false;
    for (var timer : List.copyOf(machine.memory().timers().entrySet())) {
      if (timer.getValue().isAfter(machine.now())) {
        continue;
      }
      switch (timer.getKey()) {
        case Leaving.UNIT -> {
          Leaving.leave(machine, staging);
          hasLeft = true;
        }
        case Contact.REVERT -> Contact.revert(machine);
        case "penguin-revert@sshd.timer" -> Reverts.due(machine, "sshd");
        case "penguin-revert@firewall.timer" -> Reverts.due(machine, "firewall");
        default -> throw new IllegalStateException("no timer " + timer.getKey());
      }
    }
    return hasLeft;
  }
}
