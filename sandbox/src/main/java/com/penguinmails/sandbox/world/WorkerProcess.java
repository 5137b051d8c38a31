package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.worker.WorkerApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/// The production worker of a world in a process of its own, to be killed.
public final class WorkerProcess {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final Pattern STARTED = Pattern.compile("Started \\w+ in [0-9.]+ seconds");
  private static final int ALL = Integer.MAX_VALUE;

  private WorkerProcess() {}

  /// Whether it has started, and polls.
  public static boolean isAtWork(ChildProcess worker) {
    return STARTED.matcher(worker.lastWords(ALL)).find();
  }

  /// Which worker.
  ///
  /// @param main the class whose `main` is run
  /// @param properties the process' system properties
  /// @param number of this start; part of the log's name
  /// @param settings it has besides the world's
  public record Start(
      Class<?> main,
      Map<String, String> properties,
      Path logs,
      int number,
      Map<String, ?> settings) {}

  /// Starts one; it is at work some seconds later.
  ///
  /// @param number of this start; part of the log's name
  public static ChildProcess start(SandboxWorld world, Path logs, int number) {
    return start(world, logs, number, Map.of());
  }

  /// As [#start(SandboxWorld, Path, int)]; some settings are one's own.
  public static ChildProcess start(SandboxWorld world, Path logs, int number, Map<String, ?> more) {
    return start(world, new Start(WorkerApplication.class, Map.of(), logs, number, more));
  }

  /// As [#start(SandboxWorld, Path, int)], of one's own.
  public static ChildProcess start(SandboxWorld world, Start start) {
    return start(world, start, System.getProperty("java.class.path"), Set.of());
  }

  /// As [#start(SandboxWorld, Start)], of another build.
  ///
  /// @param classPath its own
  /// @param unknown settings of a world that it does not know, with which it would not start
  public static ChildProcess start(
      SandboxWorld world, Start start, String classPath, Set<String> unknown) {
    var settings = new TreeMap<>(world.workerProperties());
    settings.keySet().removeAll(unknown);
    settings.put("logging.level." + start.main().getName(), "INFO"); // tells when it has started
    settings.putAll(start.settings());
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-Djdk.virtualThreadScheduler.parallelism=16",
                "-XX:TieredStopAtLevel=1"));
    start.properties().forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", classPath, start.main().getName()));
    return ChildProcess.start(
        new ChildProcess.Launch(
            "worker-" + start.number(),
            command,
            Map.of("SPRING_APPLICATION_JSON", JSON.writeValueAsString(settings)),
            start.logs()));
  }
}
