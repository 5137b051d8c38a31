package com.penguinmails.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

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
}
