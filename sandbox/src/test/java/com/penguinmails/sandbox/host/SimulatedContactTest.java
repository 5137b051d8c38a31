package com.penguinmails.sandbox.host;

import static com.penguinmails.sandbox.host.RentedHost.ADDRESS;
import static com.penguinmails.sandbox.host.RentedHost.HOST_KEY;
import static com.penguinmails.sandbox.host.RentedHost.LIMIT;
import static com.penguinmails.sandbox.host.RentedHost.SERVER;
import static com.penguinmails.sandbox.host.RentedHost.TEMPLATES;
import static com.penguinmails.sandbox.host.RentedHost.bought;
import static com.penguinmails.sandbox.host.RentedHost.seen;
import static com.penguinmails.sandbox.host.RentedHost.tenants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.host.HostFacts;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.SshKeyPair;
import com.penguinmails.sandbox.host.machine.Account.Sudo;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// First contact, with the production class, and the way back.
class SimulatedContactTest {
  private static final Login ROOT = new Login.Password(RentedHost.PASSWORD);
  @TempDir Path directory;
  private RentedHost rented;

  @BeforeEach
  void rent() {
    rented = RentedHost.container(directory);
  }

  @AfterEach
  void giveBack() {
    rented.close();
  }

  @Test
  void leavesOnlyOurKeyOnABoughtServerAndSaysSoAgain() {
    var first = rented.contact();
    var again = rented.contact(); // the password is refused by now; our key decides

    assertThat(first.fingerprint()).isEqualTo(HOST_KEY.fingerprint());
    assertThat(again).isEqualTo(first);
    assertThat(rented.host().owner().takesPasswords()).isFalse();
    assertThatThrownBy(rented::asRoot)
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .satisfies(refused -> {
          assertThat(refused.type()).isEqualTo(FailureType.LOGIN_REFUSED);
          assertThat(refused).hasMessageContaining("it offers: publickey");
        });
  }

  @Test
  void keepsKeyAndLoginsOfATenantsServer() {
    var shown = rented.firstContact().look(new Target(ADDRESS, 22, "root"), ROOT);

    var contacted = rented.firstContact().contact(tenants("root", ROOT));

    assertThat(contacted.fingerprint()).isEqualTo(shown);
    rented.asRoot().close();
    rented.asPenguin().close();
  }

  @Test
  void letsOurLoginRunItsHelpersAndNothingElse() {
    rented.contact();

    try (var host = rented.asPenguin()) {
      for (var command :
          List.of(
              List.of("sudo", "-n", "id"),
              List.of("sudo", "-n", "true"),
              List.of("sudo", "-n", "/usr/local/lib/penguin/penguin-step", "run", "a", "b", "c"),
              List.of("sudo", "-n", "/usr/local/lib/penguin/penguin-install", "receive", "../x"))) {
        assertThat(host.run(command, new byte[0], LIMIT).exitCode()).isEqualTo(1);
      }
    }
  }

  @Test
  void readsFactsBeforeAndAfter() {
    HostFacts before;
    try (var root = rented.asRoot()) {
      before = HostFacts.ask(root, TEMPLATES.text("host/preflight"));
    }
    rented.contact();
    HostFacts after;
    try (var host = rented.asPenguin()) {
      after = HostFacts.ask(host, TEMPLATES.text("host/preflight"));
    }

    assertThat(before.osId() + before.osVersion()).isEqualTo("debian12");
    assertThat(before.clockAhead(Instant.now()).abs()).isLessThan(Duration.ofSeconds(10));
    assertThat(before.listeners()).isEmpty();
    assertThat(before.serverOfManifest()).isEmpty();
    assertThat(after.serverOfManifest()).isEqualTo(SERVER.toString());
  }

  @Test
  void becomesRootBySudoWithAndWithoutAPassword() {
    var owner = rented.host().owner();
    owner.setPassword("admin", "secret", Sudo.WITH_PASSWORD);
    rented.firstContact().contact(tenants("admin", new Login.Password("secret")));
    rented.firstContact().takeBack(tenants("admin", new Login.Password("secret")));
    assertThat(owner.hasUser("penguin")).isFalse();

    owner.setPassword("admin", "secret", Sudo.FREE);
    rented.firstContact().contact(tenants("admin", new Login.Password("secret")));
    rented.asPenguin().close();
  }

  @Test
  void refusesAKeyWhoseUserMayNotBecomeRoot() {
    var key = SshKeyPair.generate("tenant");
    rented.host().owner().setPassword("guest", "secret", Sudo.NONE);
    rented.host().owner().authorise("guest", key.publicKeyLine());

    assertThatThrownBy(() ->
            rented
                .firstContact()
                .contact(tenants("guest", new Login.PrivateKey(key.privateKeyPem()))))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("may not become root");
    assertThat(rented.host().owner().exists("/etc/penguin")).isFalse();
  }

  @Test
  void leavesAUserOfTheTenantsAlone() {
    rented.host().owner().setPassword("penguin", "theirs", Sudo.NONE);

    assertThatThrownBy(() -> rented.firstContact().contact(tenants("root", ROOT)))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("rename it");
  }

  @Test
  void takesBackWhatItPutThere() {
    var before = rented.host().owner().fingerprint();
    rented.firstContact().contact(tenants("root", ROOT));

    rented.firstContact().takeBack(tenants("root", ROOT));

    var owner = rented.host().owner();
    assertThat(owner.hasUser("penguin")).isFalse();
    assertThat(owner.exists("/var/lib/penguin")).isFalse();
    assertThat(owner.exists("/usr/local/lib/penguin")).isFalse();
    assertThat(owner.exists("/etc/penguin")).isFalse();
    assertThat(owner.fingerprint()).isEqualTo(before);
  }

  /// The host shows our key by then, which nobody else has: it is not called another host.
  @Test
  void knowsItsOwnHostKeyWhereOurLoginWasRefusedAfterwards() {
    var shown = rented.host().hostKeyFingerprint();
    rented.host().faults().dropConnectionAfter("bash"); // first contact has done its work by then
    assertThatThrownBy(() -> rented.firstContact().contact(seen(shown, HOST_KEY)))
        .hasMessageContaining("lost in `bash`");
    var ours = "/var/lib/penguin/login/.ssh/authorized_keys";
    assertThat(rented.host().owner().exists(ours)).isTrue();
    rented.host().owner().remove(ours);

    assertThatThrownBy(() -> rented.firstContact().contact(seen(shown, HOST_KEY)))
        .as("passwords are off until sshd takes its settings back")
        .hasMessageContaining("does not take the password");
    assertThatThrownBy(
            () -> rented.firstContact().contact(seen(shown, SshKeyPair.generate("another"))))
        .as("a key that we did not make")
        .hasMessageContaining("pinned is " + shown);
    rented.host().letPass(Duration.ofMinutes(6));
    assertThat(rented.firstContact().contact(seen(shown, HOST_KEY)).fingerprint())
        .isEqualTo(HOST_KEY.fingerprint());
  }

  /// Nobody is locked out when our login never comes in under the new settings.
  @Test
  void undoesSettingsOfSshdThatNoLoginProved() {
    var root = rented.host().hostKeyFingerprint();
    rented.host().faults().dropConnectionAfter("bash"); // first contact has done its work by then
    assertThatThrownBy(() -> rented.firstContact().contact(bought()))
        .hasMessageContaining("lost in `bash`");
    assertThat(rented.host().hostKeyFingerprint()).isEqualTo(HOST_KEY.fingerprint());

    rented.host().letPass(Duration.ofMinutes(6));

    assertThat(rented.host().hostKeyFingerprint()).isEqualTo(root);
    assertThat(rented.host().owner().takesPasswords()).isTrue();
    assertThat(rented.contact().fingerprint()).isEqualTo(HOST_KEY.fingerprint());
    rented.host().letPass(Duration.ofMinutes(6));
    assertThat(rented.host().hostKeyFingerprint()).isEqualTo(HOST_KEY.fingerprint());
  }
}
