package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.penguinmails.sandbox.host.machine.Account;
import com.penguinmails.sandbox.host.machine.Hashes;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.machine.Node;
import java.util.Optional;

/// What the owner of a host does as root on the machine itself, past our SSH.
public final class HostOwner {
  private final Machine machine;

  HostOwner(Machine machine) {
    this.machine = machine;
  }

  public Optional<String> read(String path) {
    return machine.look(() -> machine.disk().text(path));
  }

  /// Mode as `stat -c %a` prints it; empty: nothing is there.
  public Optional<String> mode(String path) {
    return machine.look(
        () -> machine.disk().node(path).map(Node::mode).map(mode -> mode.replaceFirst("^0", "")));
  }

  public boolean exists(String path) {
    return machine.look(() -> machine.disk().exists(path));
  }

  /// Owner and mode of a file that is there stay.
  public void write(String path, String content) {
    machine.run(() -> {
      var before = machine.disk().node(path);
      machine
          .disk()
          .write(
              path,
              content,
              before.map(Node::owner).orElse("root:root"),
              before.map(Node::mode).orElse("0644"));
    });
  }

  public void changeMode(String path, String mode) {
    machine.run(() -> {
      var node = machine.disk().node(path).orElseThrow();
      machine.disk().put(path, new Node(node.kind(), node.content(), node.owner(), mode));
    });
  }

  /// With all below it.
  public void remove(String path) {
    machine.run(() -> machine.disk().remove(path));
  }

  /// @throws IllegalStateException what it complains of
  public void start(String unit) {
    complain(machine.with(() -> machine.systemd().start(unit)));
  }

  public void stop(String unit) {
    machine.run(() -> machine.systemd().stop(unit));
  }

  /// @throws IllegalStateException what it complains of
  public void reload(String unit) {
    complain(machine.with(() -> machine.systemd().reload(unit)));
  }

  private static void complain(Optional<String> complaint) {
    complaint.ifPresent(text -> {
      throw new IllegalStateException(text);
    });
  }

  public boolean isActive(String unit) {
    return machine.look(() -> machine.systemd().isActive(unit));
  }

  /// Whether a port is listened on.
  public boolean isOpen(int port) {
    return machine.look(() -> machine.isOpen(port));
  }

  public boolean isInstalled(String debianPackage) {
    return machine.look(() -> machine.packages().isInstalled(debianPackage));
  }

  /// Leaves a package as a reset does that comes while dpkg unpacks it.
  public void tear(String debianPackage) {
    machine.run(() -> machine.packages().unpackByHalf(debianPackage));
  }

  /// Adds a rule to the loaded firewall that its file does not have.
  public void spoilFirewall() {
    machine.run(() -> machine.memory().spoilFirewall());
  }

  public boolean hasUser(String name) {
    return machine.look(() -> machine.accounts().containsKey(name));
  }

  /// Makes a user, or gives one that is there another password.
  public void setPassword(String name, String password, Account.Sudo sudo) {
    var home = name.equals("root") ? "/root" : "/home/" + name;
    machine.run(() -> machine.accounts().put(name, Account.withPassword(home, password, sudo)));
  }

  /// Lets a key in.
  ///
  /// @param publicKeyLine as in `authorized_keys`
  public void authorise(String name, String publicKeyLine) {
    machine.run(() -> {
      var file =
          Optional.ofNullable(machine.accounts().get(name)).orElseThrow().home()
              + "/.ssh/authorized_keys";
      machine
          .disk()
          .write(
              file,
              machine.disk().textOrEmpty(file) + publicKeyLine + "\n",
              name + ":" + name,
              "0600");
    });
  }

  /// Host name the kernel has.
  public String hostname() {
    return machine.look(() -> machine.memory().hostname());
  }

  /// Of this boot.
  public String bootId() {
    return machine.look(() -> machine.memory().bootId());
  }

  /// Whether sshd, with the settings it has read, takes passwords.
  public boolean takesPasswords() {
    return machine.look(() -> machine.memory().sshd().takesPasswords());
  }

  /// SHA-256 of everything on the disk that a boot leaves there, and of the names of packages,
  /// users and enabled units: two equal ones mean that nothing was changed in between.
  public String fingerprint() {
    return machine.look(() ->
        Hashes.of(
            (machine.disk().nodes().entrySet().stream()
                        .filter(node -> !node.getKey().startsWith("/run"))
                        .toList()
                    + machine.packages().installed().toString()
                    + machine.accounts().keySet()
                    + machine.systemd().enabledUnits())
                .getBytes(UTF_8)));
  }
}
