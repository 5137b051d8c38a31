package com.penguinmails.activities.server;

import com.penguinmails.activities.failure.Failures;
import com.penguinmails.ports.host.StepStatus;
import com.penguinmails.workflows.model.Cause;
import io.temporal.failure.ApplicationFailure;
import java.util.Map;
import java.util.regex.Pattern;

/// Why a step ended on a host: the last line it said, `code: text`, as `give_up` in
/// `steps/facts.sh` writes it. A step that ended without one is broken.
final class StepFailure {
  static final Map<String, Cause> CODES =
      Map.of(
          "apt-lock", Cause.HOST_PACKAGES_LOCKED,
          "mirror-down", Cause.HOST_MIRROR_DOWN,
          "disk-full", Cause.HOST_DISK_FULL,
          "foreign-mail", Cause.HOST_FOREIGN_MAIL_SERVICE,
          "packages-conflict", Cause.HOST_PACKAGES_CONFLICT,
          "clock-off", Cause.HOST_CLOCK_SKEWED,
          "broken", Cause.HOST_STEP_FAILED);
  private static final Pattern LAST_LINE = Pattern.compile("([a-z-]+): (.+)");

  private StepFailure() {}

  /// @param finished with an exit code that is not 0
  static ApplicationFailure of(String step, StepStatus.Finished finished) {
    var lines = finished.evidence().strip().lines().toList();
    var last = LAST_LINE.matcher(lines.isEmpty() ? "" : lines.getLast());
    if (last.matches() && CODES.containsKey(last.group(1))) {
      return Failures.stepFailed(
          CODES.get(last.group(1)), "Step %s: %s".formatted(step, last.group(2)));
    }
    return Failures.stepFailed(
        Cause.HOST_STEP_FAILED,
        "Step %s ended with %d: %s".formatted(step, finished.exitCode(), finished.evidence()));
  }
}
