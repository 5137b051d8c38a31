package com.penguinmails.api.decision;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A story as a page of text, from the API's answer. Pure.
final class ExplainText {
  private ExplainText() {}

  /// @param what such as `setup 0193…`
  static String of(String what, List<JsonNode> entries) {
    var lines = new ArrayList<String>();
    lines.add("The story of %s, oldest first".formatted(what));
    for (var entry : entries) {
      lines.add("");
      lines.add("%s  %s".formatted(text(entry, "at"), text(entry.path("about"), "kind")));
      lines.add("  " + text(entry, "sentence"));
      if (entry.hasNonNull("rule")) {
        lines.add(
            "  (%s; from %s; run %s)"
                .formatted(text(entry, "rule"), inputs(entry), text(entry, "run")));
      }
    }
    return String.join("\n", lines);
  }

  /// Without what was seen, which the sentence has.
  private static String inputs(JsonNode entry) {
    var inputs =
        entry
            .path("inputs")
            .propertyStream()
            .filter(input -> !input.getKey().equals("seen"))
            .map(input -> plain(input.getKey() + " " + input.getValue().asString("")))
            .sorted()
            .collect(Collectors.joining(", "));
    return inputs.isEmpty() ? "what was seen" : inputs;
  }

  private static String text(JsonNode object, String field) {
    return plain(object.path(field).asString(""));
  }

  /// Without control characters: what was seen outside is shown in a terminal.
  private static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
