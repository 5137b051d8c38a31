package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.regex.Pattern;

/// The owner name of a DNS record: like a domain name, but labels may begin with an underscore
/// (`_dmarc.example.com`) and the first may be `*`. Lower case, no final dot.
public record RecordName(@JsonValue String value) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
  private static final int MAX_LENGTH = 253;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public RecordName {
    value = value.toLowerCase(Locale.ROOT);
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("not a record name: \"" + value + "\"");
    }
    var rest = value.startsWith("*.") ? value.substring(2) : value;
    for (var label : rest.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw new IllegalArgumentException("not a record name: \"" + value + "\"");
      }
    }
  }

  /// The name of the domain itself.
  public static RecordName of(DomainName domain) {
    return new RecordName(domain.value());
  }

  /// A name below the domain, such as `_dmarc`.
  public static RecordName of(String labels, DomainName domain) {
    return new RecordName(labels + "." + domain.value());
  }

  /// True for the zone's own name and every name below it.
  public boolean isWithin(DomainName zone) {
    return value.equals(zone.value()) || value.endsWith("." + zone.value());
  }

  @Override
  public String toString() {
    return value;
  }
}
