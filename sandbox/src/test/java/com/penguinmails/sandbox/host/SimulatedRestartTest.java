package com.penguinmails.sandbox.host;

import static com.penguinmails.sandbox.host.RentedHost.bundle;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.penguinmails.ports.host.StepAnswer.State;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.sandbox.host.machine.Hardware;
import com.penguinmails.workflows.model.IpAddress;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A simulated host dies with its process, or is reset, at any moment, and goes on from its file.
class SimulatedRestartTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  @TempDir Path directory;
  private RentedHost rented;

  @BeforeEach
  void rentAndContact() {
    rented = RentedHost.container(directory);
    rented.contact();
  }

  @AfterEach
  void giveBack() {
    rented.close();
  }

  private StepStatus status(String unit) {
    return rented.inSession(protocol -> protocol.status(unit, Duration.ZERO));
  }

  @Test
  void goesOnFromItsFile() throws IOException {
    rented.converge(rented.desired(1, "jane"));
    var key = rented.host().hostKeyFingerprint();
    var before = rented.host().owner().fingerprint();

    rented.restart();

    assertThat(rented.host().hostKeyFingerprint()).isEqualTo(key);
    assertThat(rented.host().owner().fingerprint()).isEqualTo(before);
    assertThat(rented.unsettled(rented.desired(1, "jane"))).isEmpty();
    assertThat(Files.getPosixFilePermissions(directory.resolve("host.json"))).hasSize(2);
    assertThat(Files.readString(directory.resolve("host.json")))
        .doesNotContain(RentedHost.PASSWORD);
  }

  @Test
  void findsAStepLostThatRanWhenTheProcessWasKilled() {
    var desired = rented.desired(0, "jane");
    rented.host().pace(LONG);
    var unit =
        rented
            .inSession(
                protocol -> protocol.start(bundle(desired), "020-packages", "one", Duration.ZERO))
            .unit();
    assertThat(status(unit)).isInstanceOf(StepStatus.Running.class);

    rented.restart();

    assertThat(status(unit)).isInstanceOf(StepStatus.Lost.class);
    assertThat(rented.answers(desired))
        .filteredOn(answer -> answer.step().equals("020-packages"))
        .singleElement()
        .satisfies(answer -> {
          assertThat(answer.state()).isEqualTo(State.PARTIAL);
          assertThat(answer.evidence())
              .contains("half installed", "policy-rc.d of an interrupted apt run");
        });
    assertThat(rented.converge(desired)).contains("020-packages");
  }

  @Test
  void killsTheUnitOfAStepAlone() {
    var desired = rented.desired(0, "jane");
    rented.host().pace(LONG);
    var unit =
        rented
            .inSession(
                protocol -> protocol.start(bundle(desired), "010-identity", "one", Duration.ZERO))
            .unit();

    rented.host().faults().kill(unit);

    var lost = (StepStatus.Lost) status(unit);
    assertThat(lost.evidence()).isEqualTo("neither running nor finished; systemd says: signal");
    rented.host().pace(Duration.ZERO);
    assertThat(rented.converge(desired)).contains("010-identity");
  }

  @Test
  void losesAStepInAReset() {
    var desired = rented.desired(0, "jane");
    rented.host().pace(LONG);
    var unit =
        rented
            .inSession(
                protocol -> protocol.start(bundle(desired), "060-journal", "one", Duration.ZERO))
            .unit();

    rented.host().reset();

    assertThat(status(unit)).isInstanceOf(StepStatus.Lost.class);
    rented.host().pace(Duration.ZERO);
    rented.converge(desired);
  }

  @Test
  void tellsHowFarAStepIsAndEndsIt() {
    var desired = rented.desired(0, "jane");
    rented.host().pace(Duration.ofSeconds(2));
    var unit =
        rented
            .inSession(
                protocol -> protocol.start(bundle(desired), "010-identity", "one", Duration.ZERO))
            .unit();
    await()
        .until(() ->
            status(unit) instanceof StepStatus.Running running && running.percent().isPresent());

    var end = rented.inSession(protocol -> RentedHost.finished(protocol, unit));

    assertThat(end.exitCode()).as(end.evidence()).isZero();
    assertThat(end.token()).isEqualTo("one");
    assertThat(end.bootId()).isEqualTo(rented.host().owner().bootId());
  }

  @Test
  void leavesAtItsNextStartWhatItWasAboutToLeave() {
    rented.inSession(protocol -> {
      protocol.leave(RentedHost.SERVER);
      return true;
    });

    rented.restart();

    await().until(() -> !rented.host().owner().hasUser("penguin"));
    assertThat(rented.host().owner().exists("/var/lib/penguin")).isFalse();
  }

  @Test
  void staysOffUntilItIsSwitchedOn() {
    rented.host().powerOff();
    assertThatThrownBy(rented::asPenguin).isInstanceOf(Unavailable.class);

    rented.restart();
    assertThat(rented.host().view().isOn()).isFalse();

    rented.host().powerOn();
    rented.asPenguin().close();
  }

  @Test
  void givesBackAndRentsAnew() {
    rented.hosts().giveBack("host");
    assertThat(rented.hosts().all()).isEmpty();
    assertThat(directory.resolve("host.json")).doesNotExist();

    rented.hosts().rent("host", RentedHost.ADDRESS, "another");
    rented.hosts().rent("second", new IpAddress("192.0.2.21"), "x", Hardware.virtualMachine());

    assertThat(rented.host().owner().hasUser("penguin")).isFalse();
    assertThat(rented.hosts().all()).hasSize(2);
  }
}
