package com.penguinmails.sandbox.host;

import static com.penguinmails.sandbox.host.RentedHost.HOST_KEY;
import static com.penguinmails.sandbox.host.RentedHost.LIMIT;
import static com.penguinmails.sandbox.host.RentedHost.LOGIN_KEY;
import static com.penguinmails.sandbox.host.RentedHost.PASSWORD;
import static com.penguinmails.sandbox.host.RentedHost.SERVER;
import static com.penguinmails.sandbox.host.RentedHost.TEMPLATES;
import static com.penguinmails.sandbox.host.RentedHost.bundle;
import static com.penguinmails.sandbox.host.RentedHost.finished;
import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.activities.server.FirstContact;
import com.penguinmails.activities.server.FirstContact.ContactHost;
import com.penguinmails.ports.host.HostBundle;
import com.penguinmails.ports.host.RemoteHosts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.ports.host.ssh.SshjRemoteHosts;
import com.penguinmails.ports.network.Network;
import com.penguinmails.sandbox.docker.DockerEngine;
import com.penguinmails.sandbox.docker.DockerHost;
import com.penguinmails.workflows.model.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same desired states on a simulated host and on a Docker host, by the same code: before and
/// after every step each probe answers the same on both, word by word. It is what the simulated
/// depth may be trusted for.
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(600)
class TwoDepthsIT {
  private static final String INSTANCE = "twodepthsit";
  private static final Duration PATIENCE = Duration.ofMinutes(4); // packages come from a mirror

  private RentedHost simulated;
  private DockerEngine engine;
  private DockerHost docker;
  private Sides sides;
  private long version;

  @BeforeAll
  void rentAndContact(@TempDir Path directory) {
    simulated = RentedHost.container(directory);
    engine = DockerEngine.connect();
    engine.cleanUp(INSTANCE);
    var network = engine.network(INSTANCE);
    docker = DockerHost.rent(engine, network, "host", network.address(20), PASSWORD, List.of());
    sides =
        new Sides(
            new Side(simulated.remote(), RentedHost.ADDRESS, "192.0.2.1"),
            new Side(new SshjRemoteHosts(Network.direct()), docker.address(), "127.0.0.11"));
    sides.compare("first contact", Side::contact);
  }

  @AfterAll
  void giveBack() {
    simulated.close();
    engine.cleanUp(INSTANCE);
    engine.close();
  }

  @Test
  @Order(1)
  void answerTheSameUntilThereIsACertificate() {
    assertThat(converge(0, "jane")).contains("020-packages").doesNotContain("260-postfix");
  }

  @Test
  @Order(2)
  void answerTheSameUntilTheyAreMailHosts() {
    assertThat(converge(1, "jane"))
        .containsExactly("240-tls", "250-dovecot", "260-postfix", "270-web");
    assertThat(converge(1, "jane")).isEmpty();
  }

  @Test
  @Order(3)
  void answerTheSameToNewWishes() {
    assertThat(converge(1, "jane", "joe")).containsExactly("230-mailboxes");
    assertThat(converge(2, "jane", "joe")).containsExactly("240-tls");
  }

  @Test
  @Order(4)
  void answerTheSameToWhatTheirOwnerDid() {
    did("systemctl stop dovecot", owner -> owner.stop("dovecot"));
    assertThat(converge(2, "jane", "joe")).containsExactly("250-dovecot");

    did(
        "rm /etc/opendkim/keys/acme.test/pm202611.private",
        owner -> owner.remove("/etc/opendkim/keys/acme.test/pm202611.private"));
    did(
        "chmod 0600 /etc/nginx/sites-enabled/penguin.conf",
        owner -> owner.changeMode("/etc/nginx/sites-enabled/penguin.conf", "0600"));
    did(
        "echo 'MaxAuthTries 100' > /etc/ssh/sshd_config.d/10-penguin.conf",
        owner -> owner.write("/etc/ssh/sshd_config.d/10-penguin.conf", "MaxAuthTries 100\n"));
    assertThat(converge(2, "jane", "joe")).containsExactly("090-sshd", "210-opendkim", "270-web");
  }

  @Test
  @Order(5)
  void answerTheSameWhenRetired() {
    sides.compare("retired", side -> side.inSession(TwoDepthsIT::retire));
  }

  private static String retire(StepProtocol protocol) {
    return ended(finished(protocol, protocol.retire(SERVER, "bye"), PATIENCE));
  }

  /// The owner's hand, on both.
  private void did(String script, Consumer<HostOwner> same) {
    assertThat(docker.container().exec("bash", "-ec", script).exitCode()).as(script).isZero();
    same.accept(simulated.host().owner());
  }

  /// Probe, apply what is open, probe again; compares every answer. Says what was applied.
  private List<String> converge(int certificate, String... localParts) {
    version++;
    Function<Side, HostBundle> wish = side -> side.bundle(version, certificate, localParts);
    compareAnswers("as found", wish);
    var open =
        sides.docker().answers(wish.apply(sides.docker())).stream()
            .filter(answer -> !answer.isSettled())
            .map(StepAnswer::step)
            .toList();
    for (var step : open) {
      sides.compare(step, side -> side.apply(wish.apply(side), step, "t" + version));
      compareAnswers("after " + step, wish);
    }
    return open;
  }

  private void compareAnswers(String when, Function<Side, HostBundle> wish) {
    sides.compare(when, side -> described(side.answers(wish.apply(side))));
  }

  private static String described(List<StepAnswer> answers) {
    return String.join(
        "\n",
        answers.stream()
            .map(answer -> answer.step() + " " + answer.state() + " " + answer.evidence())
            .toList());
  }

  /// What programs print on the way is theirs; the last line is the step's own.
  private static String ended(StepStatus.Finished result) {
    return result.exitCode() == 0
        ? "done"
        : "%d: %s".formatted(result.exitCode(), result.evidence().lines().reduce("", (_, l) -> l));
  }

  /// Both hosts.
  private record Sides(Side simulated, Side docker) {
    void compare(String what, Function<Side, String> look) {
      assertThat(simulated.unnamed(look.apply(simulated)))
          .as("what the simulated host answers: %s", what)
          .isEqualTo(docker.unnamed(look.apply(docker)));
    }
  }

  /// One host, as the production code has it.
  ///
  /// @param resolver the one its provider gave it
  private record Side(RemoteHosts remote, IpAddress address, String resolver) {
    String contact() {
      return new FirstContact(remote, TEMPLATES)
          .contact(
              new ContactHost(
                  SERVER,
                  new Target(address, 22, "root"),
                  Optional.empty(),
                  new Login.Password(PASSWORD),
                  LOGIN_KEY,
                  Optional.of(HOST_KEY),
                  true))
          .toString();
    }

    HostBundle bundle(long version, int certificate, String... localParts) {
      return RentedHost.bundle(RentedHost.desired(address, version, certificate, localParts));
    }

    List<StepAnswer> answers(HostBundle bundle) {
      return inSession(protocol -> protocol.probeAll(bundle));
    }

    <T> T inSession(Function<StepProtocol, T> work) {
      try (var session =
          remote.connect(
              new Target(address, 22, "penguin"),
              new HostKey.Pinned(HOST_KEY.fingerprint()),
              new Login.PrivateKey(LOGIN_KEY.privateKeyPem()),
              LIMIT)) {
        return work.apply(new StepProtocol(session));
      }
    }

    String apply(HostBundle bundle, String step, String token) {
      return inSession(protocol -> {
        var unit = protocol.start(bundle, step, token, LIMIT).unit();
        return ended(finished(protocol, unit, PATIENCE));
      });
    }

    /// Without what is each host's own.
    String unnamed(String text) {
      return text.replace(address.value(), "<address>")
          .replace("nameserver " + resolver, "nameserver <its provider's>");
    }
  }
}
