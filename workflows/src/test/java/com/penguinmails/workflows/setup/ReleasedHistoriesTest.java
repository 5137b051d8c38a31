package com.penguinmails.workflows.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Histories that were released stay as they are: a directory for each release, with the checksum
/// of each file, written when the release is made: `docs/changing-workflows.md`.
class ReleasedHistoriesTest {
  private static final String SUMS = "SHA256SUMS";

  @Test
  void areAsTheyWereReleased() throws IOException {
    var releases = releases();

    assertThat(releases).contains("0.1.0");
    for (var release : releases) {
      var directory = GoldenHistories.of(release);
      assertThat(sums(directory)).as(release).isEqualTo(recordedSums(directory));
    }
  }

  /// Nothing else is there: each history belongs to a release or to the one that is being made.
  @Test
  void belongToARelease() throws IOException {
    var coming = GoldenHistories.comingRelease();

    try (var all = Files.list(GoldenHistories.DIRECTORY)) {
      assertThat(all.filter(Files::isDirectory).map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(releases().stream(), Stream.of(coming)).toList());
    }
    assertThat(Files.exists(GoldenHistories.of(coming).resolve(SUMS)))
        .as("%s is being made: its histories are not closed yet", coming)
        .isFalse();
  }

  @Test
  void aChangedRemovedOrAddedFileIsSeen(@TempDir Path directory) throws IOException {
    Files.writeString(directory.resolve("one.json"), "{}");
    Files.writeString(directory.resolve("two.json"), "{}");
    var before = sums(directory);

    Files.writeString(directory.resolve("one.json"), "{ }");
    assertThat(sums(directory)).isNotEqualTo(before);
    Files.writeString(directory.resolve("one.json"), "{}");
    assertThat(sums(directory)).isEqualTo(before);
    Files.delete(directory.resolve("two.json"));
    assertThat(sums(directory)).isNotEqualTo(before);
  }

  @Test
  void areNotRecordedAgain() throws IOException {
    var known =
        GoldenHistories.of(GoldenHistories.comingRelease())
            .resolve("setup")
            .resolve("looks-again.json");
    var history = GoldenHistories.read(known);

    assertThatThrownBy(() -> GoldenHistories.keep(history, "setup", "looks-again"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  private static List<String> releases() throws IOException {
    try (var all = Files.list(GoldenHistories.DIRECTORY)) {
      return all.filter(directory -> Files.exists(directory.resolve(SUMS)))
          .map(directory -> directory.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /// Of every file in it and below, by its path.
  private static Map<String, String> sums(Path directory) throws IOException {
    var sums = new TreeMap<String, String>();
    try (var files = Files.walk(directory)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        if (!file.endsWith(SUMS)) {
          sums.put(directory.relativize(file).toString(), sha256(Files.readAllBytes(file)));
        }
      }
    }
    return sums;
  }

  private static Map<String, String> recordedSums(Path directory) throws IOException {
    return Files.readAllLines(directory.resolve(SUMS)).stream()
        .map(line -> line.split(" [ *]", 2))
        .collect(Collectors.toMap(line -> line[1], line -> line[0]));
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
