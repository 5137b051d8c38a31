package com.penguinmails.activities.server;

import com.penguinmails.ports.host.RemoteHost;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.templates.Templates;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ServerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/// From a password (or the tenant's key) to our own login, proved in a second session. Adds only:
/// the tenant's logins, keys and data stay. Safe to repeat and after a kill at any point, also when
/// the password is no longer taken because ours works already.
public final class FirstContact {
  private static final String USER = "penguin";
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(8); // may install sudo
  private static final List<String> FILES =
      List.of(
          "first-contact",
          "step.sh",
          "penguin-install",
          "penguin-leave",
          "penguin-step",
          "sudoers");

  private static final List<String> LOOK =
      List.of(
          "sh", "-c", "ls -d /etc/penguin /var/lib/penguin /usr/local/lib/penguin 2>&- || true");

  private final RemoteHosts hosts;
  private final Templates templates;

  public FirstContact(RemoteHosts hosts, Templates templates) {
    this.hosts = hosts;
    this.templates = templates;
  }

  /// @param target the login we were given
  /// @param seenKey fingerprint pinned at the very first look; empty: trust what is shown
  /// @param given the tenant's one-time password or key
  /// @param loginKey ours, from the secret store
  /// @param hostKey ours, from the secret store; empty: the host keeps its own alone
  /// @param passwordsOff password logins end once ours is proved
  public record ContactHost(
      ServerId server,
      Target target,
      Optional<String> seenKey,
      Login given,
      SshKeyPair loginKey,
      Optional<SshKeyPair> hostKey,
      boolean passwordsOff) {}

  /// @param fingerprint of the host key to pin from now on
  public record Contacted(String fingerprint) {}

  /// The key the host shows, before anything is changed. Pin it first, then call `contact`. Uses
  /// the login, so that what answers is more than a port.
  public String look(Target target, Login given) {
    try (var host = hosts.connect(target, new HostKey.FirstContact(), given, LIMIT)) {
      return host.hostKeyFingerprint();
    }
  }

  /// @throws Refused `LOGIN_REFUSED` or `HOST_KEY_CHANGED`: neither the given login nor ours works
  public Contacted contact(ContactHost order) {
    var done = proved(order);
    if (done.isPresent()) {
      return done.get();
    }
    String shown;
    try (var host = given(order)) {
      shown = host.hostKeyFingerprint();
      takeUp(host, order);
    }
    var pinned = order.hostKey().map(SshKeyPair::fingerprint).orElse(shown);
    try {
      return prove(order, pinned)
          .orElseThrow(() ->
              new Unavailable("sshd settings of " + order.target().address() + " were undone"));
    } catch (Refused refused) {
      if (refused.type() != FailureType.LOGIN_REFUSED) {
        throw refused;
      }
      throw new Refused(
          FailureType.LOGIN_REFUSED,
          "%s. Our key was put there with the login you gave; let user %s in (AllowUsers or AllowGroups in sshd_config), then try again"
              .formatted(refused.getMessage(), USER));
    }
  }

  /// Takes back, with the given login, what a contact left that never came as far as our own. Does
  /// nothing on a host that is not this server's.
  ///
  /// @throws Refused `LOGIN_REFUSED`: the given login is not taken, or no longer because ours is
  public void takeBack(ContactHost order) {
    try (var host = given(order)) {
      if (host.run(LOOK, new byte[0], LIMIT).standardOutput().isBlank()) {
        return; // also when the given login may not become root
      }
      runAsRoot(host, order, "take-back", files(List.of("take-back", "step.sh", "penguin-leave")));
    }
  }

  /// A host that shows our own key already was met by an earlier contact that never came as far as
  /// our own login; nobody else has that key.
  private RemoteHost given(ContactHost order) {
    HostKey known =
        order.seenKey().<HostKey>map(HostKey.Pinned::new).orElseGet(HostKey.FirstContact::new);
    try {
      return hosts.connect(order.target(), known, order.given(), LIMIT);
    } catch (Refused refused) {
      if (refused.type() != FailureType.HOST_KEY_CHANGED || order.hostKey().isEmpty()) {
        throw refused;
      }
      var own = new HostKey.Pinned(order.hostKey().get().fingerprint());
      return orElse(refused, () -> hosts.connect(order.target(), own, order.given(), LIMIT));
    }
  }

  /// A host that shows a third key has changed its key, as was seen at first.
  static RemoteHost orElse(Refused first, Supplier<RemoteHost> again) {
    try {
      return again.get();
    } catch (Refused refused) {
      throw refused.type() == FailureType.HOST_KEY_CHANGED ? first : refused;
    }
  }

  /// An earlier run may have come far enough for our own login.
  private Optional<Contacted> proved(ContactHost order) {
    var pinned = order.hostKey().map(SshKeyPair::fingerprint).or(order::seenKey);
    if (pinned.isEmpty()) {
      return Optional.empty();
    }
    try {
      return prove(order, pinned.get());
    } catch (Refused e) {
      if (e.type() == FailureType.LOGIN_REFUSED || e.type() == FailureType.HOST_KEY_CHANGED) {
        return Optional.empty(); // not that far yet: the given login decides
      }
      throw e;
    }
  }

  /// A second session with our key; it makes the settings of sshd stay.
  private Optional<Contacted> prove(ContactHost order, String pinned) {
    var ours = new Target(order.target().address(), order.target().port(), USER);
    var login = new Login.PrivateKey(order.loginKey().privateKeyPem());
    try (var host = hosts.connect(ours, new HostKey.Pinned(pinned), login, LIMIT)) {
      var wantsSettings = order.hostKey().isPresent() || order.passwordsOff();
      var isSettled = new StepProtocol(host).settle(order.server());
      return isSettled || !wantsSettings
          ? Optional.of(new Contacted(host.hostKeyFingerprint()))
          : Optional.empty();
    }
  }

  private void takeUp(RemoteHost host, ContactHost order) {
    var files = files(FILES);
    files.put("login.pub", bytes(order.loginKey().publicKeyLine() + "\n"));
    order.hostKey().ifPresent(key -> files.put("host_key", bytes(key.privateKeyPem())));
    runAsRoot(host, order, "first-contact", files);
  }

  private SortedMap<String, byte[]> files(List<String> names) {
    var files = new TreeMap<String, byte[]>();
    names.forEach(name -> files.put(name, bytes(templates.text("host/" + name))));
    return files;
  }

  /// Runs one of the files, from a directory of its own that holds them all.
  private static void runAsRoot(
      RemoteHost host, ContactHost order, String name, SortedMap<String, byte[]> files) {
    var script =
        "set -e; umask 077; d=$(mktemp -d /root/.penguin-contact.XXXXXX); trap 'rm -rf \"$d\"' EXIT;"
            + " tar -x -C \"$d\"; SERVER=%s REPLACE_HOST_KEY=%s PASSWORDS_OFF=%s bash \"$d/%s\" </dev/null"
                .formatted(order.server(), order.hostKey().isPresent(), order.passwordsOff(), name);
    var output = asRoot(host, order, script, TarArchive.of(files));
    if (output.exitCode() == 75) {
      throw new Unavailable("the host is busy: " + output.standardError().strip());
    }
    if (output.exitCode() != 0) {
      throw new Refused(
          FailureType.STEP_FAILED,
          "%s on %s ended with %d: %s"
              .formatted(
                  name,
                  order.target().address(),
                  output.exitCode(),
                  output.standardError().strip()));
    }
  }

  private static RemoteHost.Output asRoot(
      RemoteHost host, ContactHost order, String script, byte[] input) {
    if (order.target().user().equals("root")) {
      return host.run(List.of("bash", "-c", script), input, SCRIPT_LIMIT);
    }
    if (host.run(List.of("sudo", "-n", "true"), new byte[0], LIMIT).exitCode() == 0) {
      return host.run(List.of("sudo", "-n", "bash", "-c", script), input, SCRIPT_LIMIT);
    }
    if (order.given() instanceof Login.Password(var password)) {
      // sudo reads one line, the password, and leaves the rest of the input to the script.
      var line = bytes(password + "\n");
      var all = new byte[line.length + input.length];
      System.arraycopy(line, 0, all, 0, line.length);
      System.arraycopy(input, 0, all, line.length, input.length);
      return host.run(
          List.of("sudo", "-k", "-S", "-p", "", "bash", "-c", script), all, SCRIPT_LIMIT);
    }
    throw new Refused(
        FailureType.LOGIN_REFUSED,
        "%s at %s may not become root; give a login that may, or allow it sudo without password"
            .formatted(order.target().user(), order.target().address()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
