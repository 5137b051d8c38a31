package com.penguinmails.sandbox.host;

import com.penguinmails.sandbox.host.machine.Account;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.machine.SshdSettings;
import com.penguinmails.sandbox.host.step.Manifest;
import com.penguinmails.sandbox.host.step.Places;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// What `first-contact` and `take-back` do: our login, its key, the helpers, our host key beside
/// the tenant's, and the way back.
final class Contact {
  static final String USER = "penguin";
  static final String DROP_IN = "/etc/ssh/sshd_config.d/00-penguin.conf";
  static final String HOST_KEY = "/etc/ssh/penguin_host_ed25519_key";
  static final String REVERT = "pm-sshd-revert.timer";
  static final List<String> HELPERS =
      List.of("step.sh", "penguin-install", "penguin-leave", "penguin-step");

  private static final String HOME = Places.STATE + "/login";
  private static final Duration REVERT_AFTER = Duration.ofMinutes(5);
  private static final Duration FOR_LOCK = Duration.ofMinutes(2);

  private final Machine machine;
  private final Runs runs;
  private final Staging staging;

  Contact(Machine machine, Runs runs, Staging staging) {
    this.machine = machine;
    this.runs = runs;
    this.staging = staging;
  }

  /// @param files what came along, by name
  record Order(
      String server, boolean replaceHostKey, boolean passwordsOff, Map<String, String> files) {
    private String file(String name) {
      var content = files.get(name);
      if (content == null) {
        throw new HelperFailed(1, "%s: No such file or directory".formatted(name));
      }
      return content;
    }
  }

  static boolean isOurs(Machine machine) {
    var account = machine.accounts().get(USER);
    return account != null && account.home().equals(HOME);
  }

  String first(Order order) {
    return locked(() -> {
      var manifest = Manifest.read(machine.disk());
      if (machine.disk().exists(Places.MANIFEST) && !manifest.server().equals(order.server())) {
        throw new HelperFailed(
            HelperFailed.OTHER_SERVER,
            "this host belongs to another server: \"%s\"".formatted(manifest.server()));
      }
      if (machine.accounts().containsKey(USER) && !isOurs(machine)) {
        throw new HelperFailed(
            HelperFailed.NOT_ACCEPTABLE,
            "this host has a user \"penguin\" already that is not ours; rename it, then try again");
      }
      placeOurs(order);
      changeSshd(order);
      return "contacted\n";
    });
  }

  private String locked(Supplier<String> work) {
    if (!runs.tryLock(FOR_LOCK)) {
      throw new HelperFailed(HelperFailed.BUSY, "a step is being applied");
    }
    try {
      return machine.with(work);
    } finally {
      runs.unlock();
    }
  }

  private void placeOurs(Order order) {
    var disk = machine.disk();
    machine.packages().install(List.of("sudo"));
    if (!disk.exists(Places.MANIFEST)) {
      new Manifest(order.server(), 0, "").write(disk);
    }
    for (var name : HELPERS) {
      disk.write(Places.LIB + "/" + name, order.file(name), "root:root", "0755");
    }
    machine.accounts().put(USER, Account.ofProgram(HOME));
    disk.makeDirectory(Places.STAGING, "penguin:penguin", "0700");
    staging.make();
    disk.write(HOME + "/.ssh/authorized_keys", order.file("login.pub"), "penguin:penguin", "0600");
    disk.write(Places.RULES, order.file("sudoers"), "root:root", "0440");
  }

  private void changeSshd(Order order) {
    var disk = machine.disk();
    var dropIn = "";
    if (order.replaceHostKey()) {
      disk.write(HOST_KEY, order.file("host_key"), "root:root", "0600");
      dropIn += "HostKey " + HOST_KEY + "\n";
    }
    if (order.passwordsOff()) {
      dropIn += "PasswordAuthentication no\nKbdInteractiveAuthentication no\n";
    }
    if (dropIn.isEmpty() || disk.textOrEmpty(DROP_IN).equals(dropIn)) {
      return;
    }
    disk.write(DROP_IN, dropIn);
    var effective = SshdSettings.read(disk);
    if ((order.replaceHostKey() && !effective.hostKeys().contains(HOST_KEY))
        || (order.passwordsOff() && effective.takesPasswords())) {
      disk.remove(DROP_IN);
      throw new HelperFailed(
          HelperFailed.NOT_ACCEPTABLE,
          "sshd does not take our drop-in; its sshd_config must include sshd_config.d");
    }
    // Until our login has come in anew under the new settings, they undo themselves.
    machine.memory().timers().put(REVERT, machine.now().plus(REVERT_AFTER));
    machine.systemd().reload("ssh");
  }

  /// What the timer of first contact does.
  static void revert(Machine machine) {
    machine.memory().timers().remove(REVERT);
    machine.disk().remove(DROP_IN);
    machine.systemd().reload("ssh");
  }

  String takeBack(Order order) {
    return locked(() -> {
      var server = Manifest.read(machine.disk()).server();
      if (!server.isEmpty() && !server.equals(order.server())) {
        return "this host is server %s: nothing was taken away\n".formatted(server);
      }
      if (server.isEmpty()
          && !machine.disk().exists(Places.LIB)
          && !machine.disk().exists(Places.STATE)) {
        return "nothing of ours is here\n";
      }
      Leaving.leave(machine, staging);
      return "";
    });
  }
}
