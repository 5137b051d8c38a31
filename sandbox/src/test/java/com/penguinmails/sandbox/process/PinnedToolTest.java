package com.penguinmails.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PinnedToolTest {
  @Test
  void versionsAreThoseOfThePins() throws Exception {
    var pins =
        Files.readAllLines(Path.of("..", "tools", "pins")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.split("\\s+", 3))
            .map(words -> words[0] + " " + words[1])
            .toList();

    var ours = Arrays.stream(PinnedTool.values()).map(tool -> tool + " " + tool.version()).toList();

    assertThat(ours).containsExactlyInAnyOrderElementsOf(pins);
  }

  @ParameterizedTest
  @CsvSource({
    "'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)',true",
    "temporal version v1.5.1,true",
    "temporal version 1.5.10 (Server 1.29.1),false",
    "temporal version 0.0.0-DEV (Server 1.29.1),false"
  })
  void takesFromPathOnlyWhatSaysItsVersion(String said, boolean isPinned, @TempDir Path directory)
      throws IOException {
    var program = directory.resolve("temporal");
    Files.writeString(program, "#!/bin/sh\necho '%s'\n".formatted(said));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

    assertThat(PinnedTool.TEMPORAL.isPinned(program)).isEqualTo(isPinned);
  }
}
