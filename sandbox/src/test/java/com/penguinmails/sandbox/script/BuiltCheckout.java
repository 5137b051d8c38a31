package com.penguinmails.sandbox.script;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A directory that `./penguin` takes for this repository and finds built: from the jars these
/// tests run on, with the class paths of the build. In the repository itself it might start Maven,
/// and replace jars that are in use.
public record BuiltCheckout(Path directory) {
  private static final List<String> MODULES = List.of("store", "worker", "api");

  /// Makes one.
  ///
  /// @param directory is made
  public static BuiltCheckout in(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve(".mvn"));
    Files.createFile(directory.resolve("pom.xml"));
    for (var part : List.of("penguin", "tools")) {
      Files.createSymbolicLink(directory.resolve(part), Script.ROOT.resolve(part));
    }
    var built = Files.createDirectories(directory.resolve("target/penguin"));
    for (var module : MODULES) {
      var target = Files.createDirectories(directory.resolve(module).resolve("target"));
      Files.createFile(directory.resolve(module).resolve("pom.xml"));
      var own = jarOf(module);
      Files.createSymbolicLink(target.resolve(own.getFileName()), own);
      var classPath = Script.ROOT.resolve(module).resolve("target/penguin.classpath");
      Files.copy(classPath, built.resolve("classpath." + module));
      Files.copy(classPath, built.resolve("classpath"), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(built.resolve("sources"), sourcesHash(directory));
    return new BuiltCheckout(directory);
  }

  /// Its `./penguin`.
  public String penguin() {
    return directory.resolve("penguin").toString();
  }

  private static String sourcesHash(Path directory) throws IOException, InterruptedException {
    var hashed =
        Script.run(
            Map.of("root", directory.toString()),
            List.of("bash", "-c", "set -euo pipefail; . \"$root\"/tools/build.sh; sources_hash"));
    if (hashed.code() != 0) {
      throw new IllegalStateException("no hash of " + directory + ": " + hashed.err());
    }
    return hashed.out();
  }

  private static Path jarOf(String module) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path ->
            path.getFileName().toString().matches("penguin-" + module + "-[^-]+(-SNAPSHOT)?\\.jar"))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "no jar of " + module + " on the class path: these tests are run by Maven"));
  }
}
