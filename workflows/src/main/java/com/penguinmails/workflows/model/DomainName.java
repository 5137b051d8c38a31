package com.penguinmails.workflows.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

/// A host or domain name in its ASCII form (RFC 5890 A-labels), lower case, without the final dot,
/// at least two labels. Each label is a letter-digit-hyphen label of at most 63 octets, the whole
/// at most 253 (RFC 1035, 2.3.4).
public record DomainName(@JsonValue String value) {
  private static final Pattern DEVIATING = Pattern.compile("[\\u00df\\u1e9e\\u03c2\\u200c\\u200d]");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final int MAX_LENGTH = 253;

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public DomainName {
    if (value.length() > MAX_LENGTH || value.indexOf('.') < 0) {
      throw new IllegalArgumentException("not a domain name: \"" + value + "\"");
    }
    for (var label : value.split("\\.", -1)) {
      if (!LABEL.matcher(label).matches()) {
        throw new IllegalArgumentException(
            "not a domain name: \"" + value + "\" (label \"" + label + "\")");
      }
    }
  }

  /// Reads what a person typed: upper case, a final dot, blanks around it and Unicode labels are
  /// understood, unless they are [ambiguous][#isAmbiguous].
  ///
  /// @throws IllegalArgumentException no domain name can be read from it
  public static DomainName parse(String typed) {
    var text = typed.strip();
    if (text.endsWith(".")) {
      text = text.substring(0, text.length() - 1);
    }
    if (isAmbiguous(text)) {
      throw new IllegalArgumentException("two domains may be meant by \"" + text + "\"");
    }
    return new DomainName(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT));
  }

  /// Whether the two standards for Unicode labels may read another domain each from the text: it
  /// has a sharp s, a final sigma or a joiner (RFC 5894, 7.2).
  public static boolean isAmbiguous(String typed) {
    return DEVIATING.matcher(typed).find();
  }

  /// The name below this one, such as `mail` under `example.com`.
  public DomainName child(String label) {
    return new DomainName(label + "." + value);
  }

  /// True for the name itself and every name below `ancestor`.
  public boolean isWithin(DomainName ancestor) {
    return value.equals(ancestor.value) || value.endsWith("." + ancestor.value);
  }

  /// As people know it: Unicode where the name has A-labels.
  public String unicode() {
    return IDN.toUnicode(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
