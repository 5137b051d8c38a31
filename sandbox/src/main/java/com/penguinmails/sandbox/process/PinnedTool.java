package com.penguinmails.sandbox.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Programs of other makers, one version each. `tools/install.sh` puts them into the user's cache;
/// the versions here are those of `tools/pins`, which a test compares.
public enum PinnedTool {
  TEMPORAL("temporal", "1.5.1"),
  PEBBLE("pebble", "2.10.1"),
  VAULT("vault", "1.21.1");

  private final String tool;
  private final String version;

  PinnedTool(String tool, String version) {
    this.tool = tool;
    this.version = version;
  }

  /// The version everything here was tried with.
  public String version() {
    return version;
  }

  /// The program's main executable: the cache's, else the one on `PATH`.
  public Path executable() {
    return executable(tool);
  }

  /// An executable of the tool by its name, for tools that come with several.
  ///
  /// @throws IllegalStateException it is nowhere; the message names the command that installs it
  public Path executable(String name) {
    return Stream.concat(Stream.of(directory().resolve(name)), onPath(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "%s %s is neither in %s nor on PATH; ./penguin tools %s installs it"
                    .formatted(name, version, directory(), tool)));
  }

  private Path directory() {
    var cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(value -> !value.isBlank())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    return cache.resolve("penguin").resolve("tools").resolve(tool).resolve(version);
  }

  private static Stream<Path> onPath(String name) {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Pattern.compile(Pattern.quote(File.pathSeparator))
        .splitAsStream(path)
        .filter(entry -> !entry.isBlank())
        .map(entry -> Path.of(entry, name));
  }

  /// The name `./penguin tools` knows it by.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
