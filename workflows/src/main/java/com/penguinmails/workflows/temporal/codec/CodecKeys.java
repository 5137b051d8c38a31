package com.penguinmails.workflows.temporal.codec;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The keys of the payload codec: one that encrypts, and every older one that a history may still
/// need. A key may go only when the last history written with it has passed its retention.
///
/// AES-GCM with random nonces bears 2^32 payloads under one key (NIST SP 800-38D, 8.3).
public final class CodecKeys {
  private static final int KEY_BYTES = 32;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final String currentId;
  private final Map<String, SecretKey> keys;

  private CodecKeys(String currentId, Map<String, SecretKey> keys) {
    this.currentId = currentId;
    this.keys = keys;
  }

  /// @param currentId the key that encrypts from now on
  /// @param keys AES-256 keys of 32 bytes by id, the current one among them; the bytes are copied
  /// @throws IllegalArgumentException the current key is missing, or a key has the wrong length
  public static CodecKeys of(String currentId, Map<String, byte[]> keys) {
    if (!keys.containsKey(currentId)) {
      throw new IllegalArgumentException(
          "current codec key \"%s\" is not among the keys %s"
              .formatted(currentId, new TreeSet<>(keys.keySet())));
    }
    return new CodecKeys(
        currentId,
        keys.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> key(entry.getKey(), entry.getValue()))));
  }

  private static SecretKey key(String id, byte[] bytes) {
    if (!ID.matcher(id).matches()) {
      throw new IllegalArgumentException("not a codec key id: \"" + id + "\"");
    }
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "codec key \"%s\" has %d bytes; AES-256 takes %d".formatted(id, bytes.length, KEY_BYTES));
    }
    return new SecretKeySpec(bytes, "AES");
  }

  /// The id of the key that encrypts.
  public String currentId() {
    return currentId;
  }

  /// All ids, for messages.
  public Set<String> ids() {
    return new TreeSet<>(keys.keySet());
  }

  Optional<SecretKey> find(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  /// Ids only.
  @Override
  public String toString() {
    return "CodecKeys[current=" + currentId + ", ids=" + ids() + "]";
  }
}
