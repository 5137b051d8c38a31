package com.penguinmails.workflows.certificate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// One CAA record, read from its presentation form `0 issue "letsencrypt.org"` (RFC 8659, 4).
///
/// @param tag lower case; tags are compared without regard to case
record CaaProperty(boolean isCritical, String tag, String value) {
  private static final Pattern RECORD = Pattern.compile("(\\d{1,3})\\s+([A-Za-z0-9]+)\\s*(.*)");
  private static final int CRITICAL = 128; // bit 0, RFC 8659, 4.1

  /// Empty when the text is no CAA record.
  static Optional<CaaProperty> parse(String presentation) {
    var matcher = RECORD.matcher(presentation.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var value = matcher.group(3).strip();
    if (value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")) {
      value = value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
    }
    return Optional.of(
        new CaaProperty(
            (Integer.parseInt(matcher.group(1)) & CRITICAL) != 0,
            matcher.group(2).toLowerCase(Locale.ROOT),
            value));
  }

  /// The value of `issue` and `issuewild` (RFC 8659, 4.2). What cannot be read allows nobody.
  Issuer issuer() {
    var parts = value.split(";", -1);
    var parameters = new ArrayList<Parameter>();
    for (int i = 1; i < parts.length; i++) {
      var text = parts[i].strip();
      int equals = text.indexOf('=');
      if (equals > 0) {
        parameters.add(
            new Parameter(
                text.substring(0, equals).strip().toLowerCase(Locale.ROOT),
                text.substring(equals + 1).strip()));
      } else if (!text.isEmpty()) {
        return new Issuer("", List.of());
      }
    }
    var name = parts[0].strip().toLowerCase(Locale.ROOT);
    return new Issuer(name.matches("[a-z0-9.-]*") ? name : "", parameters);
  }

  /// @param name the CA, empty for "nobody"
  record Issuer(String name, List<Parameter> parameters) {
    List<String> all(String tag) {
      return parameters.stream()
          .filter(parameter -> parameter.tag().equals(tag))
          .map(Parameter::value)
          .toList();
    }
  }

  /// One `tag=value` after the CA's name.
  record Parameter(String tag, String value) {}
}
