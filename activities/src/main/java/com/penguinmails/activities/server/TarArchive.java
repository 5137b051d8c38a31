package com.penguinmails.activities.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SortedMap;

/// A tar (POSIX ustar) of plain files: the same files give the same bytes. Owner, mode and time are
/// fixed; whoever unpacks decides them.
final class TarArchive {
  private static final int BLOCK = 512;
  private static final int NAME_LIMIT = 100;

  private TarArchive() {}

  /// @param files content by relative path
  static byte[] of(SortedMap<String, byte[]> files) {
    var out = new ByteArrayOutputStream();
    files.forEach((path, content) -> {
      out.writeBytes(header(path, content.length));
      out.writeBytes(content);
      out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    });
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  private static byte[] header(String path, int size) {
    var name = path.getBytes(StandardCharsets.US_ASCII);
    if (name.length > NAME_LIMIT) {
      throw new IllegalArgumentException("path too long for a tar: " + path);
    }
    var block = new byte[BLOCK];
    System.arraycopy(name, 0, block, 0, name.length);
    put(block, 100, "0000600\0");
    put(block, 108, "0000000\0");
    put(block, 116, "0000000\0");
    put(block, 124, "%011o\0".formatted(size));
    put(block, 136, "00000000000\0");
    Arrays.fill(block, 148, 156, (byte) ' ');
    block[156] = '0';
    put(block, 257, "ustar\00000");
    var sum = 0;
    for (var b : block) {
      sum += b & 0xff;
    }
    put(block, 148, "%06o\0 ".formatted(sum));
    return block;
  }

  private static void put(byte[] block, int offset, String text) {
    var bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }
}
