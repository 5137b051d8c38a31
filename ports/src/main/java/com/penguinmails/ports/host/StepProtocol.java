package com.penguinmails.ports.host;

import com.penguinmails.workflows.model.FailureType;
import com.penguinmails.workflows.model.OutsideException.Refused;
import com.penguinmails.workflows.model.OutsideException.Unavailable;
import com.penguinmails.workflows.model.ServerId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Speaks with the two helpers on a host, over one session as `penguin`. Every method is safe to
/// repeat. Throws `Refused` with `SUPERSEDED` when the host has a newer desired version, `Refused`
/// when it belongs to another server, `Unavailable` when it is busy or lost.
public final class StepProtocol {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String INSTALL = "/usr/local/lib/penguin/penguin-install";
  private static final String STEP = "/usr/local/lib/penguin/penguin-step";
  private static final String MANIFEST = "/etc/penguin/manifest.json";
  private static final Duration SHORT = Duration.ofSeconds(60);
  private static final Duration PROBES = Duration.ofMinutes(3);
  // Exit codes of the helpers.
  private static final int NO_BUNDLE = 66;
  private static final int BUSY = 75;
  private static final int OTHER_SERVER = 77;
  private static final int OLDER_VERSION = 78;

  private final RemoteHost host;

  public StepProtocol(RemoteHost host) {
    this.host = host;
  }

  /// What is there, step by step. Brings the bundle to the host first if it has not got it.
  public List<StepAnswer> probeAll(HostBundle bundle) {
    var answers = answers(withBundle(bundle, PROBES, "probe-all", bundle.hash()));
    if (!answers.stream().map(StepAnswer::step).toList().equals(bundle.steps())) {
      throw new Unavailable(
          "probes answered for %s, not for %s".formatted(answers, bundle.steps()));
    }
    return answers;
  }

  /// Whether what was applied last is as it was left, step by step: the probes of the bundle that
  /// the host's manifest names. Brings nothing to the host.
  ///
  /// @throws Refused also when the host's manifest or that bundle is gone, or is another server's
  public List<StepAnswer> probeApplied(ServerId server) {
    var there = run(List.of("cat", MANIFEST), SHORT);
    if (there.exitCode() != 0) {
      throw new Refused("our manifest is gone from the host: " + there.standardError().strip());
    }
    var manifest = read(there.standardOutput());
    if (!manifest.path("server").asString("").equals(server.toString())) {
      throw new Refused("the host's manifest names another server");
    }
    var output = run(STEP, PROBES, "probe-all", manifest.path("bundle").asString(""));
    if (output.exitCode() == NO_BUNDLE) {
      throw new Refused("what was applied last is not kept on the host any more");
    }
    return answers(checked(output));
  }

  /// Starts one step, or attaches to the one that runs; with the same token a step that has
  /// succeeded is not run again.
  ///
  /// @param token names the attempt to converge: letters, digits, `.`, `_`, `-`
  /// @param atMost how long to wait for its end, as in [#status]
  public StepStatus start(HostBundle bundle, String step, String token, Duration atMost) {
    return became(
        withBundle(
            bundle, SHORT.plus(atMost), "start", bundle.hash(), step, token, seconds(atMost)));
  }

  /// What became of a unit. While it runs, the answer comes when it ends, or after a time: waiting
  /// on the host takes less of it than being asked again and again.
  ///
  /// @param atMost how long to wait for its end, in whole seconds, under a minute
  public StepStatus status(String unit, Duration atMost) {
    return became(checked(run(STEP, SHORT.plus(atMost), "status", unit, seconds(atMost))));
  }

  private static String seconds(Duration duration) {
    return Long.toString(duration.toSeconds());
  }

  private static StepStatus became(String output) {
    var said = read(output);
    var unit = said.path("unit").asString();
    var evidence = said.path("evidence").asString("");
    if (said.path("running").asBoolean(false)) {
      return new StepStatus.Running(unit, percent(said), evidence);
    }
    if (said.path("lost").asBoolean(false)) {
      return new StepStatus.Lost(unit, evidence);
    }
    var answer = said.path("answer");
    return new StepStatus.Finished(
        unit,
        said.path("token").asString(""),
        said.path("bootId").asString(""),
        said.path("exitCode").asInt(),
        answer.isObject() ? Optional.of(answer(answer)) : Optional.empty(),
        evidence);
  }

  private static OptionalInt percent(JsonNode said) {
    var text = said.path("percent").asString(""); // hosts of before say nothing
    return text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
  }

  /// Starts taking away what the host's manifest says we put there; the answer is the unit.
  public String retire(ServerId server, String token) {
    return read(checked(run(STEP, SHORT, "retire", server.toString(), token)))
        .path("unit")
        .asString();
  }

  /// The last call after `retire`: our login, helpers and settings of sshd go within seconds.
  public void leave(ServerId server) {
    checked(run(STEP, SHORT, "leave", server.toString()));
  }

  /// Keeps the sshd settings of first contact, which would undo themselves. False: they have done
  /// so already, contact the host again.
  public boolean settle(ServerId server) {
    return read(checked(run(STEP, SHORT, "settle", server.toString())))
        .path("settled")
        .asBoolean(false);
  }

  private String withBundle(HostBundle bundle, Duration limit, String... arguments) {
    var output = run(STEP, limit, arguments);
    if (output.exitCode() == NO_BUNDLE) {
      host.stage(bundle.hash() + ".tar", bundle.archive());
      checked(run(INSTALL, SHORT, "receive", bundle.hash()));
      output = run(STEP, limit, arguments);
    }
    return checked(output);
  }

  private RemoteHost.Output run(String helper, Duration limit, String... arguments) {
    var command = new ArrayList<>(List.of("sudo", "-n", helper));
    command.addAll(List.of(arguments));
    return run(command, limit);
  }

  private RemoteHost.Output run(List<String> command, Duration limit) {
    return host.run(command, new byte[0], limit);
  }

  private static String checked(RemoteHost.Output output) {
    var said = output.standardError().strip();
    return switch (output.exitCode()) {
      case 0 -> output.standardOutput();
      case BUSY -> throw new Unavailable("the host is busy: " + said);
      case OTHER_SERVER -> throw new Refused(said);
      case OLDER_VERSION -> throw new Refused(FailureType.SUPERSEDED, said);
      default ->
          throw new Refused(
              "the host's helper ended with %d: %s".formatted(output.exitCode(), said));
    };
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new Unavailable(
          "the host's answer cannot be read: " + line.substring(0, Math.min(200, line.length())),
          e);
    }
  }

  private static List<StepAnswer> answers(String output) {
    return output.lines().map(line -> answer(read(line))).toList();
  }

  private static StepAnswer answer(JsonNode said) {
    return new StepAnswer(
        said.path("step").asString(),
        StepAnswer.State.valueOf(said.path("state").asString()),
        said.path("evidence").asString(""));
  }
}
