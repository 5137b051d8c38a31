package com.penguinmails.api.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.penguinmails.store.decision.StoryStore.Entry;
import com.penguinmails.store.decision.StoryStore.Source;
import com.penguinmails.store.decision.StoryStore.Who;
import com.penguinmails.store.decision.Word;
import com.penguinmails.store.row.EntityKind;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Everything that can be decided, said or stand in the way is told in plain words.
class SentencesTest {
  private final Sentences sentences = new Sentences();

  @ParameterizedTest
  @EnumSource
  void everyAnswerHasASentence(Answer answer) {
    var told =
        sentences.of(
            decided(answer.about("a detail"), Map.of("address", "192.0.2.7", "name", "a.test")));

    assertThat(told).endsWith(".").contains("a detail").doesNotContain("{", "not recorded", "..");
  }

  @ParameterizedTest
  @EnumSource
  void everyWordHasASentence(Word word) {
    var told = sentences.of(entry(Source.SAID, word.action(), Map.of(), "", "", Optional.empty()));

    assertThat(told).endsWith(".").doesNotContain("{", word.action());
  }

  @ParameterizedTest
  @EnumSource
  void everyCauseIsToldAsWhatStoodInTheWay(Cause cause) {
    var seen = Map.of("seen", "9.99 USD.");
    var over = Instant.parse("2026-11-23T07:00:00Z");

    var open = entry(Source.WAITED, "wait", seen, "", cause.code(), Optional.empty());
    var closed = entry(Source.WAITED, "wait", seen, "", cause.code(), Optional.of(over));

    var what = cause.what();
    assertThat(sentences.of(open))
        .contains("stands in the way: " + what)
        .endsWith(" Seen: 9.99 USD.");
    assertThat(sentences.of(closed)).contains("until 2026-11-23T07:00:00Z: " + what);
  }

  @Test
  void namesACauseInItsWordsAndWhatWasSeen() {
    var told =
        sentences.of(
            decided(
                Answer.NOT_RESERVED.about(Cause.PRICE_ABOVE_BUDGET.name()),
                Map.of("seen", "It costs 9.99 USD a month; allowed are 5.00 USD")));

    assertThat(told)
        .isEqualTo(
            "No money was set aside, so nothing was bought: The server you chose costs more than you"
                + " allowed. Seen: It costs 9.99 USD a month; allowed are 5.00 USD.");
  }

  /// Rows outlive versions, forwards and backwards.
  @Test
  void tellsARowThatItDoesNotKnowAsItIs() {
    var later = entry(Source.DECIDED, "moon", Map.of(), "MoonRule", "full", Optional.empty());
    var earlier =
        entry(
            Source.DECIDED, "address", Map.of(), "PurchaseDecision", "accepted", Optional.empty());

    assertThat(sentences.of(later)).isEqualTo("About moon the rule MoonRule answered: full.");
    assertThat(sentences.of(earlier)).contains("address not recorded, so it may be used");
  }

  private static Entry decided(Answer.Given given, Map<String, String> inputs) {
    var rule = given.answer().rule().text();
    return entry(Source.DECIDED, "step", inputs, rule, given.row(), Optional.empty());
  }

  private static Entry entry(
      Source source,
      String step,
      Map<String, String> inputs,
      String rule,
      String answer,
      Optional<Instant> until) {
    return new Entry(
        UUID.randomUUID(),
        Instant.EPOCH,
        until,
        EntityKind.SERVER,
        UUID.randomUUID(),
        source,
        step,
        inputs,
        rule,
        answer,
        "",
        Who.OURSELVES);
  }
}
