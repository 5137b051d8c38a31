package com.penguinmails.sandbox.host;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// Reads an archive of plain files (POSIX ustar), as `tar -x` would.
final class Tar {
  private static final int BLOCK = 512;

  private Tar() {}

  /// @throws HelperFailed it holds more than files, or a path that leads out of it
  static SortedMap<String, String> files(byte[] archive) {
    var files = new TreeMap<String, String>();
    int at = 0;
    while (at + BLOCK <= archive.length && archive[at] != 0) {
      var path = text(archive, at, 100);
      int size = Integer.parseInt(text(archive, at + 124, 12).strip(), 8);
      char kind = (char) archive[at + 156];
      if (kind != '0' && kind != '5') {
        throw new HelperFailed(HelperFailed.NOT_ACCEPTABLE, "the bundle holds more than files");
      }
      if (path.startsWith("/") || Arrays.asList(path.split("/")).contains("..")) {
        throw new HelperFailed(HelperFailed.NOT_ACCEPTABLE, "a path leaves the bundle");
      }
      at += BLOCK;
      if (kind == '0') {
        files.put(path, new String(archive, at, size, UTF_8));
      }
      at += (size + BLOCK - 1) / BLOCK * BLOCK;
    }
    return files;
  }

  private static String text(byte[] archive, int at, int length) {
    int end = at;
    while (end < at + length && archive[end] != 0) {
      end++;
    }
    return new String(archive, at, end - at, US_ASCII);
  }
}
