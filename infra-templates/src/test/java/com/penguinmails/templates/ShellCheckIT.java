package com.penguinmails.templates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every script that lands on a host, through ShellCheck.
class ShellCheckIT {
  @Test
  void findsNothingInTheScripts() throws IOException, InterruptedException {
    var scripts = scripts();
    var command = new ArrayList<>(List.of("shellcheck"));
    command.addAll(scripts);

    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var complaints = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(scripts).hasSizeGreaterThan(20);
    assertThat(process.waitFor()).as(complaints).isZero();
  }

  @Test
  void wouldFindAMistake() throws IOException, InterruptedException {
    var process = new ProcessBuilder("shellcheck", "-").start();
    try (var input = process.getOutputStream()) {
      input.write("#!/bin/bash\nrm -rf $1/*\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(process.waitFor()).isNotZero();
  }

  /// Scripts have a shebang or the ending `.sh`; templates of other files have neither.
  private static List<String> scripts() throws IOException {
    try (var files = Files.walk(Path.of("."))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !file.startsWith("./src") && !file.startsWith("./target"))
          .filter(ShellCheckIT::isScript)
          .map(Path::toString)
          .sorted()
          .toList();
    }
  }

  private static boolean isScript(Path file) {
    try {
      var text = Files.readString(file);
      return file.toString().endsWith(".sh") || text.startsWith("#!/usr/bin/env bash");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
