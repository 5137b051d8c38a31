package com.penguinmails.api.mailbox;

import com.penguinmails.api.problem.Fault;
import com.penguinmails.api.problem.ProblemException;
import com.penguinmails.api.setup.Fields;
import com.penguinmails.api.setup.JsonBody;
import com.penguinmails.api.setup.LocalPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads an order of mailboxes. Every line that is wrong is named, with what is wrong.
final class MailboxesReader {
  /// In one order.
  static final int MAX_LINES = 500;

  private static final int MAX_NAME = 100;
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private MailboxesReader() {}

  /// @throws ProblemException with every line at fault
  static List<Line> read(byte[] body) {
    var faults = new ArrayList<Fault>();
    var request = JsonBody.read(body, faults);
    var lines = new ArrayList<Line>();
    var seen = new HashMap<String, Integer>();
    var objects = request.objects("mailboxes", 1, MAX_LINES, "is missing: which mailboxes?");
    for (int number = 0; number < objects.size(); number++) {
      var line = line(objects.get(number));
      if (line.isEmpty()) {
        continue;
      }
      var before = seen.putIfAbsent(line.get().localPart(), number);
      if (before == null) {
        lines.add(line.get());
      } else {
        faults.add(
            new Fault(
                field(number), "is the same address as mailboxes[" + before + "]; give it once"));
      }
    }
    request.refuseUnknown();
    if (!faults.isEmpty()) {
      throw ProblemException.invalid(faults);
    }
    return lines;
  }

  /// The field of a line that holds its address.
  static String field(int number) {
    return "mailboxes[" + number + "].localPart";
  }

  private static Optional<Line> line(Fields line) {
    var localPart = LocalPart.read(line, "localPart");
    var name = line.text("displayName", MAX_NAME).map(String::strip);
    if (name.filter(text -> CONTROL.matcher(text).find()).isPresent()) {
      line.fault("displayName", "must be plain text on one line");
    }
    line.refuseUnknown();
    return localPart.map(part -> new Line(part, name.orElse("")));
  }

  /// @param displayName may be empty
  record Line(String localPart, String displayName) {}
}
