package com.penguinmails.sandbox.host;

import com.penguinmails.ports.host.StepAnswer;
import com.penguinmails.sandbox.host.machine.Disk;
import com.penguinmails.sandbox.host.machine.Machine;
import com.penguinmails.sandbox.host.step.Places;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// What became of our units, in files, and as the JSON lines `penguin-step` prints.
final class UnitResults {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int EVIDENCE = 4000;

  private final Machine machine;
  private final Disk disk;

  UnitResults(Machine machine) {
    this.machine = machine;
    this.disk = machine.disk();
  }

  private static String file(String unit) {
    return Places.STATE + "/run/" + unit + ".json";
  }

  private static String percentFile(String unit) {
    return Places.STATE
        + "/run/%s.percent".formatted(unit.replaceFirst("^pm-(.*)-[0-9a-f]{12}$", "$1"));
  }

  private static String quoted(String text) {
    return JSON.writeValueAsString(text.substring(0, Math.min(text.length(), EVIDENCE)));
  }

  static String line(StepAnswer answer) {
    return "{\"step\":%s,\"state\":\"%s\",\"evidence\":%s}"
        .formatted(quoted(answer.step()), answer.state(), quoted(answer.evidence()));
  }

  Optional<String> find(String unit) {
    return disk.text(file(unit));
  }

  boolean hasSucceeded(String unit, String token) {
    return find(unit)
        .map(JSON::readTree)
        .filter(result -> result.path("token").asString("").equals(token))
        .filter(result -> result.path("exitCode").asInt(-1) == 0)
        .isPresent();
  }

  void remove(String unit) {
    disk.remove(file(unit));
  }

  String running(String unit) {
    return "{\"unit\":%s,\"running\":true,\"percent\":\"%s\",\"evidence\":\"\"}\n"
        .formatted(quoted(unit), disk.textOrEmpty(percentFile(unit)));
  }

  String lost(String unit, String result) {
    return "{\"unit\":%s,\"lost\":true,\"evidence\":%s}\n"
        .formatted(quoted(unit), quoted("neither running nor finished; systemd says: " + result));
  }

  void percent(String unit, int percent) {
    disk.write(percentFile(unit), Integer.toString(percent));
  }

  void forgetPercent(String unit) {
    disk.remove(percentFile(unit));
  }

  /// @param answer of the probe after it; empty: it was not asked
  void write(String unit, String token, int code, Optional<StepAnswer> answer, String log) {
    disk.write(
        file(unit),
        "{\"unit\":%s,\"token\":\"%s\",\"bootId\":\"%s\",\"exitCode\":%d,\"answer\":%s,\"evidence\":%s}\n"
            .formatted(
                quoted(unit),
                token,
                machine.memory().bootId(),
                code,
                answer.map(UnitResults::line).orElse("null"),
                quoted(log)),
        "root:root",
        "0600");
  }
}
