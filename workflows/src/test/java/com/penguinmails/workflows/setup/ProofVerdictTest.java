package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.ProofCheck;
import com.penguinmails.workflows.temporal.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ProofVerdictTest {
  static Stream<String> requiredChecks() {
    return ProofVerdict.REQUIRED.stream().sorted();
  }

  @Test
  void isProvedWhenEveryCheckPassed() {
    assertThat(ProofVerdict.of(allPassed())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("requiredChecks")
  void isNotProvedWhenACheckWasNotMade(String name) {
    assertThat(ProofVerdict.of(allPassedBut(name)))
        .contains(new Trouble(Cause.OURS, "Not checked: " + name));
  }

  @Test
  void namesAllThatWereNotCheckedInOrder() {
    var checks = allPassed();
    checks.removeIf(check -> check.name().startsWith("tls") || check.name().equals("dkim"));

    assertThat(ProofVerdict.of(checks))
        .contains(new Trouble(Cause.OURS, "Not checked: dkim, tls-25, tls-465, tls-587, tls-993"));
  }

  @Test
  void isNotProvedByNothing() {
    assertThat(ProofVerdict.of(List.of()).orElseThrow().evidence())
        .startsWith("Not checked: ")
        .contains(ProofVerdict.REQUIRED);
  }

  /// The look that was made twice does not stand for the one that was not made.
  @Test
  void doesNotCountAnotherCheckInItsPlace() {
    var checks = allPassedBut("ptr");
    checks.add(ProofCheck.passed("spf", "good once more"));
    checks.add(ProofCheck.passed("of-no-interest", "good"));

    assertThat(ProofVerdict.of(checks)).contains(new Trouble(Cause.OURS, "Not checked: ptr"));
  }

  @ParameterizedTest
  @MethodSource("requiredChecks")
  void isNotProvedWhenACheckCouldNotBeJudged(String name) {
    var checks = allPassedBut(name);
    checks.add(ProofCheck.unknown(name, "no answer"));

    assertThat(ProofVerdict.of(checks).orElseThrow().evidence()).isEqualTo(name + ": no answer");
  }

  /// The tenant can mend what failed; that something was not checked is ours and can wait.
  @Test
  void tellsWhatFailedBeforeWhatWasNotChecked() {
    var checks = allPassedBut("tls-25");
    checks.removeIf(check -> check.name().equals("dkim"));
    checks.add(ProofCheck.failed("dkim", "wrong selector"));

    assertThat(ProofVerdict.of(checks))
        .contains(new Trouble(Cause.PROOF_CHECK_FAILED, "dkim: wrong selector"));
  }

  @Test
  void hasACauseOfItsOwnForTheReverseNameAlone() {
    var checks = allPassedBut("ptr");
    checks.add(ProofCheck.failed("ptr", "no name"));
    assertThat(ProofVerdict.of(checks))
        .contains(new Trouble(Cause.PROOF_REVERSE_NAME_WRONG, "ptr: no name"));

    checks.add(ProofCheck.failed("banner", "another name"));
    assertThat(ProofVerdict.of(checks))
        .contains(new Trouble(Cause.PROOF_CHECK_FAILED, "ptr: no name; banner: another name"));
  }

  private static List<ProofCheck> allPassed() {
    return allPassedBut("none of them");
  }

  private static List<ProofCheck> allPassedBut(String left) {
    return new ArrayList<>(
        requiredChecks()
            .filter(name -> !name.equals(left))
            .map(name -> ProofCheck.passed(name, "good"))
            .toList());
  }
}
