package com.penguinmails.sandbox.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One run of a script of this repository, to its end; its input is empty and no terminal.
///
/// @param code what it ended with
/// @param out standard output
/// @param err standard error
record Script(int code, String out, String err) {
  /// Where the repository is.
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// Runs `./penguin` with these arguments.
  static Script penguin(String... arguments) throws IOException, InterruptedException {
    return penguin(Map.of(), arguments);
  }

  /// Runs `./penguin`.
  ///
  /// @param environment added to this process' own
  static Script penguin(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(ROOT.resolve("penguin").toString()));
    command.addAll(List.of(arguments));
    return run(environment, command);
  }

  /// Runs any command.
  ///
  /// @param environment added to this process' own
  static Script run(Map<String, String> environment, List<String> command)
      throws IOException, InterruptedException {
    var err = Files.createTempFile("script", ".err");
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectError(err.toFile());
      builder.environment().remove("NO_COLOR");
      builder.environment().putAll(environment);
      var process = builder.start();
      var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Script(process.waitFor(), out, Files.readString(err));
    } finally {
      Files.delete(err);
    }
  }
}
