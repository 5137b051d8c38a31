package com.penguinmails.sandbox.world;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.worker.WorkerApplication;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The production worker of a world in a process of its own, to be killed.
public final class WorkerProcess {
  private WorkerProcess() {}

  /// Starts one; it is at work some seconds later.
  ///
  /// @param number of this start; part of the log's name
  public static ChildProcess start(SandboxWorld world, Path logs, int number) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx384m",
            "-Djdk.virtualThreadScheduler.parallelism=16",
            "-XX:TieredStopAtLevel=1",
            "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(WorkerApplication.class.getName());
    world.workerProperties().forEach((name, value) -> command.add("--" + name + "=" + value));
    return ChildProcess.start(new ChildProcess.Launch("worker-" + number, command, logs));
  }
}
