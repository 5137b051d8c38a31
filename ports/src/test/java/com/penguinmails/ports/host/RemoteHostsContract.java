package com.penguinmails.ports.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// What every way to a remote host keeps, against a host with a POSIX shell.
public interface RemoteHostsContract {
  Duration LIMIT = Duration.ofSeconds(15);

  RemoteHosts hosts();

  Target target();

  Login goodLogin();

  /// The staging directory on the host, made and ours.
  String staging();

  /// Makes the host vanish while a command runs; packets may be lost without a word.
  void loseConnection();

  /// The host answers again.
  void restoreConnection();

  private RemoteHost connected() {
    return hosts().connect(target(), new HostKey.FirstContact(), goodLogin(), LIMIT);
  }

  @Test
  default void refusesAWrongPassword() {
    assertThatThrownBy(() ->
            hosts()
                .connect(
                    target(),
                    new HostKey.FirstContact(),
                    new Login.Password("canary-wrong-password"),
                    LIMIT))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .satisfies(e -> {
          assertThat(e.type()).isEqualTo(FailureType.LOGIN_REFUSED);
          assertThat(e).hasMessageNotContaining("canary");
        });
  }

  @Test
  default void acceptsThePinnedKeyAndRefusesAnotherBeforeTheLogin() {
    String shown;
    try (var host = connected()) {
      shown = host.hostKeyFingerprint();
    }
    try (var host = hosts().connect(target(), new HostKey.Pinned(shown), goodLogin(), LIMIT)) {
      assertThat(host.hostKeyFingerprint()).isEqualTo(shown);
    }
    var other = SshKeyPair.generate("other").fingerprint();
    // Even with a wrong login the answer is about the key: nothing of the login was sent.
    assertThatThrownBy(() ->
            hosts()
                .connect(target(), new HostKey.Pinned(other), new Login.Password("wrong"), LIMIT))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .satisfies(e -> {
          assertThat(e.type()).isEqualTo(FailureType.HOST_KEY_CHANGED);
          assertThat(e).hasMessageContaining(shown).hasMessageContaining(other);
        });
  }

  @Test
  default void quotesArgumentsAndTellsOutputsApart() {
    try (var host = connected()) {
      var argument = "a b\"c'd$HOME`id`\\ *;\n&ü";
      var output =
          host.run(
              List.of("sh", "-c", "printf %s \"$1\"; printf err >&2; exit 7", "sh", argument),
              new byte[0],
              LIMIT);
      assertThat(output).isEqualTo(new RemoteHost.Output(7, argument, "err"));
    }
  }

  @Test
  default void givesASecretOnStandardInput() {
    try (var host = connected()) {
      var output = host.run(List.of("cat"), "s3cret\n".getBytes(StandardCharsets.UTF_8), LIMIT);
      assertThat(output.standardOutput()).isEqualTo("s3cret\n");
    }
  }

  @Test
  default void doesNotMindInputThatNobodyReads() {
    try (var host = connected()) {
      var output = host.run(List.of("true"), new byte[8 << 10], LIMIT);
      assertThat(output.exitCode()).isZero();
    }
  }

  @Test
  default void cutsBigOutputAtOneMebibyteAndStillHearsTheEnd() {
    try (var host = connected()) {
      var output =
          host.run(
              List.of("sh", "-c", "head -c 5000000 /dev/zero | tr '\\0' x; exit 3"),
              new byte[0],
              LIMIT);
      assertThat(output.exitCode()).isEqualTo(3);
      assertThat(output.standardOutput()).hasSize(1 << 20);
    }
  }

  @Test
  default void isUnavailableWhenACommandTakesTooLong() {
    try (var host = connected()) {
      assertThatThrownBy(
              () -> host.run(List.of("sleep", "30"), new byte[0], Duration.ofMillis(500)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("may still be running");
    }
  }

  @Test
  default void stagesAFileForOurEyesOnlyAndReplacesIt() {
    try (var host = connected()) {
      host.stage("one.tar", "first".getBytes(StandardCharsets.UTF_8));
      host.stage("one.tar", "second".getBytes(StandardCharsets.UTF_8));
      var file = staging() + "/one.tar";
      assertThat(host.run(List.of("cat", file), new byte[0], LIMIT).standardOutput())
          .isEqualTo("second");
      assertThat(host.run(List.of("stat", "-c", "%a", file), new byte[0], LIMIT).standardOutput())
          .isEqualTo("600\n");
      assertThatThrownBy(() -> host.stage("../x", new byte[0]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  default void noticesALostConnectionInMidCommand() {
    try (var host = connected()) {
      Thread.ofVirtual()
          .start(() -> {
            // As soon as the command is seen to run.
            loseConnection();
          });
      assertThatThrownBy(
              () -> host.run(List.of("sleep", "60"), new byte[0], Duration.ofSeconds(50)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("lost");
      assertThatThrownBy(() -> host.run(List.of("true"), new byte[0], LIMIT))
          .isInstanceOf(Unavailable.class);
      assertThatThrownBy(() -> host.stage("late", new byte[0])).isInstanceOf(Unavailable.class);
    } finally {
      restoreConnection();
    }
  }
}
