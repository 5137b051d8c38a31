package com.penguinmails.workflows.domain;

import com.penguinmails.workflows.model.DnsRecord;
import java.util.List;
import java.util.Locale;

/// How far one wanted record is, from what each server answered. Pure.
///
/// @param evidence who lacks it and what they say instead
public record RecordVerification(State state, String evidence) {
  /// How far a record is.
  public enum State {
    /// Every server that was asked answers with it.
    VERIFIED,
    /// Some servers do not answer with it yet.
    WAITING,
    /// An authoritative server answers with something else only.
    CONFLICT
  }

  /// What one server said.
  ///
  /// @param values of the RRset; empty: nothing there
  /// @param detail why there is none: an alias, or what kept the server from saying
  /// @param isSilent the server could not say: time-out, SERVFAIL
  public record SeenAt(
      String server, Kind kind, List<String> values, String detail, boolean isSilent) {
    public SeenAt {
      values = List.copyOf(values);
    }

    /// The server answered.
    public static SeenAt said(String server, Kind kind, List<String> values) {
      return new SeenAt(server, kind, values, "", false);
    }

    /// The server could not say what is there.
    public static SeenAt silent(String server, Kind kind, String reason) {
      return new SeenAt(server, kind, List.of(), reason, true);
    }

    /// Whose word it is.
    public enum Kind {
      AUTHORITATIVE,
      RECURSIVE
    }
  }

  /// Judges one record.
  public static RecordVerification of(DnsRecord wanted, List<SeenAt> answers) {
    if (answers.isEmpty()) {
      return new RecordVerification(State.WAITING, "No name server of the zone could be asked.");
    }
    for (var answer : answers) {
      if (!isSeen(wanted, answer)) {
        return lacking(wanted, answer);
      }
    }
    for (var answer : answers) {
      if (wanted.value().startsWith(Spf.VERSION) && spfTexts(answer) > 1) {
        return new RecordVerification(
            State.CONFLICT,
            answer.server()
                + " has a second SPF record at "
                + wanted.name()
                + "; receivers reject both. Delete the other one.");
      }
    }
    return new RecordVerification(
        State.VERIFIED, "Seen at all " + answers.size() + " servers asked.");
  }

  /// Whether one server answers with the record.
  public static boolean isSeen(DnsRecord wanted, SeenAt answer) {
    return answer.values().stream().anyMatch(value -> isSame(wanted, value));
  }

  private static long spfTexts(SeenAt answer) {
    return answer.values().stream().filter(value -> value.startsWith(Spf.VERSION)).count();
  }

  public boolean isVerified() {
    return state == State.VERIFIED;
  }

  private static RecordVerification lacking(DnsRecord wanted, SeenAt answer) {
    var where = answer.kind() == SeenAt.Kind.AUTHORITATIVE ? "Name server " : "Resolver ";
    var head = where + answer.server() + " has " + wanted.name() + " " + wanted.type();
    if (answer.isSilent()) {
      return new RecordVerification(
          State.WAITING,
          where + answer.server() + " did not say: " + wanted.name() + " " + answer.detail());
    }
    if (answer.values().isEmpty()) {
      var why = answer.detail().isEmpty() ? "" : ": " + answer.detail();
      return new RecordVerification(State.WAITING, head + " not yet" + why);
    }
    return new RecordVerification(
        answer.kind() == SeenAt.Kind.AUTHORITATIVE ? State.CONFLICT : State.WAITING,
        head + " with another value");
  }

  /// Names in values compare without case (RFC 4343); texts octet by octet.
  private static boolean isSame(DnsRecord wanted, String value) {
    return wanted.type() == DnsRecord.Type.TXT
        ? wanted.value().equals(value)
        : wanted.value().toLowerCase(Locale.ROOT).equals(value.toLowerCase(Locale.ROOT));
  }
}
