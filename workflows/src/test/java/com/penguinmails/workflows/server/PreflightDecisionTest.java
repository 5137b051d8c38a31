package com.penguinmails.workflows.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.server.ServerActivities.HostInspected;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightDecisionTest {
  @Test
  void takesABareDebian12() {
    assertThat(PreflightDecision.of(host("debian", "12", 2_048, 20_000, 0, List.of()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ubuntu, 24.04, 2048, 20000,   0, HOST_NOT_DEBIAN_12",
    "debian, 11,    2048, 20000,   0, HOST_NOT_DEBIAN_12",
    "debian, 12,     899, 20000,   0, HOST_TOO_SMALL",
    "debian, 12,    2048,  2047,   0, HOST_DISK_FULL",
    "debian, 12,    2048, 20000,  31, HOST_CLOCK_SKEWED",
    "debian, 12,    2048, 20000, -31, HOST_CLOCK_SKEWED"
  })
  void refusesWhatCannotBecomeAMailServer(
      String os, String version, long memory, long disk, long clock, Cause cause) {
    assertThat(PreflightDecision.of(host(os, version, memory, disk, clock, List.of())))
        .map(Trouble::cause)
        .contains(cause);
  }

  @ParameterizedTest
  @CsvSource({"900, 2048, 30", "900, 2048, -30"})
  void takesTheLeastThatIsEnough(long memory, long disk, long clock) {
    assertThat(PreflightDecision.of(host("debian", "12", memory, disk, clock, List.of())))
        .isEmpty();
  }

  @Test
  void namesTheForeignMailService() {
    var seen = host("debian", "12", 2_048, 20_000, 0, List.of("port 25 exim4"));

    assertThat(PreflightDecision.of(seen))
        .contains(
            new Trouble(
                Cause.HOST_FOREIGN_MAIL_SERVICE, "A mail service that is not ours: port 25 exim4"));
  }

  private static HostInspected host(
      String os, String version, long memory, long disk, long clock, List<String> foreign) {
    return new HostInspected(os, version, "x86_64", memory, disk, clock, foreign);
  }
}
