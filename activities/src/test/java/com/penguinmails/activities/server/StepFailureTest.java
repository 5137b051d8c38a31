package com.penguinmails.activities.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.workflows.model.Cause;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepFailureTest {
  private static final Path TEMPLATES = Path.of("..", "infra-templates");

  @Test
  void knowsEachCodeThatStepsMayGiveUpWith() throws IOException {
    var facts = Files.readString(TEMPLATES.resolve("steps/facts.sh"));
    var body = facts.substring(facts.indexOf("\ngive_up() {"));
    var allowed = found("(?m)^    ([a-z-]+)\\) ;;", body.substring(0, body.indexOf("\n}")));

    assertThat(allowed).isEqualTo(StepFailure.CODES.keySet());
  }

  @Test
  void findsNoStepThatGivesUpWithAnotherCode() throws IOException {
    try (var files = Files.walk(TEMPLATES)) {
      var scripts =
          files
              .filter(file -> file.toString().endsWith(".sh") && !file.startsWith(target()))
              .map(StepFailureTest::text)
              .toList();
      var used = new TreeSet<String>();
      scripts.forEach(script -> used.addAll(found("(?m)^[^#\\n]*\\bgive_up ([^ ]+) ", script)));

      assertThat(used).isEqualTo(StepFailure.CODES.keySet());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "disk-full,   HOST_DISK_FULL,            true",
    "clock-off,   HOST_CLOCK_SKEWED,         true",
    "apt-lock,    HOST_PACKAGES_LOCKED,      false",
    "mirror-down, HOST_MIRROR_DOWN,          false",
    "broken,      HOST_STEP_FAILED,          false"
  })
  void triesAgainUnlessOnlyTheTenantCanHelp(String code, Cause cause, boolean isToldAtOnce) {
    var failure = StepFailure.of("020-packages", ended("a log\n" + code + ": what was seen\n"));

    assertThat(causeOf(failure)).isEqualTo(cause);
    assertThat(failure.isNonRetryable()).isEqualTo(isToldAtOnce);
    assertThat(failure.getOriginalMessage()).isEqualTo("Step 020-packages: what was seen");
  }

  @ParameterizedTest
  @CsvSource({"dpkg: unknown option", "disk-full: early\\nlater lines", "''"})
  void showsTheLogOfAStepThatDiedWithoutACode(String log) {
    var failure = StepFailure.of("020-packages", ended(log.replace("\\n", "\n")));

    assertThat(causeOf(failure)).isEqualTo(Cause.HOST_STEP_FAILED);
    assertThat(failure.getOriginalMessage()).startsWith("Step 020-packages ended with 1: ");
    assertThat(failure.isNonRetryable()).isFalse();
  }

  private static StepStatus.Finished ended(String evidence) {
    return new StepStatus.Finished(
        "pm-020-packages-0", "token", "boot", 1, Optional.empty(), evidence);
  }

  private static Cause causeOf(ApplicationFailure failure) {
    return Cause.valueOf(failure.getDetails().get(0, String.class));
  }

  private static Set<String> found(String pattern, String text) {
    var found = new TreeSet<String>();
    Pattern.compile(pattern).matcher(text).results().forEach(match -> found.add(match.group(1)));
    return found;
  }

  private static Path target() {
    return TEMPLATES.resolve("target");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
