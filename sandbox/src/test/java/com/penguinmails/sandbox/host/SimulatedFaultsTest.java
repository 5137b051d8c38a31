package com.penguinmails.sandbox.host;

import static com.penguinmails.sandbox.host.RentedHost.ADDRESS;
import static com.penguinmails.sandbox.host.RentedHost.LIMIT;
import static com.penguinmails.sandbox.host.RentedHost.LOGIN_KEY;
import static com.penguinmails.sandbox.host.RentedHost.TEMPLATES;
import static com.penguinmails.sandbox.host.RentedHost.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.penguinmails.ports.host.HostFacts;
import com.penguinmails.ports.host.RemoteHosts.HostKey;
import com.penguinmails.ports.host.RemoteHosts.Login;
import com.penguinmails.ports.host.RemoteHosts.Target;
import com.penguinmails.ports.host.StepProtocol;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.sandbox.host.machine.Account.Sudo;
import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each fault is seen by production code as the real one would be, and is over when it is lifted.
class SimulatedFaultsTest {
  @TempDir Path directory;
  private RentedHost rented;
  private HostFaults faults;

  @BeforeEach
  void rentAndContact() {
    rented = RentedHost.container(directory);
    rented.contact();
    faults = rented.host().faults();
  }

  @AfterEach
  void giveBack() {
    rented.close();
  }

  private StepStatus.Finished packages(String token) {
    var bundle = bundle(RentedHost.desired(1, 0, "jane"));
    return rented.apply(bundle, "020-packages", token);
  }

  private void failsWith(String said) {
    var result = packages("faulty");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.evidence().strip().lines().toList().getLast()).contains(said);
    assertThat(rented.host().owner().isInstalled("postfix")).isFalse();
  }

  private void isOver() {
    assertThat(packages("over").exitCode()).isZero();
    assertThat(rented.host().owner().isInstalled("postfix")).isTrue();
  }

  @Test
  void holdsAptsLock() {
    faults.aptLocked("perl");
    failsWith("apt-lock: process 812 (perl) has been at work for over 30 s.");
    faults.aptUnlocked();
    isOver();
  }

  @Test
  void losesTheMirror() {
    faults.mirrorDown();
    failsWith("mirror-down: the package mirror did not answer.");
    faults.mirrorUp();
    isOver();
  }

  @Test
  void hasNoRoom() {
    faults.diskFree(10);
    failsWith("disk-full: 10 MiB free below /var, 700 MiB needed.");
    faults.diskFree(10_000);
    isOver();
  }

  @Test
  void failsAStep() {
    faults.failStep("020-packages", "broken", "apt failed: E: no reason");
    var result = packages("faulty");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.evidence()).isEqualTo("broken: apt failed: E: no reason\n");
    faults.healStep("020-packages");
    isOver();
  }

  @Test
  void hasAMailServiceOfItsOwner() {
    faults.foreignService(25, "perl", "220 theirs ESMTP");

    try (var host = rented.asPenguin()) {
      assertThat(HostFacts.ask(host, TEMPLATES.text("host/preflight")).listeners())
          .containsExactly("25 unknown");
    }
    var desired = rented.desired(1, "jane");
    for (var step : rented.unsettled(desired)) {
      var result = rented.apply(bundle(desired), step, "x");
      assertThat(result.exitCode()).as(step).isEqualTo(step.equals("260-postfix") ? 1 : 0);
    }
    assertThat(rented.unsettled(desired)).containsExactly("260-postfix");

    faults.noForeignService(25);
    assertThat(rented.converge(desired)).containsExactly("260-postfix");
  }

  @Test
  void hasAClockThatIsWrong() {
    faults.clockAhead(Duration.ofHours(1));
    try (var host = rented.asPenguin()) {
      assertThat(HostFacts.ask(host, TEMPLATES.text("host/preflight")).clockAhead(Instant.now()))
          .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
    }
  }

  @Test
  void losesTheAnswerOfAStepThatWentOn() {
    faults.dropConnectionAfter("020-packages");
    assertThatThrownBy(() -> packages("one")).isInstanceOf(Unavailable.class);

    assertThat(rented.host().owner().isInstalled("postfix")).isTrue();
    assertThat(packages("one").exitCode()).isZero(); // the same token: nothing is done again
  }

  @Test
  void dropsConnectionsWhileAStepGoesOn() {
    var bundle = bundle(rented.desired(0, "jane"));
    rented.host().pace(Duration.ofSeconds(1));
    try (var host = rented.asPenguin()) {
      var protocol = new StepProtocol(host);
      var unit = protocol.start(bundle, "010-identity", "one", Duration.ZERO).unit();
      faults.dropConnections();
      assertThatThrownBy(() -> protocol.status(unit, Duration.ofSeconds(5)))
          .isInstanceOf(Unavailable.class);
    }
    assertThat(rented.apply(bundle, "010-identity", "one").exitCode()).isZero();
  }

  @Test
  void takesItsTimeForOneStep() {
    var bundle = bundle(RentedHost.desired(1, 0, "jane"));
    faults.slowStep("020-packages", Duration.ofSeconds(2));

    var percents = new TreeSet<Integer>();
    rented.inSession(protocol -> {
      var status = protocol.start(bundle, "020-packages", "slow", Duration.ZERO);
      while (status instanceof StepStatus.Running running) {
        running.percent().ifPresent(percents::add);
        status = protocol.status(running.unit(), Duration.ZERO);
      }
      return percents;
    });

    assertThat(percents).as("measured on the way").hasSizeGreaterThan(2);
    assertThat(rented.host().owner().isInstalled("postfix")).isTrue();
    assertThat(rented.apply(bundle, "010-identity", "quick").exitCode()).isZero();
  }

  @Test
  void hangsUntilTheTimeOut() {
    faults.hang("020-packages");
    try (var host = rented.asPenguin()) {
      assertThatThrownBy(
              () -> host.run(List.of("cat", "020-packages"), new byte[0], Duration.ofSeconds(1)))
          .isInstanceOf(Unavailable.class)
          .hasMessageContaining("has not ended within PT1S");
      assertThat(host.run(List.of("true"), new byte[0], Duration.ofSeconds(10)).exitCode())
          .isZero();
    }
    assertThat(rented.host().owner().isInstalled("postfix")).isFalse();

    faults.hangNoMore();
    isOver();
  }

  @Test
  void isAwayForAWhile() {
    faults.sshdDown();
    assertThatThrownBy(rented::asPenguin).isInstanceOf(Unavailable.class);
    faults.sshdUp();
    rented.asPenguin().close();
  }

  @Test
  void showsAnotherKeyWhenItWasReinstalled() {
    var pinned = rented.host().hostKeyFingerprint();
    rented.host().reinstall("new password");

    assertThatThrownBy(() ->
            rented
                .remote()
                .connect(
                    new Target(ADDRESS, 22, "penguin"),
                    new HostKey.Pinned(pinned),
                    new Login.PrivateKey(LOGIN_KEY.privateKeyPem()),
                    LIMIT))
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.HOST_KEY_CHANGED);
    assertThat(rented.host().owner().exists("/etc/penguin")).isFalse();
    rented.restart();
    assertThatThrownBy(rented::asRoot).isInstanceOf(Refused.class);
    rented.host().owner().setPassword("root", RentedHost.PASSWORD, Sudo.FREE);
    rented.asRoot().close();
  }

  @Test
  void letsOnlyTheOwnersUsersIn() {
    rented.host().owner().write("/etc/ssh/sshd_config.d/99-owner.conf", "AllowUsers root\n");
    rented.asPenguin().close(); // sshd has not read it yet
    rented.host().owner().reload("ssh");
    assertThatThrownBy(rented::asPenguin)
        .asInstanceOf(InstanceOfAssertFactories.type(Refused.class))
        .extracting(Refused::type)
        .isEqualTo(FailureType.LOGIN_REFUSED);
  }
}
