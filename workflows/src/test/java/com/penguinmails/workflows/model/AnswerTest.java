package com.penguinmails.workflows.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Answers as rows keep them, and read back for as long as rows are kept.
class AnswerTest {
  @ParameterizedTest
  @EnumSource
  void isReadBackFromItsRow(Answer answer) {
    var rule = answer.rule().text();

    assertThat(Answer.read(rule, "step", answer.given().row())).contains(answer.given());
    assertThat(Answer.read(rule, "step", answer.about("a detail").row()))
        .contains(answer.about("a detail"));
  }

  @ParameterizedTest
  @EnumSource
  void everyRuleAnswers(Rule rule) {
    assertThat(Arrays.stream(Answer.values()).map(Answer::rule)).contains(rule);
  }

  /// Rows of 0.1.0, which wrote them a little differently.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PurchaseDecision | purchase  | buy, try 1                    | BUY             | try 1",
        "PurchaseDecision | purchase  | take server 17                | TAKE            | 17",
        "PurchaseDecision | reserve   | not reserved: TENANT_CAP      | NOT_RESERVED    | TENANT_CAP",
        "PurchaseDecision | buy-2     | refused: none left            | NOT_SOLD        | none left",
        "PurchaseDecision | address   | refused: blacklist.test       | ADDRESS_REFUSED | blacklist.test",
        "PurchaseDecision | reconcile | refuse: server 17 has another | NOT_AS_ORDERED  | server 17 has another",
        "ProofVerdict     | proof-1   | not proved: OURS              | NOT_PROVED      | OURS",
      })
  void readsRowsOfEarlierVersions(
      String rule, String step, String row, Answer answer, String detail) {
    assertThat(Answer.read(rule, step, row)).contains(answer.about(detail));
  }

  @Test
  void doesNotGuessWhatItDoesNotKnow() {
    assertThat(Answer.read("RecordPlan", "record-plan", "7 records planned")).isEmpty();
    assertThat(Answer.read("ProofVerdict", "proof-1", "provedness")).isEmpty();
    assertThat(Answer.read("A later rule", "step", "accepted")).isEmpty();
  }
}
