package com.penguinmails.sandbox.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.sandbox.process.ChildProcess;
import com.penguinmails.sandbox.world.SandboxWorld;
import com.penguinmails.sandbox.world.WorkerProcess;
import com.penguinmails.templates.Templates;
import com.penguinmails.worker.WorkerApplication;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The worker of the newest release, as it was built then: every class of ours comes from its jars,
/// only the libraries are today's. How the jars are made: `tools/previous-build.sh`.
final class PreviousBuild {
  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Path JARS = Path.of("src", "test", "previous-build").toAbsolutePath();

  private static final Path HISTORIES = CHECKOUT.resolve("workflows/src/test/resources/histories");
  private static final List<String> MODULES =
      List.of("workflows", "infra-templates", "store", "ports", "activities", "worker");

  /// Settings that came after it.
  private static final Set<String> CAME_LATER =
      Set.of(
          "penguin.worker.account-sweep-every",
          "penguin.worker.domain-sweep-every",
          "penguin.worker.host-sweep-every");

  private PreviousBuild() {}

  /// Starts one; it is at work some seconds later.
  ///
  /// @param number of this start; part of the log's name
  static ChildProcess startWorker(
      SandboxWorld world, Path logs, int number, Map<String, ?> settings) {
    return WorkerProcess.start(
        world,
        new WorkerProcess.Start(WorkerApplication.class, Map.of(), logs, number, settings),
        classPath(),
        CAME_LATER);
  }

  /// What it puts on hosts.
  static Templates templates() {
    var jar = jar("infra-templates", newestRelease());
    try {
      return new Templates(new URLClassLoader(new URL[] {jar.toUri().toURL()}, null));
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String classPath() {
    return Stream.concat(jars().stream().map(Path::toString), libraries())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static List<Path> jars() {
    var release = newestRelease();
    var jars = MODULES.stream().map(module -> jar(module, release)).toList();
    assertThat(jars)
        .as("made by: tools/previous-build.sh v%s", release)
        .allMatch(Files::isRegularFile);
    return jars;
  }

  private static Path jar(String module, Version release) {
    return JARS.resolve("penguin-%s-%s.jar".formatted(module, release));
  }

  /// The newest whose histories are closed.
  private static Version newestRelease() {
    try (var all = Files.list(HISTORIES)) {
      return all.filter(directory -> Files.exists(directory.resolve("SHA256SUMS")))
          .map(directory -> Version.parse(directory.getFileName().toString()))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Today's class path without anything of ours.
  private static Stream<String> libraries() {
    var all = Arrays.asList(System.getProperty("java.class.path").split(File.pathSeparator, -1));
    var ours = all.stream().filter(PreviousBuild::isOurs).toList();
    assertThat(ours).as("modules on today's class path").hasSizeGreaterThan(jars().size());
    return all.stream().filter(entry -> !isOurs(entry));
  }

  private static boolean isOurs(String entry) {
    return Path.of(entry).toAbsolutePath().normalize().startsWith(CHECKOUT);
  }
}
