package com.penguinmails.workflows.temporal.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Key sets of tests. A key is its number, 32 times.
final class CodecKeysSamples {
  private CodecKeysSamples() {}

  static CodecKeys only(String id, int number) {
    return CodecKeys.of(id, Map.of(id, bytes(number)));
  }

  static byte[] bytes(int number) {
    var key = new byte[32];
    Arrays.fill(key, (byte) number);
    return key;
  }

  /// Bytes as text in which every ASCII word of them can be found.
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
