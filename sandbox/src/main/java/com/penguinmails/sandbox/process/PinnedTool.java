package com.penguinmails.sandbox.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Programs of other makers, one version each. `tools/install.sh` puts them into the user's cache;
/// the versions here are those of `tools/pins`, which a test compares.
public enum PinnedTool {
  TEMPORAL("temporal", "1.5.1", "--version"),
  PEBBLE("pebble", "2.10.1", "-version"),
  VAULT("vault", "1.21.1", "version"),
  TEMPORAL_SERVER("temporal-server", "1.29.1", "--version");

  private static final Duration ONE_ANSWER = Duration.ofSeconds(5);

  private final String tool;
  private final String version;
  private final String asked;

  PinnedTool(String tool, String version, String asked) {
    this.tool = tool;
    this.version = version;
    this.asked = asked;
  }

  /// The version everything here was tried with.
  public String version() {
    return version;
  }

  /// The program's main executable: the cache's, else the one on `PATH` at that version.
  public Path executable() {
    return executable(tool);
  }

  /// An executable of the tool by its name, for tools that come with several.
  ///
  /// @throws IllegalStateException it is nowhere; the message names the command that installs it
  public Path executable(String name) {
    return Stream.concat(
            Stream.of(directory()),
            directoriesOf(Optional.ofNullable(System.getenv("PATH")).orElse(""))
                .filter(directory -> isPinned(directory.resolve(tool))))
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "%s %s is neither in %s nor, at that version, on PATH; ./penguin tools %s installs it"
                    .formatted(name, version, directory(), tool)));
  }

  private Path directory() {
    return UserCache.root().resolve("tools").resolve(tool).resolve(version);
  }

  private static Stream<Path> directoriesOf(String path) {
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .filter(entry -> !entry.isBlank())
        .map(Path::of);
  }

  /// Whether an executable says that it is the pinned version; another one might behave otherwise.
  boolean isPinned(Path executable) {
    if (!Files.isExecutable(executable)) {
      return false;
    }
    try {
      var process =
          new ProcessBuilder(executable.toString(), asked)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      var said = process.inputReader().lines().limit(10).toList();
      if (!process.waitFor(ONE_ANSWER.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return said.stream().anyMatch(line -> words(line).anyMatch(version::equals));
    } catch (IOException e) {
      return false; // not a program of this machine
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static Stream<String> words(String line) {
    return Pattern.compile("[^0-9A-Za-z.-]+|\\bv(?=[0-9])").splitAsStream(line);
  }

  /// The name `./penguin tools` knows it by.
  @Override
  public String toString() {
    return tool;
  }
}
