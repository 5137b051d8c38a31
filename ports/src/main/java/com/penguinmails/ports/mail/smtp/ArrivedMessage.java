package com.penguinmails.ports.mail.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;

/// A message as untrusted input: its header fields in order and its body, read within limits.
final class ArrivedMessage {
  private static final MimeConfig LIMITS =
      MimeConfig.custom()
          .setMaxHeaderCount(200)
          .setMaxHeaderLen(20_000)
          .setMaxLineLen(2_000) // RFC 5321, 4.5.3.1.6 allows 1,000
          .setMaxContentLen(1 << 20)
          .build();

  private final List<Field> fields;
  private final byte[] octets;
  private final String body;

  private ArrivedMessage(List<Field> fields, byte[] octets, String body) {
    this.fields = List.copyOf(fields);
    this.octets = octets;
    this.body = body;
  }

  /// @param raw octets as ISO 8859-1 characters
  /// @return empty when it is no message or exceeds the limits
  static Optional<ArrivedMessage> parse(String raw) {
    // One form of line end, as on the wire: IMAP servers disagree about what they keep.
    var text = raw.replace("\r\n", "\n").replace("\n", "\r\n");
    var octets = text.getBytes(StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\r\n\r\n");
    if (end < 0 || octets.length > 1 << 20) {
      return Optional.empty();
    }
    var fields = new ArrayList<Field>();
    var stream = new MimeTokenStream(LIMITS);
    try {
      stream.parse(new ByteArrayInputStream(octets));
      for (var state = stream.getState();
          state != EntityState.T_END_HEADER && state != EntityState.T_END_OF_STREAM;
          state = stream.next()) {
        if (state == EntityState.T_FIELD) {
          fields.add(stream.getField());
        }
      }
    } catch (MimeException | IOException notReadable) {
      return Optional.empty();
    }
    return Optional.of(new ArrivedMessage(fields, octets, text.substring(end + 4)));
  }

  byte[] octets() {
    return octets.clone();
  }

  String body() {
    return body;
  }

  /// Bodies of all fields of that name, topmost first.
  List<String> all(String name) {
    return fields.stream()
        .filter(field -> field.getName().equalsIgnoreCase(name))
        .map(Field::getBody)
        .toList();
  }

  /// The field's body when there is exactly one.
  Optional<String> only(String name) {
    var all = all(name);
    return all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  /// The envelope sender our probe host wrote: above the topmost `Received`, where no sender can
  /// write.
  Optional<String> returnPath() {
    for (var field : fields) {
      if (field.getName().equalsIgnoreCase("Received")) {
        return Optional.empty();
      }
      if (field.getName().equalsIgnoreCase("Return-Path")) {
        return Optional.of(field.getBody().strip());
      }
    }
    return Optional.empty();
  }

  /// The topmost `Received` field; only this one was written by the host that keeps the mailbox.
  Optional<String> topmostReceived() {
    return all("Received").stream().findFirst();
  }
}
