package com.penguinmails.sandbox.host.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Splits text into words as a POSIX shell does, as far as single quotes and backslashes go. What
/// the shell would do more with is not understood.
public final class ShellWords {
  private static final String SPECIAL = "\"`$&|;<>()*?[]{}~#!";

  private ShellWords() {}

  /// Empty: there is more in it than plain and single-quoted words.
  public static Optional<List<String>> split(String text) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean isInWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'') {
        int end = text.indexOf('\'', i + 1);
        if (end < 0) {
          return Optional.empty();
        }
        word.append(text, i + 1, end);
        isInWord = true;
        i = end;
      } else if (c == '\\' && i + 1 < text.length()) {
        i++;
        word.append(text.charAt(i));
        isInWord = true;
      } else if (Character.isWhitespace(c)) {
        if (isInWord) {
          words.add(word.toString());
          word.setLength(0);
          isInWord = false;
        }
      } else if (SPECIAL.indexOf(c) >= 0) {
        return Optional.empty();
      } else {
        word.append(c);
        isInWord = true;
      }
    }
    if (isInWord) {
      words.add(word.toString());
    }
    return Optional.of(words);
  }
}
