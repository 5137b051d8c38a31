package com.penguinmails.sandbox.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A `PATH` of a machine that lacks a command of this one, or has another one of that name.
public final class SearchPath {
  private SearchPath() {}

  /// Everything that is on our `PATH` but these commands, and with them as scripts of ours.
  ///
  /// @param directory an empty one
  /// @param ours command and what it does; empty: there is none
  /// @return what `PATH` must be
  public static String in(Path directory, Map<String, String> ours) throws IOException {
    for (var command : new TreeMap<>(ours).entrySet()) {
      if (!command.getValue().isEmpty()) {
        var script = directory.resolve(command.getKey());
        Files.writeString(script, "#!/bin/sh\n" + command.getValue() + "\n");
        if (!script.toFile().setExecutable(true)) {
          throw new IllegalStateException(script + " cannot be made executable");
        }
      }
    }
    for (var place : System.getenv("PATH").split(":")) {
      linkAll(Path.of(place), directory, ours.keySet());
    }
    return directory.toString();
  }

  private static void linkAll(Path from, Path to, Set<String> not) throws IOException {
    if (!Files.isDirectory(from)) {
      return;
    }
    try (var commands = Files.newDirectoryStream(from)) {
      for (var command : commands) {
        var link = to.resolve(command.getFileName());
        // An earlier directory of PATH may have it: that one counts.
        if (!not.contains(link.getFileName().toString())
            && Files.notExists(link, LinkOption.NOFOLLOW_LINKS)) {
          Files.createSymbolicLink(link, command);
        }
      }
    }
  }
}
