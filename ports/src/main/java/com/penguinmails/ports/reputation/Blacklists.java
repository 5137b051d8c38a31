package com.penguinmails.ports.reputation;

import com.penguinmails.workflows.model.IpAddress;
import java.util.List;

/// DNS blacklists (RFC 5782). Never throws for a list: one that does not answer, refuses us or says
/// the same of everybody is `UNKNOWN`, and means neither good nor bad.
public interface Blacklists {
  /// Asks every list about an IPv4 address. Safe to repeat; takes seconds.
  List<Answer> ask(IpAddress address);

  /// What one list says.
  ///
  /// @param evidence what was answered; for a listing with the list's own words and where to ask
  ///   for removal
  record Answer(String list, Severity severity, Verdict verdict, String evidence) {}

  /// Whether the address is on the list.
  enum Verdict {
    LISTED,
    CLEAN,
    UNKNOWN
  }

  /// How much mail is lost by being on a list.
  enum Severity {
    CRITICAL,
    MAJOR,
    MINOR,
    INFORMATIONAL
  }
}
