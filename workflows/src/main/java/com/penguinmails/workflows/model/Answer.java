package com.penguinmails.workflows.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/// Every answer that a rule can give. A decision's row keeps the answer's text, then what it is
/// about: `not reserved: PRICE_ABOVE_BUDGET`. The API has a sentence for each, and does not start
/// without. Texts are stored: never change or reuse one.
public enum Answer {
  RESERVED(Rule.PURCHASE, "reserved"),
  NOT_RESERVED(Rule.PURCHASE, "not reserved"),
  TAKE(Rule.PURCHASE, "take server"),
  BUY(Rule.PURCHASE, "buy"),
  LOOK(Rule.PURCHASE, "look for"),
  ASK_STAFF(Rule.PURCHASE, "ask staff"),
  NOT_AS_ORDERED(Rule.PURCHASE, "refuse"),
  BOUGHT(Rule.PURCHASE, "bought"),
  NOT_SOLD(Rule.PURCHASE, "refused"),
  UNCLEAR(Rule.PURCHASE, "unclear"),
  NOT_TRIED(Rule.PURCHASE, "not tried"),

  ADDRESS_ACCEPTED(Rule.ADDRESS, "accepted"),
  ADDRESS_REFUSED(Rule.ADDRESS, "refused"),

  MAY_SEND(Rule.TRIAGE, "may send"),
  MAY_NOT_SEND(Rule.TRIAGE, "may not send"),
  ADDRESS_ORDERED(Rule.TRIAGE, "other address ordered"),
  ADDRESS_UNCLEAR(Rule.TRIAGE, "other address unclear"),
  ADDRESS_LATER(Rule.TRIAGE, "other address later"),
  ADDRESS_KEPT(Rule.TRIAGE, "no other address"),
  ADDRESS_CHANGED(Rule.TRIAGE, "address changed"),
  SERVER_REPLACED(Rule.TRIAGE, "replaced"),
  SERVER_KEPT(Rule.TRIAGE, "not replaced"),

  FIT(Rule.PREFLIGHT, "accepted"),
  UNFIT(Rule.PREFLIGHT, "refused"),

  OWNED(Rule.OWNERSHIP, "owned"),
  OWNED_BY_ANOTHER(Rule.OWNERSHIP, "refused"),

  PLANNED(Rule.RECORD_PLAN, "planned"),
  PLAN_STOPPED(Rule.RECORD_PLAN, "stopped"),

  CAA_ALLOWS(Rule.CAA, "allowed"),
  CAA_FORBIDS(Rule.CAA, "forbidden"),
  RENEWAL_SET(Rule.RENEWAL, "issued"),

  PROVED(Rule.PROOF, "proved"),
  NOT_PROVED(Rule.PROOF, "not proved"),

  RUN_STARTED(Rule.REPAIR, "run started"),
  NAME_GIVEN_BACK(Rule.REPAIR, "renamed"),
  REVERSE_NAME_SET(Rule.REPAIR, "reverse name ordered again"),
  RECORDS_WANTED_AGAIN(Rule.REPAIR, "records wanted again"),
  SERVER_WANTED_AGAIN(Rule.REPAIR, "server wanted again");

  /// Rows of 0.1.0 name another rule for this step.
  private static final String ADDRESS_STEP = "address";

  private final Rule rule;
  private final String text;

  Answer(Rule rule, String text) {
    this.rule = rule;
    this.text = text;
  }

  public Rule rule() {
    return rule;
  }

  /// As rows begin with.
  public String text() {
    return text;
  }

  /// This answer, with nothing more to say about it.
  public Given given() {
    return about("");
  }

  /// @param detail what it is about; goes into rows and to the tenant, so no secret
  public Given about(String detail) {
    return new Given(this, detail);
  }

  /// An answer as a row has it, read back. Empty for one that this version does not know: rows
  /// outlive versions.
  public static Optional<Given> read(String rule, String step, String row) {
    var decidedBy = step.equals(ADDRESS_STEP) ? Rule.ADDRESS.text() : rule;
    return Arrays.stream(values())
        .filter(answer -> answer.rule.text().equals(decidedBy) && answer.begins(row))
        .max(Comparator.comparingInt(answer -> answer.text.length()))
        .map(answer ->
            answer.about(row.substring(answer.text.length()).replaceFirst("^[:,;]? *", "")));
  }

  private boolean begins(String row) {
    return row.startsWith(text)
        && (row.length() == text.length() || !Character.isLetterOrDigit(row.charAt(text.length())));
  }

  /// What a rule answered.
  ///
  /// @param detail may be empty
  public record Given(Answer answer, String detail) {
    /// As the row keeps it.
    public String row() {
      return detail.isEmpty() ? answer.text : answer.text + ": " + detail;
    }
  }
}
