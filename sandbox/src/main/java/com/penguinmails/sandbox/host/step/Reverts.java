package com.penguinmails.sandbox.host.step;

import com.penguinmails.sandbox.host.machine.Machine;
import java.time.Duration;
import java.time.Instant;

/// `penguin-revert`: a change that could lock everybody out is taken back after five minutes,
/// unless a login of ours came in since.
public final class Reverts {
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final String PENDING = Places.STATE + "/unproved/";

  private Reverts() {}

  static String timer(String name) {
    return "penguin-revert@" + name + ".timer";
  }

  static void arm(Machine machine, String name) {
    machine.disk().write(PENDING + name, machine.now().toString());
    machine.systemd().enable(timer(name));
    machine.memory().timers().put(timer(name), machine.now().plus(PATIENCE));
  }

  static String ask(Machine machine, String name) {
    return isProved(machine, name)
        ? "proved by a login"
        : "stays once our next login has come in, within five minutes";
  }

  private static boolean isProved(Machine machine, String name) {
    var login = machine.logins().getOrDefault("penguin", Instant.EPOCH);
    return machine
        .disk()
        .text(PENDING + name)
        .map(since -> !login.isBefore(Instant.parse(since)))
        .orElse(true);
  }

  /// What the timer runs.
  ///
  /// @param name `sshd` or `firewall`
  public static void due(Machine machine, String name) {
    if (!isProved(machine, name)) {
      if (name.equals("sshd")) {
        machine.disk().remove(SshdStep.DROP_IN);
        machine.systemd().reload("ssh");
      } else {
        machine.systemd().disable("penguin-firewall");
        machine.systemd().stop("penguin-firewall");
      }
    }
    machine.disk().remove(PENDING + name);
    machine.systemd().disable(timer(name));
    machine.memory().timers().remove(timer(name));
  }
}
