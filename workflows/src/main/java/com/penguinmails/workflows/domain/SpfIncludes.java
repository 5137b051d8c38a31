package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.RecordName;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Which other SPF records a text refers to. Pure.
public final class SpfIncludes {
  // Macros (RFC 7208, 7) depend on the sender of each message: such a name cannot be looked up
  // here.
  private static final Pattern PLAIN_NAME =
      Pattern.compile("([a-z0-9_-]{1,63}\\.)+[a-z0-9-]{2,63}");

  private SpfIncludes() {}

  /// Whether the text is an SPF record (RFC 7208, 4.5).
  public static boolean isPolicy(String text) {
    return text.strip().toLowerCase(Locale.ROOT).startsWith(Spf.VERSION);
  }

  /// The targets of `include:` and `redirect=` (RFC 7208, 5.2 and 6.1); none when the text is not
  /// an SPF record.
  public static List<RecordName> in(String text) {
    return !isPolicy(text)
        ? List.of()
        : Stream.of(text.strip().toLowerCase(Locale.ROOT).split("\\s+"))
            .map(term -> term.replaceFirst("^[+?~-]", ""))
            .filter(term -> term.startsWith("include:") || term.startsWith("redirect="))
            .map(term -> term.replaceFirst("^(include:|redirect=)", "").replaceFirst("\\.$", ""))
            .filter(name -> PLAIN_NAME.matcher(name).matches())
            .map(RecordName::new)
            .toList();
  }
}
