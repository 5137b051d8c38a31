package com.penguinmails.sandbox.mail.simulated;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Mail on its way, in files: two for each message, of which the envelope is written last and
/// removed first. What a killed server had taken is there at the next start.
final class MailQueue {
  private static final String ENVELOPE = ".json";
  private static final String TEXT = ".eml";
  // As long queue ids: no vowels, so that none is a word.
  private static final String ALPHABET = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
  private static final int ID_LENGTH = 15;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;

  MailQueue(Path directory) {
    try {
      this.directory = Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As the file has it.
  private record Envelope(String sender, List<String> recipients, String arrived, String due) {}

  static String newId() {
    var id = new StringBuilder("4");
    while (id.length() < ID_LENGTH) {
      id.append(ALPHABET.charAt(ThreadLocalRandom.current().nextInt(ALPHABET.length())));
    }
    return id.toString();
  }

  void add(QueuedMail mail, RawMessage message) {
    write(file(mail.id(), TEXT), message.text());
    update(mail);
  }

  void update(QueuedMail mail) {
    try {
      var envelope =
          new Envelope(
              mail.sender(), mail.recipients(), mail.arrived().toString(), mail.due().toString());
      write(file(mail.id(), ENVELOPE), JSON.writeValueAsString(envelope));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  void remove(String id) {
    try {
      Files.deleteIfExists(file(id, ENVELOPE));
      Files.deleteIfExists(file(id, TEXT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Oldest first.
  List<QueuedMail> all() {
    try (var files = Files.list(directory)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(ENVELOPE))
          .map(name -> find(name.substring(0, name.length() - ENVELOPE.length())))
          .flatMap(Optional::stream)
          .sorted(Comparator.comparing(QueuedMail::arrived))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Empty once it is delivered or returned.
  Optional<QueuedMail> find(String id) {
    try {
      var envelope = JSON.readValue(Files.readString(file(id, ENVELOPE)), Envelope.class);
      return Optional.of(
          new QueuedMail(
              id,
              envelope.sender(),
              envelope.recipients(),
              Instant.parse(envelope.arrived()),
              Instant.parse(envelope.due())));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawMessage message(String id) {
    try {
      return RawMessage.parse(Files.readString(file(id, TEXT), StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String id, String kind) {
    return directory.resolve(id + kind);
  }

  /// A reader sees all of it or nothing.
  private static void write(Path path, String text) {
    try {
      var unfinished = path.resolveSibling(path.getFileName() + ".new");
      Files.writeString(unfinished, text, StandardCharsets.ISO_8859_1);
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
