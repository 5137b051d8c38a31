package com.penguinmails.api.decision;

import com.penguinmails.store.decision.StoryStore.Entry;
import com.penguinmails.store.decision.StoryStore.Source;
import com.penguinmails.store.decision.StoryStore.Who;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One entry of a story as the API shows it.
///
/// @param until when it stood in the way no longer; absent unless WAITED, and while it does
/// @param source DECIDED by a rule, WAITED for what stood in the way, SAID by somebody
/// @param who decided or said it, or must lift what stands in the way
/// @param sentence all of it in plain words
/// @param step what it was about
/// @param rule by which it was decided
/// @param inputs from what, by reference
/// @param answer the rule's, or the cause of what stood in the way
/// @param run the run that decided; its history in Temporal is deleted after a time
record StoryAnswer(
    UUID id,
    Instant at,
    Optional<Instant> until,
    Source source,
    Who who,
    Thing about,
    String sentence,
    String step,
    Optional<String> rule,
    Map<String, String> inputs,
    Optional<String> answer,
    Optional<String> run) {

  static StoryAnswer of(Entry entry, Sentences sentences) {
    return new StoryAnswer(
        entry.id(),
        entry.at(),
        entry.until(),
        entry.source(),
        entry.who(),
        new Thing(entry.kind().name().toLowerCase(Locale.ROOT), entry.entity()),
        sentences.of(entry),
        entry.step(),
        present(entry.rule()),
        entry.inputs(),
        present(entry.answer()),
        present(entry.run()));
  }

  private static Optional<String> present(String text) {
    return Optional.of(text).filter(one -> !one.isEmpty());
  }

  /// @param kind `setup`, `server`, `domain`, `certificate` or `mailbox`
  record Thing(String kind, UUID id) {}
}
