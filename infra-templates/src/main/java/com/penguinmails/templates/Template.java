package com.penguinmails.templates;

import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One text with `{{name}}` in it. Strict: an unknown variable, an unused one, or braces that are
/// no variable are errors. A variable alone on its line may hold several lines, or none, in which
/// case the line goes; anywhere else a line break in a value is an error, so that no value can
/// smuggle in a setting.
public record Template(String name, String text) {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{([a-z][a-zA-Z0-9_]*)}}");
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\\n\\t]]");

  /// The text with all variables filled in.
  ///
  /// @param variables text, numbers or booleans by name
  /// @throws TemplateException template and variables do not fit
  public String render(Map<String, ?> variables) {
    var unused = new TreeSet<>(variables.keySet());
    var result = new StringBuilder();
    var number = 0;
    for (var line : text.split("(?<=\n)", -1)) {
      number++;
      result.append(renderLine(line, number, variables, unused));
    }
    if (!unused.isEmpty()) {
      throw new TemplateException(name + " does not use " + unused);
    }
    return result.toString();
  }

  private String renderLine(
      String line, int number, Map<String, ?> variables, TreeSet<String> unused) {
    var alone = VARIABLE.matcher(line.strip());
    if (alone.matches()) {
      var value = value(alone.group(1), number, variables, unused);
      return value.isEmpty() ? "" : value.endsWith("\n") ? value : value + "\n";
    }
    if (VARIABLE.matcher(line).replaceAll("").contains("{{")) {
      throw new TemplateException(
          "%s, line %d: braces that are no variable".formatted(name, number));
    }
    return VARIABLE
        .matcher(line)
        .replaceAll(match -> {
          var value = value(match.group(1), number, variables, unused);
          if (value.contains("\n")) {
            throw new TemplateException(
                "%s, line %d: %s has a line break".formatted(name, number, match.group(1)));
          }
          return Matcher.quoteReplacement(value);
        });
  }

  private String value(
      String variable, int number, Map<String, ?> variables, TreeSet<String> unused) {
    var value = variables.get(variable);
    if (value == null) {
      throw new TemplateException(
          "%s, line %d: no variable %s; known: %s"
              .formatted(name, number, variable, new TreeSet<>(variables.keySet())));
    }
    unused.remove(variable);
    if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
      throw new TemplateException(
          "%s, line %d: %s is a %s, not text"
              .formatted(name, number, variable, value.getClass().getSimpleName()));
    }
    var written = value.toString();
    if (CONTROL.matcher(written).find()) {
      throw new TemplateException(
          "%s, line %d: %s has a control character".formatted(name, number, variable));
    }
    return written;
  }
}
