package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.DnsRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One record that a person enters, and what is wrong with what they entered so far. Pure.
///
/// @param record exactly what must be there
/// @param obstacle what stands in its way in the zone, as the record plan found it
public record ManualEntry(DnsRecord record, Optional<String> obstacle) {
  private static final int STRING = 255; // octets, RFC 1035, 3.3
  private static final int LEAST_CUT = 200; // shorter beginnings are cut for another reason
  private static final int BEGINNING = 6; // `v=spf1`: tells ours from other texts
  private static final int SHOWN = 80;

  /// What the tenant reads about it: what is there now, what is wrong with that, and what is
  /// missing.
  ///
  /// @param seen values of the RRset there now
  public String evidence(List<String> seen) {
    var said = new ArrayList<String>();
    said.add(
        seen.isEmpty()
            ? "Nothing is there now."
            : "There now: "
                + String.join(" | ", seen.stream().map(ManualEntry::shown).toList())
                + ".");
    mistake(seen).or(() -> obstacle).ifPresent(said::add);
    if (seen.stream().noneMatch(this::isWanted)) {
      said.add("Missing: " + record);
    }
    return String.join(" ", said);
  }

  /// Whether it is missing there, or something beside it spoils it.
  public boolean isWrong(List<String> seen) {
    return obstacle.isPresent()
        || seen.stream().noneMatch(this::isWanted)
        || mistake(seen).isPresent();
  }

  /// The mistake, when it is one of the common ones.
  public Optional<String> mistake(List<String> seen) {
    if (isPolicy(record.value()) && seen.stream().filter(ManualEntry::isPolicy).count() > 1) {
      return Optional.of(
          "Two SPF records at one name make receivers reject both: keep only the one given here.");
    }
    if (seen.stream().anyMatch(this::isWanted)) {
      return Optional.empty();
    }
    return seen.stream().map(this::mistakeOf).flatMap(Optional::stream).findFirst();
  }

  /// Names in values compare without case (RFC 4343); texts octet by octet.
  private boolean isWanted(String value) {
    return record.type() == DnsRecord.Type.TXT
        ? record.value().equals(value)
        : record.value().equalsIgnoreCase(value);
  }

  private Optional<String> mistakeOf(String value) {
    return record.type() == DnsRecord.Type.TXT ? mistakeInText(value) : mistakeInName(value);
  }

  private Optional<String> mistakeInText(String value) {
    var wanted = record.value();
    boolean isQuoted = value.contains("\"") && !wanted.contains("\"");
    if (isQuoted && value.replace("\"", "").regionMatches(0, wanted, 0, BEGINNING)) {
      return Optional.of(
          "A quotation mark became part of the text, because its twin is missing or your DNS host"
              + " adds them by itself: enter the text without any.");
    }
    if (value.contains("\\") && value.replace("\\", "").equals(wanted)) {
      return Optional.of("A backslash became part of the text: enter it without any.");
    }
    if (wanted.startsWith(value) && value.length() >= LEAST_CUT && wanted.length() > STRING) {
      return Optional.of(
          "The text is cut off after %d characters: your DNS host takes %d in one piece. Enter two pieces in quotation marks, with a space between them: \"%s\" \"%s\""
              .formatted(
                  value.length(), STRING, wanted.substring(0, STRING), wanted.substring(STRING)));
    }
    if (wanted.startsWith(value) && " ;".indexOf(wanted.charAt(value.length())) >= 0) {
      return Optional.of(
          "The text ends at its first %s: put quotation marks around the whole text."
              .formatted(wanted.charAt(value.length()) == ';' ? "semicolon" : "space"));
    }
    return value.replace(" ", "").equals(wanted.replace(" ", ""))
        ? Optional.of(
            "The spaces are not as they should be: put quotation marks around the whole text.")
        : Optional.empty();
  }

  private Optional<String> mistakeInName(String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(record.value().toLowerCase(Locale.ROOT) + ".")
        ? Optional.of(
            "Your DNS host added the domain to the name a second time: end the name with a dot, or"
                + " enter it without the domain.")
        : Optional.empty();
  }

  private static boolean isPolicy(String value) {
    return value.toLowerCase(Locale.ROOT).startsWith(Spf.VERSION);
  }

  private static String shown(String value) {
    return value.length() > SHOWN
        ? "%s… (%d characters)".formatted(value.substring(0, SHOWN), value.length())
        : value;
  }
}
