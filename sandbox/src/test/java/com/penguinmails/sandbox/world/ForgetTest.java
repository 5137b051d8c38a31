package com.penguinmails.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./penguin demo --remove` and `--fresh` take away what a world keeps in a directory, and nothing
/// of anybody else's.
class ForgetTest {
  @TempDir private Path directory;

  @Test
  void touchesNothingWhereThereIsNoWorld() throws IOException {
    var keys = Files.createFile(Files.createDirectory(directory.resolve("keys")).resolve("mine"));

    SandboxWorld.forget(plan());

    assertThat(keys).exists();
  }

  @Test
  void removesAWorldAndLeavesWhatLiesBesideIt() throws IOException {
    Files.writeString(directory.resolve("world.properties"), "depth=SIMULATED\n");
    Files.createFile(Files.createDirectory(directory.resolve("keys")).resolve("a.keys"));
    Files.createDirectories(directory.resolve("mail").resolve("700100"));
    var other = Files.createDirectory(directory.resolve("mail-archive"));

    SandboxWorld.forget(plan());

    assertThat(directory.resolve("world.properties")).doesNotExist();
    assertThat(directory.resolve("keys")).doesNotExist();
    assertThat(directory.resolve("mail")).doesNotExist();
    assertThat(other).exists();
  }

  private SandboxWorld.Plan plan() {
    return SandboxWorld.Plan.in(directory, Depth.SIMULATED, (_, _) -> {});
  }
}
