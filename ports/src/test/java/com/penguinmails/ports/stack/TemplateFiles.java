package com.penguinmails.ports.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The files of the module `infra-templates`, read where they lie.
final class TemplateFiles {
  private static final Path ROOT = Path.of("..", "infra-templates");
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*(\\w+)\\s*}}");

  private TemplateFiles() {}

  static boolean exists(String path) {
    return Files.isRegularFile(ROOT.resolve(path));
  }

  static Set<String> variables(String path) {
    try {
      return VARIABLE
          .matcher(Files.readString(ROOT.resolve(path)))
          .results()
          .map(found -> found.group(1))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
