package com.penguinmails.ports.reputation;

import com.penguinmails.ports.reputation.Blacklists.Severity;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One list, as its operator documents it.
///
/// @param testListed label in front of the zone that must be listed: else the list is dead
/// @param testClean label that must not be: else it lists the world
record BlacklistZone(
    String zone,
    Severity severity,
    List<Code> codes,
    String testListed,
    String testClean,
    String removal) {
  private static final String CODES = "127.0.0.";

  BlacklistZone {
    codes = List.copyOf(codes);
  }

  /// What an answer of the list means.
  ///
  /// @param first lowest last part of the answered address
  /// @param last highest
  record Code(int first, int last, Kind kind, String meaning) {}

  enum Kind {
    LISTED,
    REFUSED,
    NO_LISTING
  }

  /// Reads a line of the file.
  ///
  /// @throws IllegalArgumentException it is none
  static BlacklistZone parse(String line) {
    var fields = line.split("\t", -1);
    if (fields.length != 6) {
      throw new IllegalArgumentException("not a line with six fields: " + line);
    }
    return new BlacklistZone(
        fields[0],
        Severity.valueOf(fields[1].toUpperCase(Locale.ROOT)),
        Arrays.stream(fields[2].split(";", -1))
            .flatMap(code -> code(code.strip()).stream())
            .toList(),
        fields[3],
        fields[4],
        fields[5]);
  }

  /// Codes outside of 127.0.0.0/24 are refusals of one kind, known without the file.
  private static Optional<Code> code(String text) {
    var kind =
        switch (text.charAt(0)) {
          case '!' -> Kind.REFUSED;
          case '~' -> Kind.NO_LISTING;
          default -> Kind.LISTED;
        };
    var plain = kind == Kind.LISTED ? text : text.substring(1);
    int is = plain.indexOf('=');
    if (is < 0 || !plain.startsWith(CODES)) {
      return Optional.empty();
    }
    var parts = plain.substring(CODES.length(), is).split("-", 2);
    return Optional.of(
        new Code(
            Integer.parseInt(parts[0], 10),
            Integer.parseInt(parts[parts.length - 1], 10),
            kind,
            plain.substring(is + 1)));
  }

  /// What this answer means; empty when the operator says nothing about it.
  Optional<Code> meaning(String answered) {
    if (!answered.startsWith(CODES)) {
      return Optional.empty();
    }
    int last = Integer.parseInt(answered.substring(CODES.length()), 10);
    return codes.stream().filter(code -> code.first() <= last && last <= code.last()).findFirst();
  }
}
