package com.penguinmails.api.decision;

import com.penguinmails.store.decision.StoryStore.Entry;
import com.penguinmails.store.decision.Word;
import com.penguinmails.workflows.model.Answer;
import com.penguinmails.workflows.model.Cause;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// A sentence for each entry of a story, from `messages/story.properties`.
@Component
class Sentences {
  private static final Pattern PLACE = Pattern.compile("\\{([a-zA-Z]+)}");
  private static final String DETAIL = "detail";
  private static final String SEEN = "seen";

  private final Properties texts = new Properties();

  /// @throws IllegalStateException an answer, a word or a wait has no sentence
  Sentences() {
    try (var file =
        new InputStreamReader(
            Optional.ofNullable(Sentences.class.getResourceAsStream("/messages/story.properties"))
                .orElseThrow(() -> new IllegalStateException("messages/story.properties is gone")),
            StandardCharsets.UTF_8)) {
      texts.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Arrays.stream(Answer.values()).forEach(this::text);
    Arrays.stream(Word.values()).forEach(this::text);
  }

  String of(Entry entry) {
    return switch (entry.source()) {
      case DECIDED -> decided(entry);
      case WAITED -> waited(entry);
      case SAID ->
          Arrays.stream(Word.values())
              .filter(word -> word.action().equals(entry.step()))
              .findFirst()
              .map(word -> filled(text(word), inWords(entry.inputs())))
              .orElseGet(() -> whole(entry.step()));
    };
  }

  /// One of a later version, whose sentence is not known here, is told as its row has it.
  private String decided(Entry entry) {
    var given = Answer.read(entry.rule(), entry.step(), entry.answer());
    if (given.isEmpty()) {
      return "About %s the rule %s answered: %s"
          .formatted(entry.step(), entry.rule(), whole(entry.answer()));
    }
    var values = new TreeMap<>(inWords(entry.inputs()));
    var detail = given.get().detail();
    values.put(DETAIL, bare(inWords(detail)));
    var text = text(given.get().answer());
    var told = filled(text, values);
    if (!detail.isEmpty() && !text.contains("{" + DETAIL + "}")) {
      told += " " + whole(inWords(detail));
    }
    return told + seen(entry);
  }

  private String waited(Entry entry) {
    return filled(
            text(entry.until().isPresent() ? "wait.over" : "wait.open"),
            Map.of(
                "what",
                bare(inWords(entry.answer())),
                "until",
                entry.until().map(Object::toString).orElse("")))
        + seen(entry);
  }

  private static String seen(Entry entry) {
    return Optional.ofNullable(entry.inputs().get(SEEN))
        .filter(seen -> !seen.isBlank())
        .map(seen -> " Seen: " + whole(seen))
        .orElse("");
  }

  private static Map<String, String> inWords(Map<String, String> values) {
    var said = new TreeMap<String, String>();
    values.forEach((name, value) -> said.put(name, bare(inWords(value))));
    return said;
  }

  /// Causes as people read them; everything else as it is.
  private static String inWords(String value) {
    return Arrays.stream(Cause.values())
        .filter(cause -> cause.name().equals(value) || cause.code().equals(value))
        .map(Cause::what)
        .findFirst()
        .orElse(value);
  }

  private static String filled(String text, Map<String, String> values) {
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), "not recorded")));
  }

  private static String bare(String sentence) {
    return sentence.strip().replaceFirst("\\.$", "");
  }

  private static String whole(String sentence) {
    return bare(sentence) + ".";
  }

  private String text(Answer answer) {
    return text("answer." + answer.name());
  }

  private String text(Word word) {
    return text("word." + word.name());
  }

  private String text(String key) {
    return Optional.ofNullable(texts.getProperty(key))
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new IllegalStateException("messages/story.properties lacks " + key));
  }
}
