package com.penguinmails.sandbox.secret;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Finds secrets in bytes: as they are, hexadecimal, or in base64 at any alignment and in lines of
/// any length. A piece of a secret is enough.
final class SecretSearch {
  /// Bytes of the shortest secret that can be looked for: every alignment of base64 has a window.
  static final int SHORTEST = 20;

  private static final int WINDOW =
      12; // bytes; 16 characters of base64: some remain whole around a line break
  private static final int STEP = 7; // no multiple of 3: all alignments come by
  private static final int FILTER_BITS = 22;

  private final Map<Long, List<Needle>> needles = new HashMap<>();
  private final BitSet filter = new BitSet(1 << FILTER_BITS);

  SecretSearch(Collection<Secret> secrets) {
    for (var secret : secrets) {
      for (var form : secret.forms()) {
        int step = form.length <= 4 * WINDOW ? 1 : STEP;
        for (int i = 0; i + WINDOW <= form.length; i += step) {
          add(secret.name(), Arrays.copyOfRange(form, i, i + WINDOW));
        }
      }
    }
  }

  /// Names of the secrets that are in there, whole or in part.
  Set<String> in(byte[] haystack) {
    var found = new TreeSet<String>();
    long last = 0;
    for (int i = 0; i < haystack.length; i++) {
      last = (last << Byte.SIZE) | (haystack[i] & 0xff);
      if (i >= Long.BYTES - 1 && filter.get(place(last))) {
        look(haystack, i - Long.BYTES + 1, last, found);
      }
    }
    return found;
  }

  /// Names of the secrets that are in the text.
  Set<String> in(String text) {
    return in(text.getBytes(StandardCharsets.UTF_8));
  }

  private void look(byte[] haystack, int at, long first, Set<String> found) {
    for (var needle : needles.getOrDefault(first, List.of())) {
      var bytes = needle.bytes();
      if (at + bytes.length <= haystack.length
          && Arrays.equals(haystack, at, at + bytes.length, bytes, 0, bytes.length)) {
        found.add(needle.secret());
      }
    }
  }

  private void add(String secret, byte[] window) {
    put(secret, window);
    put(secret, ascii(HexFormat.of().formatHex(window)));
    put(secret, ascii(HexFormat.of().withUpperCase().formatHex(window)));
    put(secret, Base64.getEncoder().encode(window));
    put(secret, Base64.getUrlEncoder().encode(window));
  }

  private void put(String secret, byte[] bytes) {
    long first = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      first = (first << Byte.SIZE) | (bytes[i] & 0xff);
    }
    filter.set(place(first));
    needles.computeIfAbsent(first, _ -> new ArrayList<>()).add(new Needle(secret, bytes));
  }

  private static int place(long first) {
    return (int) ((first * 0x9E3779B97F4A7C15L) >>> (Long.SIZE - FILTER_BITS));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Needle(String secret, byte[] bytes) {}
}
