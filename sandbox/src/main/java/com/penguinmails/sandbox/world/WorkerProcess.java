package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.worker.WorkerApplication;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/// The production worker of a world in a process of its own, to be killed.
public final class WorkerProcess {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private WorkerProcess() {}

  /// Starts one; it is at work some seconds later.
  ///
  /// @param number of this start; part of the log's name
  public static ChildProcess start(SandboxWorld world, Path logs, int number) {
    return start(world, logs, number, Map.of());
  }

  /// As [#start(SandboxWorld, Path, int)]; some settings are one's own.
  public static ChildProcess start(SandboxWorld world, Path logs, int number, Map<String, ?> more) {
    var settings = new TreeMap<>(world.workerProperties());
    settings.putAll(more);
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx384m",
            "-Djdk.virtualThreadScheduler.parallelism=16",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            WorkerApplication.class.getName());
    return ChildProcess.start(
        new ChildProcess.Launch(
            "worker-" + number,
            command,
            Map.of("SPRING_APPLICATION_JSON", JSON.writeValueAsString(settings)),
            logs));
  }
}
