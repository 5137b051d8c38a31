package com.penguinmails.sandbox.script;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A directory that `./penguin` takes for this repository and finds built: from the jars these
/// tests run on, with the class paths of the build. In the repository itself it might start Maven,
/// and replace jars that are in use.
public record BuiltCheckout(Path directory) {
  private static final List<String> MODULES = List.of("store", "worker", "api");
  private static final String DEMO = "sandbox";
  private static final List<String> PARTS = List.of("penguin", "tools");

  /// Makes one that leads to files of the repository.
  ///
  /// @param directory is made
  public static BuiltCheckout in(Path directory) throws IOException, InterruptedException {
    var built = makeEmpty(directory);
    for (var part : PARTS) {
      Files.createSymbolicLink(directory.resolve(part), Script.ROOT.resolve(part));
    }
    for (var module : MODULES) {
      var own = jarOf(module);
      Files.createSymbolicLink(targetOf(module, directory).resolve(own.getFileName()), own);
      writeClassPath(module, built, classPathOf(module));
    }
    return finished(directory);
  }

  /// Makes one for whoever may not read the repository and its libraries: of copies, and with what
  /// `./penguin demo` runs, nothing more.
  ///
  /// @param directory is made
  public static BuiltCheckout ofTheDemoIn(Path directory) throws IOException, InterruptedException {
    var built = makeEmpty(directory);
    for (var part : PARTS) {
      copyAll(Script.ROOT.resolve(part), directory.resolve(part));
    }
    var libraries = Files.createDirectory(directory.resolve("libraries"));
    var classPath = new ArrayList<String>();
    for (var jar : classPathOf(DEMO).split(File.pathSeparator)) {
      var copy = libraries.resolve(Path.of(jar).getFileName());
      classPath.add(Files.copy(Path.of(jar), copy).toString());
    }
    var own = jarOfTheDemo();
    Files.copy(own, targetOf(DEMO, directory).resolve(own.getFileName()));
    writeClassPath(DEMO, built, String.join(File.pathSeparator, classPath));
    return finished(directory);
  }

  /// Its `./penguin`.
  public String penguin() {
    return directory.resolve("penguin").toString();
  }

  private static Path makeEmpty(Path directory) throws IOException {
    Files.createDirectories(directory.resolve(".mvn"));
    Files.createFile(directory.resolve("pom.xml"));
    return Files.createDirectories(directory.resolve("target/penguin"));
  }

  private static Path targetOf(String module, Path directory) throws IOException {
    var target = Files.createDirectories(directory.resolve(module).resolve("target"));
    Files.createFile(directory.resolve(module).resolve("pom.xml"));
    return target;
  }

  private static String classPathOf(String module) throws IOException {
    return Files.readString(Script.ROOT.resolve(module).resolve("target/penguin.classpath"));
  }

  private static void writeClassPath(String module, Path built, String classPath)
      throws IOException {
    Files.writeString(built.resolve("classpath." + module), classPath);
    Files.writeString(built.resolve("classpath"), classPath);
  }

  /// As built: `./penguin` would build what is not.
  private static BuiltCheckout finished(Path directory) throws IOException, InterruptedException {
    Files.writeString(directory.resolve("target/penguin/sources"), sourcesHash(directory));
    return new BuiltCheckout(directory);
  }

  private static void copyAll(Path from, Path to) throws IOException, InterruptedException {
    var copied = Script.run(Map.of(), List.of("cp", "--recursive", from.toString(), to.toString()));
    if (copied.code() != 0) {
      throw new IllegalStateException("no copy of " + from + ": " + copied.err());
    }
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
        .filter(path -> isJarOf(module, path))
        .findFirst()
        .orElseThrow(() -> noJarOf(module, "on the class path"));
  }

  /// These tests themselves run on its classes, not on its jar. The newest: another version's may
  /// be there still.
  private static Path jarOfTheDemo() throws IOException {
    var target = Script.ROOT.resolve(DEMO).resolve("target");
    try (var files = Files.list(target)) {
      return files
          .filter(path -> isJarOf(DEMO, path))
          .max(Comparator.comparingLong(path -> path.toFile().lastModified()))
          .orElseThrow(() -> noJarOf(DEMO, "in " + target));
    }
  }

  private static boolean isJarOf(String module, Path path) {
    return path.getFileName().toString().matches("penguin-" + module + "-[^-]+(-SNAPSHOT)?\\.jar");
  }

  private static IllegalStateException noJarOf(String module, String place) {
    return new IllegalStateException(
        "no jar of " + module + " " + place + ": these tests are run by Maven");
  }
}
