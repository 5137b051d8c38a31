package com.penguinmails.sandbox.mail.simulated;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A message as it travels: every octet as an ISO 8859-1 character, lines ended by CRLF. What is
/// not changed on purpose stays as it is, which signatures depend on.
///
/// @param fields of the header, topmost first, folded as they came, without the last CRLF
record RawMessage(List<String> fields, String body) {
  private static final Pattern NAME = Pattern.compile("([\\x21-\\x39\\x3b-\\x7e]+)[ \\t]*:");

  RawMessage {
    fields = List.copyOf(fields);
  }

  /// The header ends at the first line that cannot be part of it, as Postfix sees it.
  static RawMessage parse(String raw) {
    var fields = new ArrayList<String>();
    int at = 0;
    while (at < raw.length()) {
      int end = raw.indexOf("\r\n", at);
      int next = end < 0 ? raw.length() : end + 2;
      var line = raw.substring(at, end < 0 ? raw.length() : end);
      if (line.isEmpty()) {
        return new RawMessage(fields, raw.substring(next));
      }
      if ((line.startsWith(" ") || line.startsWith("\t")) && !fields.isEmpty()) {
        fields.add(fields.removeLast() + "\r\n" + line);
      } else if (NAME.matcher(line).lookingAt()) {
        fields.add(line);
      } else {
        return new RawMessage(fields, raw.substring(at));
      }
      at = next;
    }
    return new RawMessage(fields, "");
  }

  String text() {
    var text = new StringBuilder();
    for (var field : fields) {
      text.append(field).append("\r\n");
    }
    return text.append("\r\n").append(body).toString();
  }

  InputStream stream() {
    return new ByteArrayInputStream(text().getBytes(StandardCharsets.ISO_8859_1));
  }

  /// The names of all fields in their order, as written.
  List<String> names() {
    return fields.stream().map(RawMessage::name).toList();
  }

  boolean has(String name) {
    return names().stream().anyMatch(name::equalsIgnoreCase);
  }

  /// The body of the first field of that name, unfolded.
  Optional<String> value(String name) {
    return fields.stream()
        .filter(field -> name(field).equalsIgnoreCase(name))
        .map(field -> field.substring(field.indexOf(':') + 1).replace("\r\n", "").strip())
        .findFirst();
  }

  RawMessage onTop(String... added) {
    var all = new ArrayList<>(List.of(added));
    all.addAll(fields);
    return new RawMessage(all, body);
  }

  RawMessage atEnd(String field) {
    var all = new ArrayList<>(fields);
    all.add(field);
    return new RawMessage(all, body);
  }

  /// @param names in lower case
  RawMessage without(Set<String> names) {
    return new RawMessage(
        fields.stream()
            .filter(field -> !names.contains(name(field).toLowerCase(Locale.ROOT)))
            .toList(),
        body);
  }

  RawMessage withBody(String other) {
    return new RawMessage(fields, other);
  }

  private static String name(String field) {
    return field.substring(0, field.indexOf(':')).stripTrailing();
  }
}
