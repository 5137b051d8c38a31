package com.penguinmails.api.message;

import com.penguinmails.api.temporal.Absence;
import com.penguinmails.workflows.model.Cause;
import com.penguinmails.workflows.model.FailureType;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;
import org.springframework.stereotype.Component;

/// The tenant's words for each cause of an incident, which are its own, and for each type of
/// failure and each part of ours that can be away, which are in `messages/tenant.properties`.
@Component
public class MessageCatalogue {
  private final Properties texts = new Properties();

  /// @throws IllegalStateException a failure type or a part has no text
  public MessageCatalogue() {
    try (var file =
        new InputStreamReader(
            Optional.ofNullable(
                    MessageCatalogue.class.getResourceAsStream("/messages/tenant.properties"))
                .orElseThrow(() -> new IllegalStateException("messages/tenant.properties is gone")),
            StandardCharsets.UTF_8)) {
      texts.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (var type : FailureType.values()) {
      of(type);
    }
    for (var part : Absence.Part.values()) {
      of(part);
    }
  }

  public Message of(Cause cause) {
    return new Message(cause.what(), cause.nextStep(), cause.helper());
  }

  public Message of(FailureType type) {
    return ofKey("failure." + type.name());
  }

  public Message of(Absence.Part part) {
    return ofKey("absence." + part.name());
  }

  /// The words for a cause's name as rows hold it; empty for what is no cause.
  public Optional<Message> ofCause(String name) {
    for (var cause : Cause.values()) {
      if (cause.name().equals(name)) {
        return Optional.of(of(cause));
      }
    }
    return Optional.empty();
  }

  private Message ofKey(String key) {
    return new Message(
        text(key + ".what"), text(key + ".next"), Cause.Helper.valueOf(text(key + ".who")));
  }

  private String text(String key) {
    return Optional.ofNullable(texts.getProperty(key))
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> new IllegalStateException("the message catalogue lacks " + key));
  }
}
