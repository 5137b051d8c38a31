package com.penguinmails.templates;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/// What lands on hosts, by its path below `infra-templates`.
public final class Templates {
  private final ClassLoader loader;

  public Templates() {
    this(Templates.class.getClassLoader());
  }

  /// @param loader has further templates below `infra-templates/`
  public Templates(ClassLoader loader) {
    this.loader = loader;
  }

  /// The file as it is.
  ///
  /// @throws TemplateException there is none
  public String text(String path) {
    return find(path).orElseThrow(() -> new TemplateException("no template " + path));
  }

  /// The file as it is, if there is one.
  public Optional<String> find(String path) {
    if (path.contains("..") || path.startsWith("/")) {
      throw new TemplateException("not a path below infra-templates: " + path);
    }
    try (var stream = loader.getResourceAsStream("infra-templates/" + path)) {
      return stream == null
          ? Optional.empty()
          : Optional.of(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The file with its variables filled in.
  ///
  /// @throws TemplateException template and variables do not fit
  public String render(String path, Map<String, ?> variables) {
    return new Template(path, text(path)).render(variables);
  }
}
