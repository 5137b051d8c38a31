package com.penguinmails.sandbox.cloudflare;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What a record of the API means in DNS. Written apart from the client's own reading of it: were
/// they one, a mistake would look right on both sides.
final class CloudflareContent {
  private static final Pattern STRING = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  private CloudflareContent() {}

  /// The value as [com.penguinmails.workflows.model.DnsRecord] has it.
  static String value(Map<String, Object> record) {
    var content = String.valueOf(record.get("content"));
    var data = record.get("data") instanceof Map<?, ?> fields ? fields : Map.of();
    return switch (String.valueOf(record.get("type"))) {
      case "MX" -> record.get("priority") + " " + content;
      case "SRV" ->
          "%s %s %s %s"
              .formatted(
                  data.get("priority"), data.get("weight"), data.get("port"), data.get("target"));
      case "CAA" -> "%s %s \"%s\"".formatted(data.get("flags"), data.get("tag"), data.get("value"));
      case "TXT" -> text(content);
      default -> content;
    };
  }

  private static String text(String content) {
    if (!content.startsWith("\"")) {
      return content;
    }
    return STRING
        .matcher(content)
        .results()
        .map(string -> string.group(1).replaceAll("\\\\(.)", "$1"))
        .collect(Collectors.joining());
  }
}
